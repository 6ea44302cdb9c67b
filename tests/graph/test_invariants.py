"""What must hold for the whole graph of every stack file."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from infra.config.model import DedicatedEnvironment, Platform, Settings, SharedEnvironment
from infra.providers import AWS_SERVICES
from infra.recording import Graph, RecordedResource
from mlops.access.preview_access import READABLE
from tests.graph.program import STACKS, graph_of, kind_of, of_kind
from tests.graph.reach import waits_for

TOP_LEVEL: dict[type[Settings], set[str]] = {
    DedicatedEnvironment: {"platform", "platform-services", "environment"},
    SharedEnvironment: {"environment"},
    Platform: {"platform", "platform-services", "platform-team"},
}
PROVIDERS = {"aws", "kubernetes"}
ON_SHARED_PLATFORM = of_kind(SharedEnvironment)
WITH_PLATFORM = of_kind(DedicatedEnvironment, Platform)
CLUSTER_WIDE = {
    "kubernetes:core/v1:Namespace",
    "kubernetes:eks.amazonaws.com/v1:NodeClass",
    "kubernetes:karpenter.sh/v1:NodePool",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    "kubernetes:storage.k8s.io/v1:StorageClass",
}
# In every cluster, before anybody comes.
GIVEN_NAMESPACES = {"kube-system"}
# Where another stack makes the platform, it has made this one too.
SYSTEM_NAMESPACE = "mlops-system"

ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ROLE_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
# They only name a role; nothing is done with its permissions.
NAMING_A_ROLE = {
    ROLE_POLICY,
    ROLE_ATTACHMENT,
    "aws:eks/accessEntry:AccessEntry",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
}


@pytest.fixture(params=STACKS)
def graph(request: pytest.FixtureRequest) -> Graph:
    return graph_of(request.param)


def custom(graph: Graph) -> Iterator[RecordedResource]:
    """Everything a provider makes."""
    return (each for each in graph if each.custom and not each.type.startswith("pulumi:"))


def namespaced(graph: Graph) -> Iterator[RecordedResource]:
    return (
        each
        for each in custom(graph)
        if each.type.startswith("kubernetes:") and each.type not in CLUSTER_WIDE
    )


@pytest.mark.parametrize("stack", STACKS)
def test_only_compositions_and_providers_stand_at_the_top(stack: str) -> None:
    graph = graph_of(stack)
    top = {each.name for each in graph if each.parent not in graph.resources}
    assert top == TOP_LEVEL[kind_of(stack)] | PROVIDERS
    for name in top:
        assert "::pulumi:pulumi:Stack::" in graph.named(name).parent


def test_everything_a_provider_makes_lies_in_a_component(graph: Graph) -> None:
    for resource in custom(graph):
        assert graph.resources[resource.parent].type.startswith("mlops:index:"), resource.name


def test_every_component_holds_something(graph: Graph) -> None:
    optional = {"mlops:index:TeamMembers"}  # holds one entry for each role it is given
    for component in (each for each in graph if not each.custom and each.type not in optional):
        assert graph.children_of(component.urn), component.name


def test_logical_names_are_unique(graph: Graph) -> None:
    doubles = [name for name, count in Counter(each.name for each in graph).items() if count > 1]
    assert doubles == []


def test_children_are_named_after_their_parent(graph: Graph) -> None:
    for resource in graph:
        if resource.parent in graph.resources:
            assert resource.name.startswith(f"{graph.resources[resource.parent].name}-")


def test_no_default_provider_is_used(graph: Graph) -> None:
    for resource in custom(graph):
        assert provider_of(graph, resource.provider) == resource.type.partition(":")[0]
    assert graph.calls, "the program asks AWS where it is"
    for call in graph.calls:
        assert provider_of(graph, call.provider) == "aws"


def provider_of(graph: Graph, reference: str) -> str | None:
    """Return the logical name of an explicit provider; None where there is none."""
    provider = graph.resources.get(reference.rpartition("::")[0])
    return provider.name if provider else None


@pytest.mark.parametrize("stack", STACKS)
def test_everything_in_a_namespace_waits_for_it(stack: str) -> None:
    graph = graph_of(stack)
    given = GIVEN_NAMESPACES | ({SYSTEM_NAMESPACE} if stack in ON_SHARED_PLATFORM else set())
    own = {
        each.inputs["metadata"]["name"]: each.urn
        for each in graph.of_type("kubernetes:core/v1:Namespace")
    }
    checked = 0
    for resource in namespaced(graph):
        namespace = resource.inputs["metadata"].get("namespace")
        assert namespace, f"{resource.name} names no namespace"
        if namespace not in given:
            assert own[namespace] in waits_for(graph, resource), resource.name
            checked += 1
    assert checked >= 5 * len(own)


@pytest.mark.parametrize("stack", WITH_PLATFORM)
def test_everything_in_the_cluster_waits_for_the_way_in(stack: str) -> None:
    graph = graph_of(stack)
    access = graph.named("platform-cluster-administrator-access").urn
    for resource in custom(graph):
        if resource.type.startswith("kubernetes:"):
            assert access in waits_for(graph, resource), resource.name


@pytest.mark.parametrize("stack", WITH_PLATFORM)
def test_pods_wait_for_node_pools_so_that_pools_go_last(stack: str) -> None:
    graph = graph_of(stack)
    pools = {each.urn for each in graph.of_type("kubernetes:karpenter.sh/v1:NodePool")}
    assert pools
    for kind in ("apps/v1:Deployment", "batch/v1:Job"):
        for workload in graph.of_type(f"kubernetes:{kind}"):
            assert pools <= waits_for(graph, workload), workload.name


def test_a_preview_can_read_every_kind_in_the_cluster_but_secrets(graph: Graph) -> None:
    kinds = {each.type for each in custom(graph) if each.type.startswith("kubernetes:")}
    unreadable = {kind for kind in kinds if not readable(kind)}
    assert unreadable <= {"kubernetes:core/v1:Secret"}


def readable(kind: str) -> bool:
    _, version, name = kind.split(":")
    group = version.rpartition("/")[0].removeprefix("core")
    plural = re.sub(r"(?<=[^aeiou])y$", "ie", name.lower())
    return re.sub(r"s$", "se", plural) + "s" in READABLE.get(group, [])


@pytest.mark.parametrize("stack", WITH_PLATFORM)
def test_machines_carry_every_tag_the_provider_puts_on_the_rest(stack: str) -> None:
    graph = graph_of(stack)
    [node_class] = graph.of_type("kubernetes:eks.amazonaws.com/v1:NodeClass")
    every_tag = json.loads(graph.named("aws").inputs["defaultTags"])["tags"]
    assert node_class.inputs["spec"]["tags"] == every_tag


def test_users_of_a_role_wait_for_its_permissions(graph: Graph) -> None:
    checked = 0
    for role in graph.of_type("aws:iam/role:Role"):
        permissions = {
            each.urn
            for kind in (ROLE_POLICY, ROLE_ATTACHMENT)
            for each in graph.of_type(kind)
            if role.urn in each.property_dependencies["role"]
        }
        for user in users_of(graph, role):
            assert permissions <= waits_for(graph, user), f"{user.name} uses {role.name}"
            checked += bool(permissions)
    assert checked >= 2


def users_of(graph: Graph, role: RecordedResource) -> Iterator[RecordedResource]:
    """Return what takes the role: one of its own inputs comes from it."""
    for resource in custom(graph):
        takes = any(role.urn in urns for urns in resource.property_dependencies.values())
        if takes and resource.type not in NAMING_A_ROLE:
            yield resource


def test_a_role_someone_uses_may_do_something(graph: Graph) -> None:
    for association in graph.of_type("aws:eks/podIdentityAssociation:PodIdentityAssociation"):
        kinds = {graph.resources[urn].type for urn in waits_for(graph, association)}
        assert kinds & {ROLE_POLICY, ROLE_ATTACHMENT}, association.name


ENCRYPTED = {
    "aws:amp/workspace:Workspace": ["kmsKeyArn"],
    "aws:cloudwatch/logGroup:LogGroup": ["kmsKeyId"],
    "aws:eks/cluster:Cluster": ["encryptionConfig.provider.keyArn"],
    "aws:rds/instance:Instance": [
        "kmsKeyId",
        "masterUserSecretKmsKeyId",
        "performanceInsightsKmsKeyId",
    ],
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": [
        "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId"
    ],
    "aws:sns/topic:Topic": ["kmsMasterKeyId"],
}


@pytest.mark.parametrize("kind", ENCRYPTED)
def test_every_store_is_encrypted_with_a_key_of_its_stack(kind: str) -> None:
    checked = 0
    for graph in map(graph_of, STACKS):
        keys = {
            graph.component_outputs[each.urn]["keyArn"]
            for each in graph.of_type("mlops:index:EncryptionKey")
        }
        for store in graph.of_type(kind):
            for path in ENCRYPTED[kind]:
                assert value_at(store.inputs, path) in keys, f"{store.name}: {path}"
                checked += 1
    assert checked >= 3


def test_every_bucket_is_encrypted(graph: Graph) -> None:
    buckets = {each.urn for each in graph.of_type("aws:s3/bucket:Bucket")}
    (kind,) = (each for each in ENCRYPTED if each.startswith("aws:s3"))
    encrypted = {
        urn for each in graph.of_type(kind) for urn in each.property_dependencies["bucket"]
    }
    assert buckets == encrypted


def value_at(values: Any, path: str) -> Any:
    for name in path.split("."):
        values = values[int(name)] if isinstance(values, list) else values[name]
    return values


# Types whose service is not called like their module.
SERVICES = {
    "aws:cloudwatch/logGroup:LogGroup": "logs",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "ec2",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "ec2",
}


def test_the_sandbox_covers_exactly_the_services_in_use() -> None:
    types = {each.type for stack in STACKS for each in custom(graph_of(stack))}
    used = {
        SERVICES.get(kind, kind.removeprefix("aws:").partition("/")[0])
        for kind in types
        if kind.startswith("aws:")
    }
    # The provider itself asks STS for the account.
    assert used | {"sts"} == set(AWS_SERVICES)
