"""What a stack exports."""

import json
from typing import Any

import pytest

from tests.graph.program import STACKS, graph_of

SECRET_MARK = "4dabf18193072939515e22adb298388d"
NAMES = {
    "alertsTopicArn",
    "artifactBucket",
    "ciRoleArns",
    "clusterName",
    "kubeconfig",
    "mlflowTrackingUri",
    "namespace",
    "nextSteps",
    "prometheusEndpoint",
    "registryDatabaseEndpoint",
    "registrySecretArn",
    "vpcId",
}


@pytest.fixture(params=STACKS)
def outputs(request: pytest.FixtureRequest) -> dict[str, Any]:
    return graph_of(request.param).outputs


def test_the_contract_is_complete(outputs: dict[str, Any]) -> None:
    assert set(outputs) == NAMES
    assert set(outputs["ciRoleArns"]) == {"preview", "deploy"}


def test_only_the_kubeconfig_is_secret(outputs: dict[str, Any]) -> None:
    secret = {name for name, value in outputs.items() if SECRET_MARK in json.dumps(value)}
    assert secret == {"kubeconfig"}


def test_the_kubeconfig_holds_no_credential_but_takes_the_administrator_role(
    outputs: dict[str, Any],
) -> None:
    (user,) = json.loads(outputs["kubeconfig"]["value"])["users"]
    assert set(user["user"]) == {"exec"}
    arguments = user["user"]["exec"]["args"]
    assert "get-token" in arguments
    assert "administrator-role" in arguments[arguments.index("--role-arn") + 1]


def test_every_output_is_known(outputs: dict[str, Any]) -> None:
    for name, value in outputs.items():
        assert value, name
        assert "None" not in json.dumps(value), name


def test_next_steps_name_what_was_made(outputs: dict[str, Any]) -> None:
    steps = "\n".join(outputs["nextSteps"])
    assert f"--name {outputs['clusterName']} --role-arn arn:aws:iam::" in steps
    assert f"kubectl port-forward --namespace {outputs['namespace']} service/" in steps
    assert outputs["ciRoleArns"]["deploy"] in steps
