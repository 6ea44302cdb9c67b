"""Where the providers lead: to AWS, or to the sandbox."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from infra.providers import AWS_SERVICES, Providers, Sandbox, Site
from infra.recording import Graph
from tests.conftest import Deploy

TAGS = {"team": "fraud", "stage": "dev"}
SECRET_MARK = "4dabf18193072939515e22adb298388d"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """File that says where a sandbox listens."""
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text("local: cluster")
    target = tmp_path / "target.json"
    target.write_text(
        json.dumps(
            {
                "aws_endpoint": "http://127.0.0.1:4566",
                "aws_endpoints": {"amp": "http://127.0.0.1:5000"},
                "kubeconfig": str(kubeconfig),
            }
        )
    )
    return target


def providers_of(deploy: Deploy, sandbox: Sandbox | None) -> Graph:
    def program() -> None:
        providers = Providers("eu-west-1", TAGS, sandbox)
        kubeconfig = providers.kubeconfig(pulumi.Output.from_input("eks: cluster"))
        providers.kubernetes(kubeconfig, pulumi.Output.from_input("arn:cluster"))
        command = providers.connect_command(
            pulumi.Output.from_input("fraud-dev"), pulumi.Output.from_input("arn:admin")
        )
        pulumi.export("command", command)

    return deploy(program)


def test_on_aws_nothing_is_overridden(deploy: Deploy) -> None:
    inputs = providers_of(deploy, None).named("aws").inputs
    assert inputs["region"] == "eu-west-1"
    assert not {"endpoints", "accessKey", "secretKey", "s3UsePathStyle"} & set(inputs)
    assert json.loads(inputs["skipCredentialsValidation"]) is False
    assert json.loads(inputs["defaultTags"]) == {"tags": TAGS}


def test_in_the_sandbox_every_service_leads_to_an_emulator(deploy: Deploy, target: Path) -> None:
    sandbox = Sandbox.from_environment({"MLOPS_SANDBOX": str(target)})
    inputs: dict[str, Any] = providers_of(deploy, sandbox).named("aws").inputs
    (endpoints,) = json.loads(inputs["endpoints"])
    assert set(endpoints) == set(AWS_SERVICES)
    assert endpoints.pop("amp") == "http://127.0.0.1:5000"
    assert set(endpoints.values()) == {"http://127.0.0.1:4566"}
    assert json.loads(inputs["s3UsePathStyle"]) is True
    assert "skipRequestingAccountId" not in inputs


def test_the_kubernetes_provider_reaches_the_cluster_of_the_stack(deploy: Deploy) -> None:
    inputs = providers_of(deploy, None).named("kubernetes").inputs
    assert inputs["kubeconfig"] == "eks: cluster"
    assert inputs["clusterIdentifier"] == "arn:cluster"
    assert json.loads(inputs["enableServerSideApply"]) is True


def test_in_the_sandbox_it_reaches_the_local_cluster_by_a_secret(
    deploy: Deploy, target: Path
) -> None:
    sandbox = Sandbox.from_environment({"MLOPS_SANDBOX": str(target)})
    graph = providers_of(deploy, sandbox)
    kubeconfig = graph.named("kubernetes").inputs["kubeconfig"]
    assert SECRET_MARK in kubeconfig
    assert kubeconfig["value"] == "local: cluster"
    assert graph.outputs["command"] == f"export KUBECONFIG={target.parent / 'kubeconfig'}"


def test_on_aws_the_way_into_the_cluster_is_a_command(deploy: Deploy) -> None:
    assert providers_of(deploy, None).outputs["command"] == (
        "aws eks update-kubeconfig --region eu-west-1 --name fraud-dev --role-arn arn:admin"
    )


def test_without_the_variable_there_is_no_sandbox() -> None:
    assert Sandbox.from_environment({}) is None
    assert Sandbox.from_environment({"MLOPS_SANDBOX": ""}) is None


@pytest.mark.parametrize("content", [None, "not json", "{}"])
def test_a_sandbox_that_is_gone_is_one_clear_message(tmp_path: Path, content: str | None) -> None:
    target = tmp_path / "target.json"
    if content is not None:
        target.write_text(content)
    with pytest.raises(pulumi.RunError, match="start one with `make up`, or unset"):
        Sandbox.from_environment({"MLOPS_SANDBOX": str(target)})


def test_the_site_is_what_aws_says(deploy: Deploy) -> None:
    sites: list[Site] = []
    graph = deploy(lambda: sites.append(Providers("eu-west-1", TAGS).site()))
    assert sites == [Site("123456789012", "eu-west-1", ("eu-west-1a", "eu-west-1b", "eu-west-1c"))]
    assert len(graph.calls) == 2


def test_zones_in_which_eks_refuses_subnets_are_left_out(
    deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []

    def zones(**question: Any) -> SimpleNamespace:
        asked.append(question)
        return SimpleNamespace(names=["us-east-1b", "us-east-1a"])

    monkeypatch.setattr("infra.providers.aws.get_availability_zones", zones)
    deploy(lambda: Providers("us-east-1", TAGS).site())
    assert set(asked[0]["exclude_zone_ids"]) == {"cac1-az3", "use1-az3", "usw1-az2"}


def test_zones_are_always_the_first_ones() -> None:
    site = Site("123456789012", "eu-west-1", ("eu-west-1a", "eu-west-1b", "eu-west-1c"))
    assert site.first_zones(2) == ["eu-west-1a", "eu-west-1b"]


def test_more_zones_than_there_are_is_one_clear_message() -> None:
    site = Site("123456789012", "us-west-1", ("us-west-1a", "us-west-1c"))
    with pytest.raises(pulumi.RunError, match=r"is 3, but us-west-1 offers this account 2 zones"):
        site.first_zones(3)
