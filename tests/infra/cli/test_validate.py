"""`mlops validate` says everything that is wrong, where it is, and in three forms."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.infra.cli.conftest import Mlops
from tests.infra.cli.stack_folder import StackFolder

WRONG = ("quota: {cpu: lots}", "bugdet: {}")


@pytest.fixture
def two(stacks: StackFolder) -> StackFolder:
    """One right file and one with two errors."""
    stacks.write("fraud-dev")
    stacks.write("bb-dev", *WRONG)
    return stacks


def test_right_files_are_fine(mlops: Mlops, stacks: StackFolder) -> None:
    stacks.write("fraud-dev")
    result = mlops("validate")
    assert result.exit_code == 0
    assert result.stdout == "1 stack file checked, nothing is wrong.\n"


def test_every_finding_of_every_file_is_said_at_once(mlops: Mlops, two: StackFolder) -> None:
    two.write("cc-dev", "logs: {retention_days: 15}")
    result = mlops("validate")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line.partition(" ")[0] for line in lines if line.startswith("stacks/")] == [
        "stacks/Pulumi.bb-dev.yaml:9:",
        "stacks/Pulumi.bb-dev.yaml:10:",
        "stacks/Pulumi.cc-dev.yaml:9:",
    ]
    assert 'quota.cpu is "lots"; allowed: a whole number from 2 to 10000' in lines[0]
    assert "did you mean budget?" in lines[1]
    assert lines[2] == "", "files stand apart"
    assert lines[-1] == "3 stack files checked, 2 wrong, 3 findings."


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["fraud-dev"], 0),
        (["stacks/Pulumi.fraud-dev.yaml"], 0),
        (["bb-dev"], 1),
        (["stacks/Pulumi.bb-dev.yaml"], 1),
        (["fraud-dev", "stacks/Pulumi.bb-dev.yaml"], 1),
        (["stacks/defaults.yaml"], 1),
    ],
)
def test_files_and_stacks_can_be_named(
    mlops: Mlops, two: StackFolder, arguments: list[str], code: int
) -> None:
    two.write_defaults("quota: {pods: 60}")
    assert mlops("validate", *arguments).exit_code == code


def test_a_file_outside_of_any_project_is_read_with_the_defaults_beside_it(
    mlops: Mlops, stacks: StackFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = stacks.write("fraud-dev")
    stacks.write_defaults("quota: {pods: 2}")
    monkeypatch.chdir("/")
    result = mlops("validate", str(file))
    assert result.exit_code == 1
    assert f"{stacks.path.relative_to('/')}/defaults.yaml:3: quota.pods is 2" in result.stdout


def test_a_wrong_default_is_one_finding_however_many_stacks_it_hits(
    mlops: Mlops, stacks: StackFolder
) -> None:
    for stack in ("fraud-dev", "fraud-stage", "fraud-prod"):
        stacks.write(stack)
    stacks.write_defaults("quota: {pods: 2}")
    result = mlops("validate")
    assert result.stdout.count("quota.pods") == 1
    assert "3 stack files checked, 3 wrong, 1 finding." in result.stdout
    document = json.loads(mlops("validate", "--json").stdout)
    assert [file["ok"] for file in document["files"]] == [False] * 3


def test_the_document_names_every_file_and_finding(mlops: Mlops, two: StackFolder) -> None:
    two.write_text("none-dev", "config: {}\n")
    result = mlops("validate", "--json")
    assert result.exit_code == 1
    assert result.stderr == ""
    document: dict[str, Any] = json.loads(result.stdout)
    assert document["ok"] is False
    assert document["counts"] == {"files": 3, "wrong": 2, "findings": 4}
    wrong, right, unknown = document["files"]
    assert (wrong["file"], wrong["stack"]) == ("stacks/Pulumi.bb-dev.yaml", "bb-dev")
    assert (wrong["kind"], wrong["ok"]) == ("dedicated", False)
    assert wrong["findings"][0] == {
        "key": "quota.cpu",
        "problem": 'is "lots"; allowed: a whole number from 2 to 10000',
        "file": "stacks/Pulumi.bb-dev.yaml",
        "line": 9,
    }
    assert (right["stack"], right["ok"], right["findings"]) == ("fraud-dev", True, [])
    assert unknown["kind"] is None


def test_annotations_for_github(mlops: Mlops, two: StackFolder) -> None:
    two.write("cc,100%-dev")
    result = mlops("validate", "--format", "github")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == (
        '::error file=stacks/Pulumi.bb-dev.yaml,line=9::quota.cpu is "lots"; '
        "allowed: a whole number from 2 to 10000"
    )
    assert lines[2].startswith("::error file=stacks/Pulumi.cc%2C100%25-dev.yaml,line=4::team is ")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("fraud-dex", "There is no stack file of fraud-dex in stacks. Did you mean fraud-dev?"),
        ("stacks/Pulumi.x-dev.yaml", "stacks/Pulumi.x-dev.yaml is no file"),
        ("stacks", "stacks is no file"),
        ("other.yaml", "other.yaml is no stack file: its name tells the stack"),
    ],
)
def test_what_cannot_be_checked_is_wrong_usage(
    mlops: Mlops, two: StackFolder, name: str, sentence: str
) -> None:
    (two.path.parent / "other.yaml").touch()
    result = mlops("validate", name)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert sentence in result.stderr
    assert sentence in json.loads(mlops("validate", name, "--json").stdout)["error"]


def test_a_file_that_cannot_be_read_is_a_finding_beside_the_others(
    mlops: Mlops, two: StackFolder
) -> None:
    (two.path / "Pulumi.folder-dev.yaml").mkdir()
    result = mlops("validate")
    assert "stacks/Pulumi.folder-dev.yaml: cannot be read: Is a directory" in result.stdout
    assert result.stdout.endswith("3 stack files checked, 2 wrong, 3 findings.\n")


def test_without_stack_files_there_is_nothing_to_check(mlops: Mlops, stacks: StackFolder) -> None:
    result = mlops("validate")
    assert result.exit_code == 2
    assert "There is no stack file in stacks; `mlops new` makes one." in result.stderr


def test_the_committed_stack_files_are_right(mlops: Mlops, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[3] / "docs")
    assert mlops("validate").exit_code == 0
