"""`mlops diff` says in what two stacks differ and nothing else."""

import json
from typing import Any

import pytest

from tests.infra.cli.conftest import Mlops
from tests.infra.cli.stack_folder import StackFolder

PLATFORM = """\
config:
  aws:region: eu-west-1
  mlops:platform:
    stage: dev
    owner: {email: platform@example.com, cost_center: "4000"}
    ci: {github: {repository: example/platform, repository_id: "1"}}
    budget: {monthly_usd: 900}
    network: {cidr: 10.11.0.0/16}
"""


@pytest.fixture
def fraud(stacks: StackFolder) -> StackFolder:
    """Write the files of one team in two stages."""
    stacks.write("fraud-dev", "tags: {data-class: internal}")
    stacks.write("fraud-prod", "network: {cidr: 10.40.0.0/16}")
    return stacks


def differences(mlops: Mlops, *arguments: str) -> dict[str, Any]:
    found = json.loads(mlops("diff", *arguments, "--json").stdout)
    return {each["key"]: (each["a"], each["b"]) for each in found["differences"]}


def test_each_difference_has_both_values_and_layers(mlops: Mlops, fraud: StackFolder) -> None:
    result = mlops("diff", "fraud-dev", "fraud-prod")
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[0] == "Key fraud-dev fraud-prod"
    assert "network.cidr 10.10.0.0/16 (stage profile) 10.40.0.0/16 (stack file)" in lines
    assert "registry.multi_az false (stage profile) true (stage profile)" in lines
    assert "tags.data-class internal (stack file) not set" in lines
    assert not any(line.startswith(("team", "quota.gpu", "owner")) for line in lines)
    assert lines[-1].startswith(f"{len(lines) - 3} settings differ, ")


def test_the_document_says_who_said_so(mlops: Mlops, fraud: StackFolder) -> None:
    found = differences(mlops, "fraud-dev", "fraud-prod")
    assert found["network.cidr"] == (
        {"value": "10.10.0.0/16", "layer": "stage profile", "file": None, "line": None},
        {
            "value": "10.40.0.0/16",
            "layer": "stack file",
            "file": "stacks/Pulumi.fraud-prod.yaml",
            "line": 9,
        },
    )
    assert found["tags.data-class"][1] is None
    assert "tags" not in found, "an empty map is no value of its own"


def test_it_is_the_same_from_both_sides(mlops: Mlops, fraud: StackFolder) -> None:
    there = differences(mlops, "fraud-dev", "fraud-prod")
    back = differences(mlops, "fraud-prod", "fraud-dev")
    assert back == {key: (b, a) for key, (a, b) in there.items()}


def test_a_stack_does_not_differ_from_itself(mlops: Mlops, fraud: StackFolder) -> None:
    result = mlops("diff", "fraud-dev", "fraud-dev", "--exit-code")
    assert result.exit_code == 0
    assert result.stdout.startswith("0 settings differ, ")


def test_the_exit_code_tells_if_one_asks(mlops: Mlops, fraud: StackFolder) -> None:
    assert mlops("diff", "fraud-dev", "fraud-prod", "--exit-code").exit_code == 1
    assert mlops("diff", "fraud-dev", "fraud-prod", "--exit-code", "--json").exit_code == 1


def test_kinds_may_differ_too(mlops: Mlops, fraud: StackFolder) -> None:
    fraud.write("risk-dev", "tenancy: shared")
    fraud.write_text("platform-dev", PLATFORM)
    found = differences(mlops, "fraud-dev", "risk-dev")
    assert found["network.nat"][1] is None
    assert found["platform"][0] is None
    assert found["tenancy"][0]["value"] == "dedicated"


def test_a_block_that_may_be_left_out_is_compared_key_by_key(
    mlops: Mlops, fraud: StackFolder
) -> None:
    file = fraud.write("risk-dev")
    state = (
        "{bucket_arn: 'arn:aws:s3:::a-state', key_arn: 'arn:aws:kms:eu-west-1:123456789012:key/1'}"
    )
    file.write_text(file.read_text().replace("ci: {", f"ci: {{state: {state}, "))
    found = differences(mlops, "fraud-dev", "risk-dev")
    assert found["ci.state.bucket_arn"][0] is None
    assert found["ci.state.bucket_arn"][1]["value"] == "arn:aws:s3:::a-state"
    assert "ci.state" not in found


def test_a_wrong_file_cannot_be_compared(mlops: Mlops, fraud: StackFolder) -> None:
    fraud.write("risk-dev", "quota: {cpu: lots}")
    result = mlops("diff", "fraud-dev", "risk-dev", "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert [finding["key"] for finding in document["findings"]] == ["quota.cpu"]
    assert "Only stack files that are right can be compared" in document["error"]
    assert "quota.cpu is" in result.stderr
    assert mlops("diff", "fraud-dev", "fraud-prod").exit_code == 0


def test_an_unknown_stack_is_wrong_usage(mlops: Mlops, fraud: StackFolder) -> None:
    result = mlops("diff", "fraud-dev", "fraud-prd")
    assert result.exit_code == 2
    assert "Did you mean fraud-prod?" in result.stderr
