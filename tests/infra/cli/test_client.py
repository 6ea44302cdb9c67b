"""What clients are told comes from the outputs, and nothing odd gets through."""

import json
from typing import Any

import pytest

from infra.cli.client import client_of
from infra.cli.console import CommandFailed, WrongUsage
from infra.config.model import DedicatedEnvironment, SharedEnvironment
from tests.graph.program import graph_of, of_kind
from tests.infra.cli.client_outputs import BUCKET, kubeconfig, outputs


def test_the_facts_are_those_of_the_outputs() -> None:
    client = client_of("fraud-dev", outputs())
    assert (client.stack, client.region, client.bucket) == ("fraud-dev", "eu-west-1", BUCKET)
    assert client.tracking_uri == "http://mlflow.fraud-dev.svc.cluster.local:5000"
    assert client.tracking_service == "mlflow"


def test_members_come_as_themselves_and_into_their_namespace() -> None:
    given = outputs()
    told = client_of("fraud-dev", given).kubeconfig
    assert told is not None
    [user], [context] = told["users"], told["contexts"]
    before = json.loads(kubeconfig())["users"][0]["user"]["exec"]["args"]
    assert user["user"]["exec"]["args"] == before
    assert "--role-arn" in given["kubeconfig"]
    assert context["context"]["namespace"] == "fraud-dev"


def test_another_way_into_the_cluster_is_left_as_it_is() -> None:
    other = "users: [{name: a, user: {token: t}}]\ncontexts: [{name: a, context: {user: a}}]\n"
    told = client_of("fraud-dev", outputs(kubeconfig=other)).kubeconfig
    assert told is not None
    assert told["users"] == [{"name": "a", "user": {"token": "t"}}]


def test_a_kubeconfig_that_stays_secret_is_none() -> None:
    assert client_of("fraud-dev", outputs(kubeconfig="[secret]")).kubeconfig is None


@pytest.mark.parametrize("stack", of_kind(DedicatedEnvironment, SharedEnvironment))
def test_the_outputs_of_every_team_will_do(stack: str) -> None:
    told = {name: _plain(value) for name, value in graph_of(stack).outputs.items()}
    client = client_of(stack, told)
    assert client.namespace == stack
    assert client.kubeconfig is not None


def _plain(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) and "value" in value else value


@pytest.mark.parametrize("stack", ["a b", "", "a\nX=1", "-x", "..", "a/b/c/d", "a/../b"])
def test_an_odd_name_is_refused(stack: str) -> None:
    with pytest.raises(WrongUsage, match="is no name of a stack"):
        client_of(stack, outputs())


def test_the_full_name_of_a_stack_is_fine() -> None:
    assert client_of("example/mlops/fraud-dev", outputs()).stack == "fraud-dev"


@pytest.mark.parametrize(
    "name", ["artifactBucket", "mlflowTrackingUri", "namespace", "alertsTopicArn"]
)
@pytest.mark.parametrize(
    "value", [None, "", "a b", "x\ny=1", "it's", 'a"b', "$(id)", "[secret]", 5]
)
def test_an_output_that_would_need_quotes_is_refused(name: str, value: object) -> None:
    with pytest.raises(CommandFailed, match=f"The output {name} of fraud-dev is .* did `pulumi up"):
        client_of("fraud-dev", outputs(**{name: value}))


@pytest.mark.parametrize("text", [None, "", "no", "[]", "{}", "users: 5", "a: [", "users: [{}]"])
def test_what_is_no_kubeconfig_is_refused_and_not_shown(text: object) -> None:
    with pytest.raises(
        CommandFailed, match=r"^The output kubeconfig of fraud-dev is no kubeconfig\.$"
    ):
        client_of("fraud-dev", outputs(kubeconfig=text))


def test_a_stack_that_is_not_up_is_refused() -> None:
    with pytest.raises(CommandFailed, match=r"fraud-dev is not up: .* pulumi up --stack fraud-dev"):
        client_of("fraud-dev", {})


def test_a_platform_is_refused() -> None:
    with pytest.raises(CommandFailed, match="is a platform"):
        client_of("platform-dev", outputs(platformConnection={}))
