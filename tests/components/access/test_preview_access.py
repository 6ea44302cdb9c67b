"""What a preview may read in the cluster."""

import pytest

from infra.recording import Graph
from mlops.access.preview_access import PreviewAccess, PreviewAccessArgs
from tests.components.tenancy.manifests import assert_valid
from tests.components.tenancy.rbac_judge import may
from tests.conftest import Deploy

GROUP = "fraud-dev:preview"
PREVIEW = ("Group", GROUP)
WHOLE_CLUSTER: PreviewAccessArgs = {"group": GROUP, "namespaces": {}}
OWN_PART: PreviewAccessArgs = {
    "group": GROUP,
    "namespaces": {"team": "fraud-dev", "system": "mlops-system"},
}


@pytest.fixture
def cluster_wide(deploy: Deploy) -> Graph:
    """Return what a stack makes that holds the platform."""
    return deploy(lambda: PreviewAccess("preview", WHOLE_CLUSTER))


def test_children_are_named_by_role_and_parented(cluster_wide: Graph) -> None:
    access = cluster_wide.named("preview")
    assert access.type == "mlops:index:PreviewAccess"
    assert {(r.type.rpartition(":")[2], r.name) for r in cluster_wide.children_of(access.urn)} == {
        ("ClusterRole", "preview-role"),
        ("ClusterRoleBinding", "preview-binding"),
    }
    assert_valid(cluster_wide)


@pytest.mark.parametrize(
    ("group", "resource"),
    [
        ("", "configmaps"),
        ("apps", "deployments"),
        ("rbac.authorization.k8s.io", "rolebindings"),
        ("storage.k8s.io", "storageclasses"),
        ("karpenter.sh", "nodepools"),
    ],
)
def test_it_reads_what_the_package_makes_and_changes_nothing(
    cluster_wide: Graph, group: str, resource: str
) -> None:
    for verb in ("get", "list", "watch"):
        assert may(cluster_wide, PREVIEW, verb, resource, namespace="any", group=group)
    for verb in ("create", "update", "patch", "delete", "deletecollection"):
        assert not may(cluster_wide, PREVIEW, verb, resource, namespace="any", group=group)


@pytest.mark.parametrize(
    ("verb", "resource"),
    [
        ("get", "secrets"),
        ("list", "secrets"),
        ("get", "pods/log"),
        ("create", "pods/exec"),
        ("create", "pods/portforward"),
        ("create", "serviceaccounts/token"),
    ],
)
def test_it_sees_no_secret_no_log_and_gets_no_further(
    cluster_wide: Graph, verb: str, resource: str
) -> None:
    assert may(cluster_wide, PREVIEW, "get", "pods", namespace="any"), "but pods themselves"
    assert not may(cluster_wide, PREVIEW, verb, resource, namespace="any")


def test_without_the_platform_it_reads_only_where_the_stack_makes_something(
    deploy: Deploy,
) -> None:
    graph = deploy(lambda: PreviewAccess("preview", OWN_PART))
    assert_valid(graph)
    assert {r.name for r in graph.children_of(graph.named("preview").urn)} == {
        "preview-role",
        "preview-team-binding",
        "preview-system-binding",
    }
    for namespace, expected in (("fraud-dev", True), ("mlops-system", True), ("other", False)):
        assert may(graph, PREVIEW, "get", "configmaps", namespace=namespace) is expected


def test_it_is_for_its_group_alone(cluster_wide: Graph) -> None:
    assert may(cluster_wide, PREVIEW, "get", "pods", namespace="any")
    other = ("Group", "fraud-prod:preview")
    assert not may(cluster_wide, other, "get", "pods", namespace="any")
