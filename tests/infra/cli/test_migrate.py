"""`mlops migrate` leaves current files alone, and what it cannot read as it was."""

import json

import pytest

from tests.infra.cli.conftest import Mlops
from tests.infra.cli.stack_folder import StackFolder


@pytest.mark.parametrize("arguments", [[], ["--dry-run"]])
def test_a_current_file_stays_as_it_is(
    mlops: Mlops, stacks: StackFolder, arguments: list[str]
) -> None:
    file = stacks.write("fraud-dev", "api_version: 1")
    before = file.read_bytes()
    result = mlops("migrate", str(file), *arguments)
    assert result.exit_code == 0
    assert result.stdout == "stacks/Pulumi.fraud-dev.yaml: is of the current version\n"
    assert file.read_bytes() == before


def test_a_program_gets_one_document(mlops: Mlops, stacks: StackFolder) -> None:
    file = stacks.write("fraud-dev")
    assert json.loads(mlops("migrate", str(file), "--json").stdout) == {
        "dry_run": False,
        "files": [{"file": "stacks/Pulumi.fraud-dev.yaml", "notes": []}],
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("config:\n  mlops:environment: {api_version: 99}\n", "api_version is 99"),
        ("config: [\n", "is not valid YAML"),
    ],
)
def test_what_cannot_be_rewritten_is_left_and_those_before_are_told(
    mlops: Mlops, stacks: StackFolder, text: str, sentence: str
) -> None:
    right, wrong = stacks.write("fraud-dev"), stacks.write_text("bb-dev", text)
    result = mlops("migrate", str(right), str(wrong), "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert [each["file"] for each in document["files"]] == ["stacks/Pulumi.fraud-dev.yaml"]
    assert sentence in document["error"]
    assert wrong.read_text() == text


def test_a_file_that_is_not_there_is_one_sentence(mlops: Mlops, stacks: StackFolder) -> None:
    result = mlops("migrate", "stacks/Pulumi.none-dev.yaml")
    assert result.exit_code == 1
    assert "stacks/Pulumi.none-dev.yaml: No such file or directory" in result.stderr
