"""When a live object is ready, still on its way, or has failed."""

import pytest

from sandbox.plugins.kubernetes.kinds import Kind
from sandbox.plugins.kubernetes.pods import troubles
from sandbox.plugins.kubernetes.readiness import READY, Readiness, custom, judge
from sandbox.plugins.kubernetes.values import Tree


def _condition(kind: str, status: str = "True", **more: str) -> Tree:
    return {"conditions": [{"type": kind, "status": status, **more}]}


def _workload(status: Tree, **spec: object) -> Tree:
    return {"metadata": {"generation": 2}, "spec": spec, "status": status}


DONE = {"observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2}
STATEFUL = {"observedGeneration": 2, "readyReplicas": 2, "updatedReplicas": 2}


@pytest.mark.parametrize(
    ("kind", "live"),
    [
        ("apps/v1:Deployment", _workload(DONE, replicas=2)),
        ("apps/v1:Deployment", _workload({"observedGeneration": 2}, replicas=0)),
        (
            "apps/v1:StatefulSet",
            _workload({**STATEFUL, "updateRevision": "a", "currentRevision": "a"}, replicas=2),
        ),
        ("apps/v1:DaemonSet", _workload({"observedGeneration": 2})),
        ("batch/v1:Job", {"status": _condition("Complete")}),
        ("batch/v1:Job", {"spec": {"suspend": True}}),
        ("v1:Namespace", {"status": {"phase": "Active"}}),
        ("v1:Pod", {"status": {"phase": "Succeeded"}}),
        ("v1:Pod", {"status": {"phase": "Running", **_condition("Ready")}}),
        ("v1:PersistentVolumeClaim", {"status": {"phase": "Bound"}}),
        (
            "v1:ResourceQuota",
            {"spec": {"hard": {"cpu": "0.5"}}, "status": {"hard": {"cpu": "500m"}}},
        ),
        ("v1:Secret", {"type": "Opaque"}),
        ("v1:Service", {"spec": {"type": "ClusterIP"}}),
        ("apiextensions.k8s.io/v1:CustomResourceDefinition", {"status": _condition("Established")}),
    ],
)
def test_ready(kind: str, live: Tree) -> None:
    assert _judge(kind, live) == READY


@pytest.mark.parametrize(
    ("kind", "live", "waits_for"),
    [
        ("apps/v1:Deployment", _workload({**DONE, "observedGeneration": 1}), "has not seen it"),
        (
            "apps/v1:Deployment",
            _workload({**DONE, "updatedReplicas": 1}, replicas=2),
            "1 of 2 replicas updated",
        ),
        (
            "apps/v1:Deployment",
            _workload({**DONE, "replicas": 3}, replicas=2),
            "old replicas are ending",
        ),
        (
            "apps/v1:Deployment",
            _workload({**DONE, "availableReplicas": 0}, replicas=2),
            "0 of 2 replicas available",
        ),
        (
            "apps/v1:StatefulSet",
            _workload({**STATEFUL, "updateRevision": "b", "currentRevision": "a"}, replicas=2),
            "new revision",
        ),
        (
            "apps/v1:DaemonSet",
            _workload({"observedGeneration": 2, "desiredNumberScheduled": 1}),
            "0 of 1 pods updated",
        ),
        ("batch/v1:Job", {"status": {"active": 1}}, "0 of 1 completions"),
        ("v1:Namespace", {"status": {"phase": "Terminating"}}, "its phase is Terminating"),
        ("v1:PersistentVolumeClaim", {"status": {"phase": "Pending"}}, "its phase is Pending"),
        ("v1:ResourceQuota", {"spec": {"hard": {"cpu": 1}}}, "has not taken over"),
        ("v1:Secret", {"type": "kubernetes.io/service-account-token"}, "has not filled in"),
        ("v1:Service", {"spec": {"type": "LoadBalancer"}}, "no address"),
        ("apiextensions.k8s.io/v1:CustomResourceDefinition", {}, "not established"),
    ],
)
def test_on_its_way(kind: str, live: Tree, waits_for: str) -> None:
    assert waits_for in _judge(kind, live).waits_for


@pytest.mark.parametrize(
    ("kind", "live", "fault"),
    [
        (
            "batch/v1:Job",
            {"status": _condition("Failed", reason="BackoffLimitExceeded", message="too often")},
            "the job has failed: BackoffLimitExceeded: too often",
        ),
        (
            "apps/v1:Deployment",
            _workload(
                {
                    **DONE,
                    **_condition(
                        "Progressing", "False", reason="ProgressDeadlineExceeded", message="stuck"
                    ),
                }
            ),
            "stuck",
        ),
        ("v1:Pod", {"status": {"phase": "Failed", "message": "evicted"}}, "evicted"),
        (
            "apiextensions.k8s.io/v1:CustomResourceDefinition",
            {"status": _condition("NamesAccepted", "False", message="taken")},
            "its names are not accepted: taken",
        ),
    ],
)
def test_failed_for_good(kind: str, live: Tree, fault: str) -> None:
    assert _judge(kind, live).fault == fault


def test_existing_is_enough_for_most_kinds() -> None:
    assert judge(Kind("", "v1", "ConfigMap")) is None
    assert judge(Kind("networking.k8s.io", "v1", "Ingress")) is None


@pytest.mark.parametrize(
    ("expression", "status", "is_ready"),
    [("condition=Synced", "True", True), ("condition=Synced=False", "True", False)],
)
def test_a_condition_of_ones_own(expression: str, status: str, is_ready: bool) -> None:
    asked = custom(expression)
    assert asked is not None
    assert asked({"status": _condition("Synced", status)}).is_ready is is_ready
    assert custom("jsonpath={.status}") is None


def test_what_is_wrong_with_pods_is_told_and_what_is_normal_is_not() -> None:
    broken = {
        "metadata": {"name": "p1"},
        "status": {
            "initContainerStatuses": [
                {
                    "name": "init",
                    "state": {"waiting": {"reason": "ImagePullBackOff", "message": "x"}},
                }
            ],
            "containerStatuses": [{"name": "c", "state": {"terminated": {"exitCode": 3}}}],
        },
    }
    unplaced = {
        "metadata": {"name": "p2"},
        "status": _condition("PodScheduled", "False", reason="Unschedulable", message="no nodes"),
    }
    starting = {
        "metadata": {"name": "p3"},
        "status": {
            "containerStatuses": [
                {"name": "c", "state": {"waiting": {"reason": "PodInitializing"}}}
            ]
        },
    }
    assert troubles([broken, unplaced, starting]) == [
        "pod p1: container init: ImagePullBackOff, x; container c: exit code 3",
        "pod p2: Unschedulable, no nodes",
    ]


def _judge(kind: str, live: Tree) -> Readiness:
    found = judge(Kind.of(*kind.split(":")))
    assert found is not None
    return found(live)
