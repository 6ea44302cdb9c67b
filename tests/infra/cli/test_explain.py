"""`mlops explain` says where every value came from, also in a file that is wrong."""

import json
from typing import Any

import pytest

from infra.config.model import DedicatedEnvironment
from tests.infra.cli.conftest import Mlops
from tests.infra.cli.stack_folder import StackFolder
from tests.keys import all_keys


@pytest.fixture
def fraud(stacks: StackFolder) -> StackFolder:
    """Write a stack file, and an organisation that says something about it."""
    stacks.write("fraud-dev", "quota: {cpu: 32}", "tags: {data-class: internal}")
    stacks.write_defaults("quota:", "  cpu: 24", "  pods: 60")
    return stacks


def document(mlops: Mlops, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(mlops("explain", *arguments, "--json").stdout)
    return found


def row(output: str, key: str) -> str:
    (line,) = (line for line in output.splitlines() if line.split(" ")[0] == key)
    return " ".join(line.split())


def test_every_key_has_a_value_and_a_layer(mlops: Mlops, fraud: StackFolder) -> None:
    result = mlops("explain", "fraud-dev")
    assert result.exit_code == 0
    assert "Stack file: stacks/Pulumi.fraud-dev.yaml" in result.stdout
    assert "Organisation: stacks/defaults.yaml" in result.stdout
    assert row(result.stdout, "aws:region") == "aws:region eu-west-1 stack file, line 2"
    assert row(result.stdout, "quota.cpu") == "quota.cpu 32 stack file, line 9"
    assert row(result.stdout, "quota.pods") == "quota.pods 60 organisation, line 5"
    assert row(result.stdout, "quota.gpu") == "quota.gpu 0 package default"
    assert row(result.stdout, "network.nat") == "network.nat one stage profile"
    assert row(result.stdout, "tags.data-class") == "tags.data-class internal stack file, line 10"
    told = {each["key"] for each in document(mlops, "fraud-dev")["settings"]}
    assert all_keys(DedicatedEnvironment) - told == {"tags"}


def test_one_key_is_told_with_all_that_is_known(mlops: Mlops, fraud: StackFolder) -> None:
    result = mlops("explain", "fraud-dev", "quota.cpu")
    assert result.exit_code == 0
    assert result.stdout == (
        "quota.cpu: 32\n"
        "Virtual CPUs.\n"
        "\n"
        "from       stack file, stacks/Pulumi.fraud-dev.yaml:9\n"
        "overrides  24, organisation, stacks/defaults.yaml:4\n"
        "overrides  16, stage profile\n"
        "default    16 in dev, 32 in stage, 64 in prod\n"
        "allowed    a whole number from 2 to 10000\n"
    )


def test_a_block_is_told_key_by_key(mlops: Mlops, fraud: StackFolder) -> None:
    result = mlops("explain", "fraud-dev", "quota")
    assert result.stdout.startswith("quota: What the team's pods may request together.\n")
    assert row(result.stdout, "quota.pods") == "quota.pods 60 organisation, line 5"
    assert "network" not in result.stdout


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("aws:region", ["aws:region: eu-west-1", "default    none"]),
        ("tags.data-class", ["tags.data-class: internal", "Further tags"]),
        ("quota.gpu", ["quota.gpu: 0", "default    0 in every stage"]),
        ("ci.state.bucket_arn", ["ci.state.bucket_arn: null", "nobody", "the ARN of an S3 bucket"]),
        ("ci.state", ["ci.state: null", "package default", "or nothing"]),
    ],
)
def test_keys_of_every_kind_are_known(
    mlops: Mlops, fraud: StackFolder, key: str, parts: list[str]
) -> None:
    result = mlops("explain", "fraud-dev", key)
    assert result.exit_code == 0
    assert all(part in result.stdout for part in parts), result.stdout


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("quota.cup", "quota.cup is no key of fraud-dev. Did you mean quota.cpu?"),
        ("multi_az", "Did you mean registry.multi_az?"),
        ("platform", "whose kind is dedicated; it is one of the kind shared."),
        ("zzz", "zzz is no key of fraud-dev. `mlops explain fraud-dev` lists them."),
    ],
)
def test_an_unknown_key_is_wrong_usage(
    mlops: Mlops, fraud: StackFolder, key: str, sentence: str
) -> None:
    result = mlops("explain", "fraud-dev", key)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_the_document_of_one_key(mlops: Mlops, fraud: StackFolder) -> None:
    found = document(mlops, "fraud-dev", "quota.cpu")
    assert (found["stack"], found["kind"], found["ok"]) == ("fraud-dev", "dedicated", True)
    assert (found["key"], found["description"]) == ("quota.cpu", "Virtual CPUs.")
    assert found["settings"] == [
        {
            "key": "quota.cpu",
            "value": 32,
            "layer": "stack file",
            "file": "stacks/Pulumi.fraud-dev.yaml",
            "line": 9,
            "description": "Virtual CPUs.",
            "allowed": "a whole number from 2 to 10000",
            "defaults": {"dev": 16, "stage": 32, "prod": 64},
            "overrides": [
                {
                    "value": 24,
                    "layer": "organisation",
                    "file": "stacks/defaults.yaml",
                    "line": 4,
                },
                {"value": 16, "layer": "stage profile", "file": None, "line": None},
            ],
        }
    ]


def test_a_wrong_file_is_told_with_its_findings(mlops: Mlops, fraud: StackFolder) -> None:
    fraud.write("fraud-dev", "quota: {cpu: '[red]lots[/]', cup: 3}")
    result = mlops("explain", "fraud-dev")
    assert result.exit_code == 1
    assert row(result.stdout, "quota.cpu") == 'quota.cpu "[red]lots[/]" stack file, line 9'
    assert row(result.stdout, "quota.cup") == "quota.cup 3 stack file, line 9"
    assert row(result.stdout, "quota.pods") == "quota.pods 60 organisation, line 5"
    findings = result.stdout.splitlines()[-2:]
    assert [line.partition(" is ")[0] for line in findings] == [
        "stacks/Pulumi.fraud-dev.yaml:9: quota.cpu",
        "stacks/Pulumi.fraud-dev.yaml:9: quota.cup",
    ]
    found = document(mlops, "fraud-dev", "quota.cup")
    assert (found["ok"], len(found["findings"])) == (False, 2)
    assert found["settings"][0]["description"] is None


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("tags: {note: AKIAABCDEFGHIJKLMNOP}", "tags.note"),
        ("tags: {note: {secure: AKIAABCDEFGHIJKLMNOP}}", "tags.note.…"),
        ("tags: {AKIAABCDEFGHIJKLMNOP: internal}", "tags.…"),
        ("monitoring: {alerts: {emails: [AKIAABCDEFGHIJKLMNOP]}}", "monitoring.alerts.emails"),
    ],
)
def test_a_secret_is_not_repeated(mlops: Mlops, stacks: StackFolder, line: str, key: str) -> None:
    stacks.write("fraud-dev", line)
    result = mlops("explain", "fraud-dev")
    assert result.exit_code == 1
    assert row(result.stdout, key) == f'{key} "…" stack file, line 9'
    told = mlops("explain", "fraud-dev", key, "--json")
    assert "AKIA" not in result.output + told.output


def test_an_overridden_secret_is_not_repeated(mlops: Mlops, fraud: StackFolder) -> None:
    fraud.write_defaults("tags: {data-class: AKIAABCDEFGHIJKLMNOP}")
    result = mlops("explain", "fraud-dev", "tags.data-class")
    assert 'overrides  "…", organisation, stacks/defaults.yaml:3' in result.stdout
    assert "AKIA" not in result.stdout


def test_a_file_that_is_no_yaml_has_findings_only(mlops: Mlops, stacks: StackFolder) -> None:
    stacks.write_text("fraud-dev", "config: [\n")
    result = mlops("explain", "fraud-dev")
    assert result.exit_code == 1
    assert "stacks/Pulumi.fraud-dev.yaml:2: is not valid YAML" in result.stdout
    one = mlops("explain", "fraud-dev", "quota.cpu", "--json")
    assert one.exit_code == 1
    assert "is not valid YAML" in json.loads(one.stdout)["error"]


def test_an_unknown_stack_is_wrong_usage(mlops: Mlops, fraud: StackFolder) -> None:
    result = mlops("explain", "fraud-dve")
    assert result.exit_code == 2
    assert "Did you mean fraud-dev?" in result.stderr
