"""What a stack stands on when it is given what others have made."""

import functools
import json
from typing import Any

import pytest

from infra.config.document import ENVIRONMENT_KEY, PLATFORM_KEY, REGION_KEY, Document
from infra.recording import Graph
from tests.graph.program import graph_from, graph_of
from tests.graph.test_invariants import ENCRYPTED, value_at
from tests.policies.test_stacks_comply import violations

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234"
OWNER: dict[str, Any] = {
    "stage": "dev",
    "owner": {"email": "fraud-ml@example.com", "cost_center": "4711"},
    "ci": {"github": {"repository": "example/fraud-models", "repository_id": "123456789"}},
    "budget": {"monthly_usd": 800},
    "encryption": {"key_arn": KEY},
}
NETWORK: dict[str, Any] = {
    "vpc_id": "vpc-0123456789abcdef0",
    "private_subnet_ids": ["subnet-00000000000000010", "subnet-00000000000000011"],
    "database_subnet_ids": ["subnet-00000000000000021", "subnet-00000000000000022"],
}
WITH_NETWORK = {**OWNER, "network": {"existing": NETWORK}}
WITH_DATABASE = {
    **OWNER,
    "network": {
        "existing": {key: NETWORK[key] for key in ("vpc_id", "private_subnet_ids")},
    },
    "registry": {"existing": {"instance_identifier": "acme-postgresql"}},
}
STACKS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "dedicated": ("demo-dev", ENVIRONMENT_KEY, {**WITH_NETWORK, "team": "demo"}),
    "shared": ("fraud-dev", ENVIRONMENT_KEY, {**OWNER, "team": "fraud", "tenancy": "shared"}),
    "platform": ("platform-dev", PLATFORM_KEY, WITH_NETWORK),
    "with_database": ("demo-dev", ENVIRONMENT_KEY, {**WITH_DATABASE, "team": "demo"}),
}


@functools.cache
def graph_given(kind: str) -> Graph:
    return given(*STACKS[kind])


def given(stack: str, object_key: str, settings: dict[str, Any]) -> Graph:
    config = {object_key: settings, REGION_KEY: "eu-west-1"}
    return graph_from(stack, Document("stacks/given.yaml", config))


@pytest.fixture(params=STACKS)
def graph(request: pytest.FixtureRequest) -> Graph:
    return graph_given(request.param)


def test_no_policy_is_broken(graph: Graph) -> None:
    assert violations(graph) == []


@pytest.mark.parametrize("kind", ["dedicated", "platform"])
def test_a_given_network_is_used_and_none_is_made(kind: str) -> None:
    graph = graph_given(kind)
    assert {each.type for each in graph if each.type.startswith("aws:ec2/")} == {
        "aws:ec2/securityGroup:SecurityGroup"
    }
    (group,) = graph.of_type("aws:ec2/securityGroup:SecurityGroup")
    assert group.inputs["vpcId"] == NETWORK["vpc_id"] == graph.outputs["vpcId"]
    (subnets,) = graph.of_type("aws:rds/subnetGroup:SubnetGroup")
    assert subnets.inputs["subnetIds"] == NETWORK["database_subnet_ids"]
    (cluster,) = graph.of_type("aws:eks/cluster:Cluster")
    (scraper,) = graph.of_type("aws:amp/scraper:Scraper")
    for user in (cluster.inputs["vpcConfig"], scraper.inputs["source"]["eks"]):
        assert user["subnetIds"] == NETWORK["private_subnet_ids"]


@pytest.mark.parametrize(("kind", "namespaces"), [("dedicated", 2), ("platform", 1)])
def test_pods_reach_the_database_where_it_lies_in_a_given_network(
    kind: str, namespaces: int
) -> None:
    assert database_blocks(kind) == [["10.60.33.0/24", "10.60.34.0/24"]] * namespaces


def database_blocks(kind: str) -> list[list[str]]:
    return [
        [
            peer["ipBlock"]["cidr"]
            for egress in each.inputs["spec"]["egress"]
            for peer in egress["to"]
        ]
        for each in graph_given(kind).of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy")
        if each.name.endswith("-allow-database")
    ]


@pytest.mark.parametrize(
    ("key", "other"),
    [
        ("vpc_id", "vpc-0123456789abcdef1"),
        ("private_subnet_ids", ["subnet-00000000000000010", "subnet-00000000000000012"]),
        ("database_subnet_ids", None),
    ],
)
def test_every_key_of_a_given_network_changes_what_is_made(key: str, other: Any) -> None:
    stack, object_key, settings = STACKS["platform"]
    changed = {**settings, "network": {"existing": {**NETWORK, key: other}}}
    assert made(given(stack, object_key, changed)) != made(graph_given("platform"))


def test_a_given_database_is_used_and_none_is_made() -> None:
    graph = graph_given("with_database")
    assert [each.type for each in graph if each.type.startswith("aws:rds/")] == []
    assert {
        each.inputs["dimensions"]["DBInstanceIdentifier"]
        for each in graph.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
    } == {"acme-postgresql"}
    (config,) = (
        env
        for job in graph.of_type("kubernetes:batch/v1:Job")
        for env in [
            {
                each["name"]: each.get("value")
                for container in job.inputs["spec"]["template"]["spec"]["containers"]
                for each in container.get("env", [])
            }
        ]
        if "DATABASE_HOST" in env
    )
    assert config["DATABASE_HOST"] == "acme-postgresql.abcdefghijkl.eu-west-1.rds.amazonaws.com"
    assert config["MASTER_SECRET_ARN"] == graph.outputs["registrySecretArn"]


def test_the_job_may_read_the_secret_of_a_given_database_and_use_its_key() -> None:
    graph = graph_given("with_database")
    policy = json.loads(graph.named("environment-database-identity-policy").inputs["policy"])[
        "Statement"
    ]
    resources = {each["Sid"]: each["Resource"] for each in policy}
    assert resources == {
        "ReadSecret": graph.outputs["registrySecretArn"],
        "UseKeyThroughSecretsmanager": "arn:aws:kms:eu-west-1:123456789012:key/acme-postgresql",
    }


def test_pods_reach_a_given_database_in_its_own_subnets() -> None:
    assert database_blocks("with_database") == [["10.60.65.0/24", "10.60.66.0/24"]] * 2


def made(graph: Graph) -> dict[str, str]:
    return {each.urn: json.dumps(each.inputs, sort_keys=True) for each in graph if each.custom}


def test_a_given_key_encrypts_everything_and_none_is_made(graph: Graph) -> None:
    assert graph.of_type("aws:kms/key:Key") == graph.of_type("aws:kms/alias:Alias") == []
    stores = [
        (store, path)
        for kind in ENCRYPTED
        for store in graph.of_type(kind)
        for path in ENCRYPTED[kind]
    ]
    assert stores
    assert {value_at(store.inputs, path) for store, path in stores} == {KEY}


@pytest.mark.parametrize("kind", ["dedicated", "platform"])
def test_ci_uses_a_given_key_and_does_not_change_it(kind: str) -> None:
    stack = STACKS[kind][0]
    of_its_own, given = deploy_actions(graph_of(stack)), deploy_actions(graph_given(kind))
    assert of_its_own - given == {"kms:TagResource", "kms:UpdateKeyDescription"}
    assert given <= of_its_own
    assert "kms:CreateGrant" in given


def deploy_actions(graph: Graph) -> set[str]:
    return {
        action
        for policy in graph.of_type("aws:iam/policy:Policy")
        if "-deploy-" in policy.inputs["name"]
        for statement in json.loads(policy.inputs["policy"])["Statement"]
        for action in statement["Action"]
    }
