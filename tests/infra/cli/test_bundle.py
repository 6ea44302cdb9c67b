"""`mlops bundle` asks the engine, writes what it says, and overwrites nothing of others."""

import json
from pathlib import Path

import pytest

from tests.infra.cli.client_outputs import outputs
from tests.infra.cli.conftest import Mlops
from tests.infra.cli.stack_folder import StackFolder

FILES = [".env", ".dvc/config", "spark-defaults.conf", "kubeconfig"]


@pytest.fixture
def saved(stacks: StackFolder) -> Path:
    """Save the outputs of a stack in a file."""
    file = stacks.path.parent / "outputs.json"
    file.write_text(json.dumps(outputs()))
    return file


@pytest.fixture
def engine(stacks: StackFolder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program on PATH that stands for the engine: it tells what a file beside it holds."""
    folder = stacks.path.parent / "bin"
    folder.mkdir()
    program = folder / "pulumi"
    program.write_text(
        "#!/bin/sh\n"
        f'echo "$PWD: $*" >> {folder}/calls\n'
        f'case "$*" in\n'
        f'  *unknown-dev*) echo "error: no stack named unknown-dev found" >&2; exit 255;;\n'
        f"  *kubeconfig*--show-secrets*) cat {folder}/kubeconfig;;\n"
        f"  *--json*) cat {folder}/outputs;;\n"
        "esac\n"
    )
    program.chmod(0o755)
    (folder / "outputs").write_text(json.dumps(outputs(kubeconfig="[secret]")))
    (folder / "kubeconfig").write_text(outputs()["kubeconfig"])
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return folder


def test_it_asks_the_engine_and_shows_no_secret_but_the_kubeconfig(
    mlops: Mlops, engine: Path
) -> None:
    result = mlops("bundle", "fraud-dev")
    assert result.exit_code == 0
    folder = Path("bundles/fraud-dev")
    assert result.stdout == f"Wrote {', '.join(FILES)} to {folder}.\n"
    assert sorted(
        str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()
    ) == sorted(FILES)
    common = f"{engine.parent}: stack output --non-interactive --stack fraud-dev"
    assert (engine / "calls").read_text().splitlines() == [
        f"{common} --json",
        f"{common} kubeconfig --show-secrets",
    ]


def test_only_its_owner_can_read_the_kubeconfig(mlops: Mlops, saved: Path) -> None:
    for _ in range(2):
        assert mlops("bundle", "fraud-dev", "--outputs", str(saved), "--out", "b").exit_code == 0
        assert Path("b/kubeconfig").stat().st_mode & 0o777 == 0o600
        assert Path("b/.env").stat().st_mode & 0o777 == 0o644
        Path("b/kubeconfig").chmod(0o644)


def test_it_needs_neither_engine_nor_project_for_saved_outputs(
    mlops: Mlops,
    saved: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    monkeypatch.setenv("PATH", "")
    result = mlops("bundle", "fraud-dev", "--outputs", str(saved), "--json")
    assert json.loads(result.stdout) == {
        "stack": "fraud-dev",
        "folder": "bundles/fraud-dev",
        "files": FILES,
        "left_out": [],
    }


def test_a_secret_kubeconfig_is_left_out_and_it_says_so(mlops: Mlops, saved: Path) -> None:
    saved.write_text(json.dumps(outputs(kubeconfig="[secret]")))
    arguments = ["bundle", "fraud-dev", "--outputs", str(saved)]
    result = mlops(*arguments)
    assert result.exit_code == 0
    assert "Left out kubeconfig" in result.stdout
    assert json.loads(mlops(*arguments, "--json").stdout)["left_out"] == ["kubeconfig"]
    assert not Path("bundles/fraud-dev/kubeconfig").exists()


@pytest.mark.parametrize("path", [".env", ".dvc/config"])
def test_a_file_of_others_stays_and_then_nothing_is_written(
    mlops: Mlops, saved: Path, path: str
) -> None:
    file = Path("mine") / path
    file.parent.mkdir(parents=True)
    file.write_text("[core]\n")
    result = mlops("bundle", "fraud-dev", "--outputs", str(saved), "--out", "mine")
    assert result.exit_code == 1
    assert f"mine/{path} is not from a bundle" in result.stderr
    assert file.read_text() == "[core]\n"
    assert [each for each in Path("mine").rglob("*") if each.is_file()] == [file]


def test_an_older_bundle_is_made_anew(mlops: Mlops, saved: Path) -> None:
    arguments = ["bundle", "fraud-dev", "--outputs", str(saved)]
    mlops(*arguments)
    saved.write_text(json.dumps(outputs(artifactBucket="another-bucket")))
    assert mlops(*arguments).exit_code == 0
    assert "s3://another-bucket/dvc" in Path("bundles/fraud-dev/.dvc/config").read_text()


def test_a_stack_that_the_engine_does_not_know_is_refused(mlops: Mlops, engine: Path) -> None:
    result = mlops("bundle", "unknown-dev", "--json")
    assert result.exit_code == 1
    sentence = "pulumi cannot tell the outputs of unknown-dev: no stack named unknown-dev found"
    assert sentence in result.stderr
    assert json.loads(result.stdout) == {"error": sentence}


def test_a_stack_that_is_not_up_is_refused(mlops: Mlops, engine: Path) -> None:
    (engine / "outputs").write_text("{}\n")
    result = mlops("bundle", "fraud-dev")
    assert result.exit_code == 1
    assert "fraud-dev is not up" in result.stderr
    assert not Path("bundles").exists()


def test_without_the_engine_it_says_how_to_do_without(
    mlops: Mlops, stacks: StackFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    result = mlops("bundle", "fraud-dev")
    assert result.exit_code == 1
    assert "There is no pulumi on PATH" in result.stderr
    assert "--outputs FILE" in result.stderr


@pytest.mark.parametrize(("text", "code"), [(b"no", 2), (b"[]", 2), (b"\xff", 2), (None, 1)])
def test_a_file_without_outputs_is_refused(
    mlops: Mlops, saved: Path, text: bytes | None, code: int
) -> None:
    if text is None:
        saved.unlink()
    else:
        saved.write_bytes(text)
    result = mlops("bundle", "fraud-dev", "--outputs", str(saved))
    assert result.exit_code == code
    assert "outputs.json" in result.stderr
