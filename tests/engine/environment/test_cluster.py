"""What really exists in the cluster after `up`, and what its API server refuses."""

from typing import Any

import pytest
from kubernetes import client
from kubernetes.client.exceptions import ApiException

from tests.engine.sandboxes import STACK, SandboxUnderTest

pytestmark = pytest.mark.engine

SYSTEM = "mlops-system"
ALLOWED: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"generateName": "try-"},
    "spec": {
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 1000,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [
            {
                "name": "main",
                "image": "example.com/image",
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "capabilities": {"drop": ["ALL"]},
                },
            }
        ],
    },
}


@pytest.fixture(scope="module")
def core(environment: SandboxUnderTest) -> Any:
    """Return the core API, as administrator."""
    return environment.core()


def try_pod(core: Any, **changes: Any) -> Any:
    """Create a pod in the team's namespace without keeping it."""
    [container] = ALLOWED["spec"]["containers"]
    pod = {**ALLOWED, "spec": {**ALLOWED["spec"], "containers": [{**container, **changes}]}}
    return core.create_namespaced_pod(STACK, pod, dry_run="All")


@pytest.mark.parametrize("namespace", [STACK, SYSTEM])
def test_pod_security_is_enforced(core: Any, namespace: str) -> None:
    labels = core.read_namespace(namespace).metadata.labels
    prefix = "pod-security.kubernetes.io"
    assert {labels[f"{prefix}/{mode}"] for mode in ("enforce", "audit", "warn")} == {"restricted"}


def test_an_ordinary_pod_is_let_in_with_the_limits_of_the_namespace(core: Any) -> None:
    [container] = try_pod(core).spec.containers
    assert container.resources.requests == {"cpu": "100m", "memory": "256Mi"}
    assert container.resources.limits == {"memory": "1Gi"}


def test_a_privileged_pod_is_kept_out(core: Any) -> None:
    with pytest.raises(ApiException, match="violates PodSecurity"):
        try_pod(core, securityContext={"privileged": True})


@pytest.mark.parametrize("resource", ["cpu", "memory"])
def test_a_pod_beyond_the_quota_is_kept_out(core: Any, resource: str) -> None:
    amount = {"cpu": "17", "memory": "65Gi"}[resource]
    resources = {"requests": {resource: amount}, "limits": {"memory": "65Gi"}}
    with pytest.raises(ApiException, match=f"exceeded quota[\\s\\S]*requests.{resource}"):
        try_pod(core, resources=resources)


def test_a_pod_that_wants_a_gpu_nobody_granted_is_kept_out(core: Any) -> None:
    with pytest.raises(ApiException, match=r"exceeded quota[\s\S]*requests.nvidia.com/gpu"):
        try_pod(core, resources={"limits": {"nvidia.com/gpu": "1"}})


@pytest.mark.parametrize("namespace", [STACK, SYSTEM])
def test_traffic_is_denied_unless_allowed(environment: SandboxUnderTest, namespace: str) -> None:
    networking = client.NetworkingV1Api(environment.kubernetes())
    policies = networking.list_namespaced_network_policy(namespace).items
    closed = [
        policy
        for policy in policies
        if not policy.spec.pod_selector.match_labels
        and set(policy.spec.policy_types) == {"Ingress", "Egress"}
        and not policy.spec.ingress
        and not policy.spec.egress
    ]
    assert len(closed) == 1
    assert [
        port.port for p in policies for rule in p.spec.egress or [] for port in rule.ports or []
    ]


def test_the_switch_that_makes_the_network_obey_is_on(core: Any) -> None:
    switch = core.read_namespaced_config_map("amazon-vpc-cni", "kube-system")
    assert switch.data == {"enable-network-policy-controller": "true"}


@pytest.mark.parametrize(
    ("group", "verb", "resource", "allowed"),
    [
        ("preview", "get", "configmaps", True),
        ("preview", "patch", "configmaps", False),
        ("preview", "get", "secrets", False),
        ("developers", "create", "pods", True),
        ("developers", "get", "secrets", False),
        ("developers", "delete", "resourcequotas", False),
        ("viewers", "list", "pods", True),
        ("viewers", "create", "pods", False),
        ("strangers", "list", "pods", False),
    ],
)
def test_groups_may_do_what_they_are_for(
    environment: SandboxUnderTest, group: str, verb: str, resource: str, *, allowed: bool
) -> None:
    api = client.AuthorizationV1Api(environment.kubernetes())
    attributes = {"namespace": STACK, "verb": verb, "resource": resource, "group": ""}
    review = api.create_subject_access_review(
        {
            "spec": {
                "user": "somebody",
                "groups": [f"{STACK}:{group}"],
                "resourceAttributes": attributes,
            }
        }
    )
    assert review.status.allowed is allowed


@pytest.mark.parametrize(
    ("group", "resource", "name"),
    [("karpenter.sh", "nodepools", "general"), ("", "configmaps", "amazon-vpc-cni")],
)
def test_a_preview_also_reads_what_the_stack_made_outside_its_namespace(
    environment: SandboxUnderTest, group: str, resource: str, name: str
) -> None:
    api = client.AuthorizationV1Api(environment.kubernetes())
    place = {"namespace": "kube-system"} if resource == "configmaps" else {}

    def may(groups: list[str]) -> bool:
        attributes = {**place, "verb": "get", "group": group, "resource": resource, "name": name}
        spec = {"user": "ci", "groups": groups, "resourceAttributes": attributes}
        allowed: bool = api.create_subject_access_review({"spec": spec}).status.allowed
        return allowed

    assert may([f"{STACK}:preview"])
    assert not may([f"{STACK}:developers"])


def test_the_tracking_server_runs_behind_its_service(environment: SandboxUnderTest) -> None:
    apps = client.AppsV1Api(environment.kubernetes())
    [deployment] = apps.list_namespaced_deployment(STACK).items
    assert deployment.status.ready_replicas == deployment.spec.replicas >= 1
    endpoints = client.DiscoveryV1Api(environment.kubernetes()).list_namespaced_endpoint_slice(
        STACK
    )
    assert [e for piece in endpoints.items for e in piece.endpoints if e.conditions.ready]


def test_both_jobs_ran_to_their_end(environment: SandboxUnderTest) -> None:
    jobs = client.BatchV1Api(environment.kubernetes()).list_job_for_all_namespaces().items
    assert {(job.metadata.namespace, job.status.succeeded) for job in jobs} == {
        (STACK, 1),
        (SYSTEM, 1),
    }


def test_disks_are_encrypted_by_default(environment: SandboxUnderTest) -> None:
    classes = client.StorageV1Api(environment.kubernetes()).list_storage_class().items
    default = "storageclass.kubernetes.io/is-default-class"
    [found] = [c for c in classes if (c.metadata.annotations or {}).get(default) == "true"]
    assert found.parameters["encrypted"] == "true"
