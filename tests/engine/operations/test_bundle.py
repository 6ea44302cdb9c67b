"""`mlops bundle` and the real engine understand each other; the state is made up, nothing is up."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.engine import ENGINE
from sandbox.toolbox import Group, Silent, obtain
from tests.infra.cli.client_outputs import outputs

pytestmark = pytest.mark.engine

SECRET_KEY = "4dabf18193072939515e22adb298388d"
"""Under this key a state holds the mark that tells a secret from any other map."""
SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270"
STACK_URN = "urn:pulumi:fraud-dev::mlops::pulumi:pulumi:Stack::mlops-fraud-dev"

Done = subprocess.CompletedProcess[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with a state of its own, in which fraud-dev has no outputs yet."""
    engine = obtain(Group.PULUMI, Silent())[ENGINE]
    monkeypatch.setenv("PATH", f"{engine.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path}/state")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "test")
    monkeypatch.setenv("PULUMI_SKIP_UPDATE_CHECK", "true")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "state").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: mlops\nruntime: python\n")
    assert run(str(engine), "stack", "init", "fraud-dev").returncode == 0
    return tmp_path


def run(*command: str) -> Done:
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


def bundle(stack: str) -> Done:
    return run(str(Path(sys.executable).with_name("mlops")), "bundle", stack)


def secret(value: str) -> dict[str, str]:
    return {SECRET_KEY: SECRET_MARK, "plaintext": json.dumps(value)}


def test_a_stack_without_outputs_is_not_up(project: Path) -> None:
    done = bundle("fraud-dev")
    assert (done.returncode, done.stdout) == (1, "")
    assert "fraud-dev is not up" in done.stderr


def test_an_unknown_stack_is_refused_in_the_words_of_the_engine(project: Path) -> None:
    done = bundle("nobody-dev")
    assert done.returncode == 1
    assert (
        "pulumi cannot tell the outputs of nobody-dev: no stack named 'nobody-dev'" in done.stderr
    )


def test_the_outputs_become_a_bundle_and_other_secrets_stay_secret(project: Path) -> None:
    told = outputs()
    told |= {"kubeconfig": secret(told["kubeconfig"]), "another": secret("hidden-from-everybody")}
    state = json.loads(run(ENGINE, "stack", "export", "--stack", "fraud-dev").stdout)
    state["deployment"]["resources"] = [
        {"urn": STACK_URN, "type": "pulumi:pulumi:Stack", "custom": False, "outputs": told}
    ]
    (project / "state.json").write_text(json.dumps(state))
    imported = run(ENGINE, "stack", "import", "--stack", "fraud-dev", "--file", "state.json")
    assert imported.returncode == 0, imported.stderr
    done = bundle("fraud-dev")
    assert done.returncode == 0, done.stderr
    texts = {file.name: file.read_text() for file in Path("bundles").rglob("*") if file.is_file()}
    assert set(texts) == {".env", "config", "spark-defaults.conf", "kubeconfig"}
    assert "server: https://cluster.example.com" in texts["kubeconfig"]
    assert not any("hidden-from-everybody" in text for text in texts.values())
