"""Commands find the stack files of the project they are called in."""

from pathlib import Path

import pytest

from infra.cli.console import WrongUsage
from infra.cli.project import Project, root, shown
from tests.infra.cli.stack_folder import StackFolder


def test_the_project_is_found_from_below(
    stacks: StackFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = stacks.write("fraud-dev")
    (stacks.path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(stacks.path / "deep" / "er")
    assert root() == stacks.path.parent
    assert Project.find(None).stack_files == [file]


def test_without_a_project_one_sentence_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WrongUsage, match=r"no Pulumi\.yaml in .* or above it; .*--stacks-dir"):
        Project.find(None)
    assert Project.find(tmp_path).stack_files == []


@pytest.mark.parametrize(
    ("project", "folder"),
    [("stackConfigDir: config/all\n", "config/all"), ("name: mlops\n", "."), ("", ".")],
)
def test_the_project_says_where_its_stack_files_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: str, folder: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config" / "all").mkdir(parents=True)
    (tmp_path / "Pulumi.yaml").write_text(project)
    assert Project.find(None).folder == tmp_path / folder


@pytest.mark.parametrize(
    ("project", "sentence"),
    [
        ("stackConfigDir: nowhere\n", "There is no folder nowhere"),
        ("a: [\n", "Pulumi.yaml is not valid YAML"),
        ("\x01", "Pulumi.yaml is not valid YAML"),
    ],
)
def test_a_project_that_cannot_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: str, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text(project)
    with pytest.raises(WrongUsage, match=sentence):
        Project.find(None)


def test_a_stack_is_found_by_its_name_only(stacks: StackFolder) -> None:
    file = stacks.write("fraud-dev")
    project = Project.find(None)
    assert project.file_of("fraud-dev") == file
    (stacks.path.parent / "Pulumi.secret-dev.yaml").touch()
    for name in ("fraud-prod", "../stacks/Pulumi.fraud-dev", "", "../Pulumi.secret-dev"):
        with pytest.raises(WrongUsage, match="Stacks: fraud-dev"):
            project.file_of(name)


def test_paths_are_shown_as_one_would_type_them(
    stacks: StackFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = stacks.write("fraud-dev")
    assert shown(file) == "stacks/Pulumi.fraud-dev.yaml"
    monkeypatch.chdir(stacks.path)
    assert shown(file) == "Pulumi.fraud-dev.yaml"
    assert shown(Path("/elsewhere/file")) == "/elsewhere/file"
