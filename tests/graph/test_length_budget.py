"""The longest names a stack file allows still fit whoever has to accept what is derived from them.

Judged on recorded graphs, so a name that is put together anywhere in the components counts.
"""

import functools
import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.config.document import ENVIRONMENT_KEY, PLATFORM_KEY, REGION_KEY, Document, from_file
from infra.config.files import FOLDER
from infra.config.model import DedicatedEnvironment, Platform, Settings, SharedEnvironment
from infra.naming import Names
from infra.recording import Graph, RecordedResource
from tests.graph.program import STACKS, graph_from, graph_of

EVERY_KEY = from_file(
    FOLDER.parent / "tests/infra/config/cases/every_key.happy.yaml", "stacks/every_key.yaml"
).settings(ENVIRONMENT_KEY)
TEAM = "a" * 20
PLATFORM = "platform-" + "a" * 11
STAGE = "stage"
PLATFORM_STACK = f"organization/mlops/platform-{STAGE}"
LONGEST: dict[type[Settings], dict[str, Any]] = {
    DedicatedEnvironment: {"team": TEAM},
    SharedEnvironment: {"team": TEAM, "tenancy": "shared", "platform": PLATFORM_STACK},
    Platform: {"name": PLATFORM},
}
KINDS = pytest.mark.parametrize("kind", LONGEST)

LIMITS = {
    "aws:amp/ruleGroupNamespace:RuleGroupNamespace": ("name", 64),
    "aws:amp/scraper:Scraper": ("alias", 100),
    "aws:amp/workspace:Workspace": ("alias", 100),
    "aws:budgets/budget:Budget": ("name", 100),
    "aws:cloudwatch/logGroup:LogGroup": ("name", 512),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("name", 255),
    "aws:ec2/securityGroup:SecurityGroup": ("name", 255),
    "aws:eks/cluster:Cluster": ("name", 100),
    "aws:iam/policy:Policy": ("name", 128),
    "aws:iam/role:Role": ("name", 64),
    "aws:iam/rolePolicy:RolePolicy": ("name", 128),
    "aws:kms/alias:Alias": ("name", 256),
    "aws:rds/instance:Instance": ("identifier", 63),
    "aws:rds/parameterGroup:ParameterGroup": ("name", 255),
    "aws:rds/subnetGroup:SubnetGroup": ("name", 255),
    "aws:s3/bucket:Bucket": ("bucket", 63),
    "aws:sns/topic:Topic": ("name", 256),
}
"""Property that holds the name, and how many characters AWS takes; without the property, Pulumi
makes a name of the logical one. Source: the API reference of each service."""
NAMELESS = (
    "aws:amp/alertManagerDefinition:",
    "aws:ec2/",
    "aws:eks/accessEntry:",
    "aws:eks/accessPolicyAssociation:",
    "aws:eks/addon:",
    "aws:eks/podIdentityAssociation:",
    "aws:iam/openIdConnectProvider:",
    "aws:iam/rolePolicyAttachment:",
    "aws:kms/key:",
    "aws:s3/bucket",
    "aws:sns/topicPolicy:",
    "aws:sns/topicSubscription:",
    "aws:vpc/",
)
"""What AWS gives an id, or what bears the name of what it belongs to."""
RANDOM_SUFFIX = {"aws": len("-1234567"), "kubernetes": len("-12345678")}
"""What Pulumi appends to a logical name."""
OBJECT_NAME = 63
"""Kubernetes takes longer names for some kinds, but many end in labels, which hold no more."""


@functools.cache
def longest_graph(kind: type[Settings]) -> Graph:
    """Return the graph of a stack with the longest names and every optional part."""
    values = {**EVERY_KEY, **LONGEST[kind], "stage": STAGE}
    # With a key of others none is made, and none would have a name.
    told = kind.model_fields.keys() - {"encryption"}
    settings = {key: value for key, value in values.items() if key in told}
    if kind is SharedEnvironment:
        settings["ci"] = {"github": EVERY_KEY["ci"]["github"]}
    key = PLATFORM_KEY if kind is Platform else ENVIRONMENT_KEY
    stack = f"{LONGEST[kind].get('team', PLATFORM)}-{STAGE}"
    config = {key: settings, REGION_KEY: "ap-southeast-1"}
    return graph_from(stack, Document("stacks/longest.yaml", config))


def made(graph: Graph) -> Iterator[RecordedResource]:
    """Everything a provider makes."""
    return (each for each in graph if each.custom and not each.type.startswith("pulumi:"))


def length_and_limit(resource: RecordedResource) -> tuple[int, int] | None:
    """Return how long a resource's name gets and how long it may get; None: it has no name."""
    provider = resource.type.partition(":")[0]
    if provider == "kubernetes":
        given, limit = resource.inputs.get("metadata", {}).get("name"), OBJECT_NAME
    elif resource.type in LIMITS:
        key, limit = LIMITS[resource.type]
        given = resource.inputs.get(key)
    else:
        assert resource.type.startswith(NAMELESS), f"say in LIMITS how long {resource.type} may be"
        return None
    return (len(given) if given else len(resource.name) + RANDOM_SUFFIX[provider]), limit


def assert_names_fit(graph: Graph) -> None:
    judged = 0
    for resource in made(graph):
        if found := length_and_limit(resource):
            length, limit = found
            assert length <= limit, f"{resource.type} {resource.name}: {length} > {limit}"
            judged += 1
    assert judged > 20


@pytest.mark.parametrize("stack", STACKS)
def test_the_names_of_every_stack_file_fit(stack: str) -> None:
    assert_names_fit(graph_of(stack))


@KINDS
def test_the_longest_names_fit(kind: type[Settings]) -> None:
    assert_names_fit(longest_graph(kind))


@KINDS
def test_the_longest_names_are_in_use(kind: type[Settings]) -> None:
    longest = f"{PLATFORM if kind is Platform else TEAM}-{STAGE}"
    assert any(longest in json.dumps(each.inputs) for each in made(longest_graph(kind)))


@KINDS
def test_labels_and_tags_of_the_longest_names_fit(kind: type[Settings]) -> None:
    graph = longest_graph(kind)
    labels = [
        each.inputs.get("metadata", {}).get("labels", {}) for each in made(graph) if is_object(each)
    ]
    assert any(each.get("team") in (TEAM, PLATFORM) for each in labels)
    assert all(len(value) <= 63 for each in labels for value in each.values())
    (provider,) = graph.of_type("pulumi:providers:aws")
    tags = json.loads(provider.inputs["defaultTags"])["tags"]
    assert tags["environment"].endswith(f"-{STAGE}")
    assert all(len(key) <= 128 and len(value) <= 256 for key, value in tags.items())


@pytest.mark.parametrize("kind", [DedicatedEnvironment, SharedEnvironment])
def test_the_longest_database_fits_postgresql(kind: type[Settings]) -> None:
    database = Names(TEAM, STAGE).database
    (job,) = (each for each in made(longest_graph(kind)) if each.name == "environment-database-job")
    assert database in json.dumps(job.inputs)
    assert len(database) <= 63


def is_object(resource: RecordedResource) -> bool:
    return resource.type.startswith("kubernetes:")
