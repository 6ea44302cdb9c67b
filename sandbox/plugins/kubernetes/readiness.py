"""Whether a live object does what it is for, judged from its own fields alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.plugins.kubernetes.kinds import Kind
from sandbox.plugins.kubernetes.quantities import same_meaning
from sandbox.plugins.kubernetes.values import Tree


@dataclass(frozen=True)
class Readiness:
    """A judgement; without `waits_for` and `fault` the object is ready."""

    waits_for: str = ""
    fault: str = ""
    """Set where waiting cannot help any more."""

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to wait for."""
        return not self.waits_for and not self.fault


READY = Readiness()

Judge = Callable[[Tree], Readiness]


def condition(live: Tree, kind: str) -> Tree:
    """Return a condition of an object's status; empty if it has none of this type."""
    for found in _status(live).get("conditions") or []:
        if found.get("type") == kind:
            return dict(found)
    return {}


def has_condition(live: Tree, kind: str) -> bool:
    """Say whether a condition holds."""
    return condition(live, kind).get("status") == "True"


def judge(kind: Kind) -> Judge | None:
    """Return how to judge objects of a kind; None where existing is enough."""
    return _JUDGES.get((kind.group, kind.kind))


def custom(expression: str) -> Judge | None:
    """Return the judge for a `condition=Type[=Status]` of `pulumi.com/waitFor`; None for others."""
    if not expression.startswith("condition="):
        return None
    kind, _, wanted = expression.removeprefix("condition=").partition("=")

    def holds(live: Tree) -> Readiness:
        found = condition(live, kind).get("status", "Unknown")
        if found.lower() == (wanted or "True").lower():
            return READY
        return Readiness(f"condition {kind} is {found}")

    return holds


def _status(live: Tree) -> Tree:
    return live.get("status") or {}


def _replicas(live: Tree) -> int:
    return int((live.get("spec") or {}).get("replicas", 1))


def _is_seen(live: Tree) -> bool:
    """Say whether the controller has seen the newest specification."""
    newest: int = live["metadata"].get("generation", 0)
    return int(_status(live).get("observedGeneration", 0)) >= newest


def _count(live: Tree, name: str) -> int:
    return int(_status(live).get(name) or 0)


def _deployment(live: Tree) -> Readiness:
    wanted = _replicas(live)
    progress = condition(live, "Progressing")
    if not _is_seen(live):
        return Readiness("the controller has not seen it yet")
    if progress.get("reason") == "ProgressDeadlineExceeded":
        return Readiness(fault=progress.get("message", "its progress deadline has passed"))
    if _count(live, "updatedReplicas") < wanted:
        return Readiness(f"{_count(live, 'updatedReplicas')} of {wanted} replicas updated")
    if _count(live, "replicas") > _count(live, "updatedReplicas"):
        return Readiness("old replicas are ending")
    if _count(live, "availableReplicas") < wanted:
        return Readiness(f"{_count(live, 'availableReplicas')} of {wanted} replicas available")
    return READY


def _stateful_set(live: Tree) -> Readiness:
    wanted, status = _replicas(live), _status(live)
    if not _is_seen(live):
        return Readiness("the controller has not seen it yet")
    if _count(live, "readyReplicas") < wanted:
        return Readiness(f"{_count(live, 'readyReplicas')} of {wanted} replicas ready")
    strategy = live["spec"].get("updateStrategy") or {}
    if strategy.get("type") == "OnDelete":
        return READY
    kept = int((strategy.get("rollingUpdate") or {}).get("partition", 0))
    if _count(live, "updatedReplicas") < wanted - kept:
        return Readiness(f"{_count(live, 'updatedReplicas')} of {wanted - kept} replicas updated")
    if not kept and status.get("updateRevision") != status.get("currentRevision"):
        return Readiness("the new revision is not complete")
    return READY


def _daemon_set(live: Tree) -> Readiness:
    wanted = _count(live, "desiredNumberScheduled")
    if not _is_seen(live):
        return Readiness("the controller has not seen it yet")
    if _count(live, "updatedNumberScheduled") < wanted:
        return Readiness(f"{_count(live, 'updatedNumberScheduled')} of {wanted} pods updated")
    if _count(live, "numberAvailable") < wanted:
        return Readiness(f"{_count(live, 'numberAvailable')} of {wanted} pods available")
    return READY


def _job(live: Tree) -> Readiness:
    failed = condition(live, "Failed")
    if failed.get("status") == "True":
        why = ": ".join(filter(None, (failed.get("reason"), failed.get("message"))))
        return Readiness(fault=f"the job has failed: {why}")
    if has_condition(live, "Complete") or (live.get("spec") or {}).get("suspend"):
        return READY
    done, wanted = _count(live, "succeeded"), (live.get("spec") or {}).get("completions", 1)
    return Readiness(f"{done} of {wanted} completions")


def _pod(live: Tree) -> Readiness:
    phase = _status(live).get("phase", "Pending")
    if phase == "Failed":
        return Readiness(fault=_status(live).get("message") or "the pod has failed")
    if phase == "Succeeded" or (phase == "Running" and has_condition(live, "Ready")):
        return READY
    return Readiness(f"the pod is {phase} and not ready")


def _custom_resource_definition(live: Tree) -> Readiness:
    names = condition(live, "NamesAccepted")
    if names.get("status") == "False":
        return Readiness(fault=f"its names are not accepted: {names.get('message', '')}")
    return READY if has_condition(live, "Established") else Readiness("it is not established")


def _phase(*wanted: str) -> Judge:
    def judge_phase(live: Tree) -> Readiness:
        found = _status(live).get("phase", "unknown")
        return READY if found in wanted else Readiness(f"its phase is {found}")

    return judge_phase


def _resource_quota(live: Tree) -> Readiness:
    wanted = (live.get("spec") or {}).get("hard") or {}
    found = _status(live).get("hard") or {}
    if set(wanted) == set(found) and all(same_meaning(wanted[n], found[n]) for n in wanted):
        return READY
    return Readiness("the controller has not taken over its limits")


def _secret(live: Tree) -> Readiness:
    if live.get("type") != "kubernetes.io/service-account-token" or live.get("data"):
        return READY
    return Readiness("the controller has not filled in the token")


def _load_balancer(live: Tree) -> Readiness:
    """Judge a Service by itself; whether pods stand behind it is asked elsewhere."""
    spec: dict[str, Any] = live.get("spec") or {}
    if spec.get("type") != "LoadBalancer":
        return READY
    if (_status(live).get("loadBalancer") or {}).get("ingress"):
        return READY
    return Readiness("no address has been allocated to the load balancer")


_JUDGES: dict[tuple[str, str], Judge] = {
    ("", "Namespace"): _phase("Active"),
    ("", "PersistentVolume"): _phase("Available", "Bound"),
    ("", "PersistentVolumeClaim"): _phase("Bound"),
    ("", "Pod"): _pod,
    ("", "ResourceQuota"): _resource_quota,
    ("", "Secret"): _secret,
    ("", "Service"): _load_balancer,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _custom_resource_definition,
    ("apps", "DaemonSet"): _daemon_set,
    ("apps", "Deployment"): _deployment,
    ("apps", "StatefulSet"): _stateful_set,
    ("batch", "Job"): _job,
}
