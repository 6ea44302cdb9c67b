"""What a TeamSpace makes of its arguments, and what it lets through."""

import pytest

from infra.recording import Graph, record
from mlops.tenancy.team_space import TeamSpace, TeamSpaceArgs
from tests.components.tenancy.manifests import assert_valid
from tests.components.tenancy.network_judge import Host, Pod, connects
from tests.components.tenancy.rbac_judge import may
from tests.conftest import Deploy

VPC = "10.20.0.0/16"
FRAUD: TeamSpaceArgs = {
    "namespace": "fraud-dev",
    "labels": {"mlops/team": "fraud"},
    "quota": {"cpu": 16, "memory_gib": 64, "pods": 100, "gpu": 1, "storage_gib": 200},
    "database_cidrs": [VPC],
    "developer_group": "mlops:fraud:developers",
    "viewer_group": "mlops:fraud:viewers",
}
PRICING: TeamSpaceArgs = {
    **FRAUD,
    "namespace": "pricing-dev",
    "developer_group": "mlops:pricing:developers",
    "viewer_group": "mlops:pricing:viewers",
}
DEVELOPER = ("Group", "mlops:fraud:developers")
VIEWER = ("Group", "mlops:fraud:viewers")
READ = ("get", "list", "watch")
CHANGE = ("create", "update", "patch", "delete", "deletecollection")


@pytest.fixture(scope="module")
def graph() -> Graph:
    def program() -> None:
        TeamSpace("fraud", FRAUD)
        TeamSpace("pricing", PRICING)

    return record(program)


def test_children_are_named_by_role_and_parented(deploy: Deploy) -> None:
    graph = deploy(lambda: TeamSpace("fraud", FRAUD))
    team = graph.named("fraud")
    assert team.type == "mlops:index:TeamSpace"
    assert {(r.type.rpartition(":")[2], r.name) for r in graph.children_of(team.urn)} == {
        ("IsolatedNamespace", "fraud-space"),
        ("Role", "fraud-developer-role"),
        ("RoleBinding", "fraud-developer-binding"),
        ("Role", "fraud-viewer-role"),
        ("RoleBinding", "fraud-viewer-binding"),
    }
    space = graph.named("fraud-space")
    assert {(r.type.rpartition(":")[2], r.name) for r in graph.children_of(space.urn)} == {
        ("Namespace", "fraud-space-namespace"),
        ("ResourceQuota", "fraud-space-quota"),
        ("LimitRange", "fraud-space-limits"),
        ("NetworkPolicy", "fraud-space-deny-all"),
        ("NetworkPolicy", "fraud-space-allow-dns"),
        ("NetworkPolicy", "fraud-space-allow-same-namespace"),
        ("NetworkPolicy", "fraud-space-allow-aws"),
        ("NetworkPolicy", "fraud-space-allow-pod-identity"),
        ("NetworkPolicy", "fraud-space-allow-database"),
    }
    assert len(list(graph)) == 15, "nothing lies outside the components"


def test_every_object_is_valid_for_the_api_server(graph: Graph) -> None:
    assert_valid(graph)


def test_the_namespace_has_its_name_its_labels_and_restricted_pods(graph: Graph) -> None:
    metadata = graph.named("fraud-space-namespace").inputs["metadata"]
    assert metadata["name"] == "fraud-dev"
    assert metadata["labels"] == {
        "mlops/team": "fraud",
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
    }


def test_labels_cannot_loosen_pod_security(deploy: Deploy) -> None:
    loose = {**FRAUD, "labels": {"pod-security.kubernetes.io/enforce": "privileged"}}
    graph = deploy(lambda: TeamSpace("fraud", loose))  # type: ignore[arg-type]
    labels = graph.named("fraud-space-namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


def test_whoever_uses_the_namespace_waits_for_all_that_guards_it(graph: Graph) -> None:
    binding = graph.named("fraud-developer-binding")
    guards = {r.urn for r in graph.children_of(graph.named("fraud-space").urn)}
    assert len(guards) == 9
    assert guards <= binding.depends_on
    namespace = graph.named("fraud-space-namespace").urn
    assert all(
        namespace in r.depends_on
        for r in graph
        if r.type.startswith("kubernetes:") and r.inputs["metadata"].get("namespace") == "fraud-dev"
    )


def test_the_quota_holds_what_was_given_and_no_door_to_the_outside(graph: Graph) -> None:
    assert graph.named("fraud-space-quota").inputs["spec"]["hard"] == {
        "requests.cpu": "16",
        "requests.memory": "64Gi",
        "limits.memory": "64Gi",
        "requests.nvidia.com/gpu": "1",
        "requests.storage": "200Gi",
        "pods": "100",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
    }


def test_limits_answer_for_all_the_quota_asks_of_a_pod_and_give_nobody_a_gpu(
    graph: Graph,
) -> None:
    (limit,) = graph.named("fraud-space-limits").inputs["spec"]["limits"]
    assert limit["type"] == "Container"
    assert set(limit["defaultRequest"]) == {"cpu", "memory"}
    assert set(limit["default"]) == {"memory"}
    assert "nvidia" not in str(limit)


WORKLOADS = [
    ("", "pods"),
    ("", "services"),
    ("", "configmaps"),
    ("apps", "deployments"),
    ("batch", "jobs"),
    ("batch", "cronjobs"),
]
GUARDS = [
    ("", "resourcequotas"),
    ("", "limitranges"),
    ("", "serviceaccounts"),
    ("networking.k8s.io", "networkpolicies"),
]
OUT_OF_REACH = [
    ("", "secrets"),
    ("", "namespaces"),
    ("", "serviceaccounts/token"),
    ("", "pods/exec"),
    ("", "pods/ephemeralcontainers"),
    ("", "nodes/proxy"),
    ("rbac.authorization.k8s.io", "roles"),
    ("rbac.authorization.k8s.io", "rolebindings"),
    ("networking.k8s.io", "ingresses"),
    ("apps", "daemonsets"),
]


@pytest.mark.parametrize(("group", "resource"), WORKLOADS)
def test_developers_run_workloads_and_viewers_only_look(
    graph: Graph, group: str, resource: str
) -> None:
    for verb in (*READ, *CHANGE):
        assert may(graph, DEVELOPER, verb, resource, group=group, namespace="fraud-dev")
        allowed = may(graph, VIEWER, verb, resource, group=group, namespace="fraud-dev")
        assert allowed is (verb in READ)


@pytest.mark.parametrize(("group", "resource"), GUARDS)
def test_nobody_in_the_team_changes_what_guards_it(graph: Graph, group: str, resource: str) -> None:
    for who in (DEVELOPER, VIEWER):
        assert may(graph, who, "list", resource, group=group, namespace="fraud-dev")
        for verb in CHANGE:
            assert not may(graph, who, verb, resource, group=group, namespace="fraud-dev")


@pytest.mark.parametrize(("group", "resource"), OUT_OF_REACH)
def test_what_would_widen_a_permission_is_out_of_reach(
    graph: Graph, group: str, resource: str
) -> None:
    for who in (DEVELOPER, VIEWER):
        for verb in (*READ, *CHANGE, "bind", "escalate", "impersonate"):
            assert not may(graph, who, verb, resource, group=group, namespace="fraud-dev")


def test_both_read_logs_and_only_developers_forward_ports(graph: Graph) -> None:
    assert may(graph, DEVELOPER, "get", "pods/log", namespace="fraud-dev")
    assert may(graph, VIEWER, "get", "pods/log", namespace="fraud-dev")
    assert may(graph, DEVELOPER, "create", "pods/portforward", namespace="fraud-dev")
    assert not may(graph, VIEWER, "create", "pods/portforward", namespace="fraud-dev")


def test_no_right_reaches_into_another_teams_namespace(graph: Graph) -> None:
    pricing = ("Group", "mlops:pricing:developers")
    assert may(graph, pricing, "list", "pods", namespace="pricing-dev")
    assert not may(graph, DEVELOPER, "list", "pods", namespace="pricing-dev")
    assert not may(graph, VIEWER, "get", "pods/log", namespace="pricing-dev")


def test_no_rule_has_a_wildcard(graph: Graph) -> None:
    for role in graph.of_type("kubernetes:rbac.authorization.k8s.io/v1:Role"):
        assert "*" not in str(role.inputs["rules"])


POD = Pod("fraud-dev")
COLLEAGUE = Pod("fraud-dev", {"app": "mlflow"}, "10.20.1.11")
RIVAL = Pod("pricing-dev", {}, "10.20.1.12")
DNS_POD = Pod("kube-system", {"k8s-app": "kube-dns"}, "10.20.1.2")


@pytest.mark.parametrize(
    ("target", "port", "protocol"),
    [
        (COLLEAGUE, 5000, "TCP"),
        (DNS_POD, 53, "UDP"),
        (DNS_POD, 53, "TCP"),
        (Host("172.20.0.10"), 53, "UDP"),  # the resolver of an Auto Mode node
        (Host("52.94.5.1"), 443, "TCP"),  # a public AWS API
        (Host("10.20.9.9"), 443, "TCP"),  # an interface endpoint
        (Host("10.20.8.8"), 5432, "TCP"),  # the database
        (Host("169.254.170.23"), 80, "TCP"),  # the Pod Identity agent
    ],
)
def test_a_pod_reaches_what_it_needs(
    graph: Graph, target: Pod | Host, port: int, protocol: str
) -> None:
    assert connects(graph, POD, target, port, protocol)


@pytest.mark.parametrize(
    ("target", "port", "protocol"),
    [
        (RIVAL, 5000, "TCP"),
        (RIVAL, 443, "TCP"),
        (RIVAL, 5432, "TCP"),
        (RIVAL, 53, "UDP"),
        (DNS_POD, 8080, "TCP"),
        (Host("169.254.169.254"), 80, "TCP"),
        (Host("169.254.169.254"), 443, "TCP"),
        (Host("169.254.170.23"), 2703, "TCP"),
        (Host("93.184.216.34"), 80, "TCP"),
        (Host("93.184.216.34"), 22, "TCP"),
        (Host("93.184.216.34"), 5432, "TCP"),
        (Host("10.21.8.8"), 5432, "TCP"),
    ],
)
def test_a_pod_reaches_nothing_else(
    graph: Graph, target: Pod | Host, port: int, protocol: str
) -> None:
    assert not connects(graph, POD, target, port, protocol)


def test_nobody_from_outside_reaches_a_pod(graph: Graph) -> None:
    assert connects(graph, COLLEAGUE, POD, 8080)
    for stranger in (RIVAL, Pod("default"), Host("10.20.3.3"), Host("93.184.216.34")):
        assert not connects(graph, stranger, POD, 8080)


def test_no_database_range_is_refused_instead_of_opening_the_port_to_everybody(
    deploy: Deploy,
) -> None:
    open_to_all: TeamSpaceArgs = {**FRAUD, "database_cidrs": []}
    with pytest.raises(ValueError, match="would open it to everybody"):
        deploy(lambda: TeamSpace("fraud", open_to_all))
