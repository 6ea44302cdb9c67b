"""What a stack exports."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.config.document import from_file
from infra.config.model import DedicatedEnvironment, Platform, SharedEnvironment
from mlops.settings import PlatformConnection
from tests.graph.program import STACKS, graph_from, graph_of, of_kind

SECRET_MARK = "4dabf18193072939515e22adb298388d"
NAMES = {
    "alertsTopicArn",
    "ciRoleArns",
    "clusterName",
    "immutableSettings",
    "kubeconfig",
    "nextSteps",
    "prometheusEndpoint",
    "registryDatabaseEndpoint",
    "registrySecretArn",
    "vpcId",
}
ROLES_AND_KEY = {"iam.role_path": "/mlops/", "encryption.key_arn": "made"}
MADE_HERE = {"network.existing.vpc_id": "made", "registry.existing.instance_identifier": "made"}
OF_A_TEAM = {"artifactBucket", "mlflowTrackingUri", "namespace"}
OF_A_PLATFORM = {"platformConnection"}
TEAMS = of_kind(DedicatedEnvironment, SharedEnvironment)
PLATFORMS = of_kind(Platform)


@pytest.fixture(params=STACKS)
def outputs(request: pytest.FixtureRequest) -> dict[str, Any]:
    return graph_of(request.param).outputs


@pytest.mark.parametrize(
    ("stack", "own"),
    [
        *((stack, OF_A_TEAM) for stack in TEAMS),
        *((stack, OF_A_PLATFORM) for stack in PLATFORMS),
    ],
)
def test_the_contract_is_complete(stack: str, own: set[str]) -> None:
    outputs = graph_of(stack).outputs
    assert set(outputs) == NAMES | own
    assert set(outputs["ciRoleArns"]) == {"preview", "deploy"}


@pytest.mark.parametrize("stack", PLATFORMS)
def test_a_platform_tells_everything_an_environment_stands_on(stack: str) -> None:
    told = graph_of(stack).outputs["platformConnection"]
    assert set(told) == set(PlatformConnection.__annotations__)


@pytest.mark.parametrize("stack", of_kind(SharedEnvironment))
def test_a_shared_environment_passes_on_where_its_platform_is(stack: str) -> None:
    platform = graph_of(f"platform-{stack.rpartition('-')[2]}").outputs
    outputs = graph_of(stack).outputs
    for name in NAMES - {"ciRoleArns", "immutableSettings", "nextSteps"}:
        assert outputs[name] == platform[name]


@pytest.mark.parametrize(
    ("stack", "settings"),
    [
        (
            "demo-dev",
            {
                "aws:region": "eu-west-1",
                "team": "demo",
                "stage": "dev",
                "tenancy": "dedicated",
                "network.cidr": "10.10.0.0/16",
                **ROLES_AND_KEY,
                **MADE_HERE,
            },
        ),
        (
            "fraud-prod",
            {
                "aws:region": "eu-west-1",
                "team": "fraud",
                "stage": "prod",
                "tenancy": "shared",
                "platform": "platform-prod",
                **ROLES_AND_KEY,
            },
        ),
        (
            "platform-stage",
            {
                "aws:region": "eu-west-1",
                "name": "platform",
                "stage": "stage",
                "network.cidr": "10.21.0.0/16",
                **ROLES_AND_KEY,
                **MADE_HERE,
            },
        ),
    ],
)
def test_the_state_will_tell_what_must_not_change(stack: str, settings: dict[str, str]) -> None:
    assert graph_of(stack).outputs["immutableSettings"] == settings


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
    (role,) = [argument for argument in arguments if argument.startswith("arn:")]
    assert "administrator-role" in role


def test_every_output_is_known(outputs: dict[str, Any]) -> None:
    for name, value in outputs.items():
        assert value, name
        assert "None" not in json.dumps(value), name


def test_next_steps_name_what_was_made(outputs: dict[str, Any]) -> None:
    steps = "\n".join(outputs["nextSteps"])
    assert f"--name {outputs['clusterName']} --role-arn arn:aws:iam::" in steps
    assert outputs["ciRoleArns"]["deploy"] in steps


@pytest.mark.parametrize("stack", TEAMS)
def test_a_team_is_told_how_to_open_mlflow(stack: str) -> None:
    outputs = graph_of(stack).outputs
    steps = "\n".join(outputs["nextSteps"])
    assert f"kubectl port-forward --namespace {outputs['namespace']} service/" in steps


@pytest.mark.parametrize("stack", PLATFORMS)
def test_a_platform_team_is_told_how_to_let_a_team_in(stack: str) -> None:
    steps = "\n".join(graph_of(stack).outputs["nextSteps"])
    assert f"platform: {stack}" in steps


def test_in_the_sandbox_next_steps_are_what_works_there(tmp_path: Path) -> None:
    kubeconfig, target = tmp_path / "kube config", tmp_path / "target.json"
    kubeconfig.touch()
    target.write_text(
        json.dumps({"aws_endpoint": "http://a", "aws_endpoints": {}, "kubeconfig": str(kubeconfig)})
    )
    document = from_file(STACKS["demo-dev"], "stacks/demo-dev.yaml")
    assert graph_from("demo-dev", document, target).outputs["nextSteps"] == [
        f"Let kubectl reach the cluster: export KUBECONFIG='{kubeconfig}'",
        "See what runs: kubectl get all --namespace demo-dev",
        "Remove all of it: make down",
    ]
