"""Waits until an object is ready, or gone."""

import json
import time
from collections.abc import Iterator
from typing import Any

from sandbox.plugins.kubernetes import pods
from sandbox.plugins.kubernetes.cluster import Cluster
from sandbox.plugins.kubernetes.errors import CancelledError, KubernetesError, NotReadyError
from sandbox.plugins.kubernetes.kinds import Kind
from sandbox.plugins.kubernetes.objects import (
    SKIP_AWAIT,
    WAIT_FOR,
    annotation,
    describe,
    is_set,
    metadata,
)
from sandbox.plugins.kubernetes.readiness import READY, Judge, Readiness, custom, judge
from sandbox.plugins.kubernetes.resource import Tell
from sandbox.plugins.kubernetes.values import Tree

FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 1.0

POD = Kind("", "v1", "Pod")
STORAGE_CLASS = Kind("storage.k8s.io", "v1", "StorageClass")
ENDPOINT_SLICE = Kind("discovery.k8s.io", "v1", "EndpointSlice")

_WORKLOADS = frozenset({"DaemonSet", "Deployment", "Job", "StatefulSet"})


def until_ready(
    cluster: Cluster, applied: Tree, *, inputs: Tree, within_s: float, tell: Tell
) -> Tree:
    """Wait until an object is ready; return it as it is then.

    Raises:
        NotReadyError: it has failed, or the time is over.

    """
    assess = _judge(cluster, applied, inputs)
    if assess is None:
        return applied
    live, found = applied, Readiness()
    try:
        for live in _observations(cluster, applied, within_s):
            before, found = found, assess(live)
            if found.is_ready:
                return live
            if found.fault:
                raise _not_ready(cluster, live, found.fault)
            if found != before:
                tell(f"waiting: {found.waits_for}")
    except CancelledError as error:
        raise NotReadyError(f"{describe(live)}: cancelled while waiting", live) from error
    raise _not_ready(
        cluster, live, f"not ready after {within_s:.0f} s: {found.waits_for or 'it is gone'}"
    )


def readiness(cluster: Cluster, live: Tree, inputs: Tree) -> Readiness:
    """Judge an object as it is now."""
    assess = _judge(cluster, live, inputs)
    return assess(live) if assess else READY


def until_gone(cluster: Cluster, live: Tree, *, within_s: float) -> None:
    """Wait until an object does not exist any more; a new one of the same name is another."""
    first = metadata(live).get("uid")
    for now in _observations(cluster, live, within_s):
        if metadata(now).get("uid") != first:
            return
        live = now
    last = cluster.get(Kind.of(live["apiVersion"], live["kind"]), *_place(live))
    if last is None or metadata(last).get("uid") != first:
        return
    held = [*(metadata(last).get("finalizers") or []), *_remains(last)]
    raise NotReadyError(
        f"{describe(last)} is still there {within_s:.0f} s after it was deleted; "
        f"what holds it: {', '.join(held) or 'unknown'}",
        last,
    )


def _observations(cluster: Cluster, start: Tree, within_s: float) -> Iterator[Tree]:
    """Yield an object again and again until the time is over or it is gone."""
    kind, end, pause_s = (
        Kind.of(start["apiVersion"], start["kind"]),
        time.monotonic() + within_s,
        FIRST_PAUSE_S,
    )
    while (live := cluster.get(kind, *_place(start))) is not None:
        yield live
        if time.monotonic() > end:
            return
        cluster.pause(min(pause_s, max(0.0, end - time.monotonic())))
        pause_s = min(pause_s * 1.5, LONGEST_PAUSE_S)


def _place(live: Tree) -> tuple[str | None, str]:
    return metadata(live).get("namespace"), metadata(live)["name"]


def _judge(cluster: Cluster, live: Tree, inputs: Tree) -> Judge | None:
    """Return how to judge this object: its own wishes first, then its kind."""
    if is_set(inputs, SKIP_AWAIT):
        return None
    wishes = annotation(inputs, WAIT_FOR)
    if wishes:
        return _wished(wishes)
    if live["kind"] == "PersistentVolumeClaim" and _binds_late(cluster, live):
        return None
    if live["kind"] == "Service" and _selects_pods(live):
        return lambda now: _service(cluster, now)
    return judge(Kind.of(live["apiVersion"], live["kind"]))


def _wished(wishes: str) -> Judge:
    expressions = json.loads(wishes) if wishes.startswith("[") else [wishes]
    judges = [custom(expression) for expression in expressions]
    if not all(judges):
        raise KubernetesError(
            f"{WAIT_FOR} is {wishes!r}; this stand-in knows condition=Type[=Status] only"
        )

    def all_hold(live: Tree) -> Readiness:
        found: list[Readiness] = [one(live) for one in judges if one]
        return next((one for one in found if not one.is_ready), READY)

    return all_hold


def _binds_late(cluster: Cluster, claim: Tree) -> bool:
    """Say whether a claim is bound only once a pod uses it."""
    name = claim["spec"].get("storageClassName")
    storage = cluster.get(STORAGE_CLASS, None, name) if name else None
    return bool(storage and storage.get("volumeBindingMode") == "WaitForFirstConsumer")


def _selects_pods(service: Tree) -> bool:
    spec: dict[str, Any] = service.get("spec") or {}
    is_plain = spec.get("type") != "ExternalName" and spec.get("clusterIP") != "None"
    return bool(is_plain and spec.get("selector"))


def _service(cluster: Cluster, live: Tree) -> Readiness:
    """Judge a Service: an address where it wants one, and a pod behind it."""
    namespace, name = _place(live)
    itself = judge(Kind("", "v1", "Service"))
    found = itself(live) if itself else READY
    if not found.is_ready:
        return found
    slices = cluster.list(ENDPOINT_SLICE, namespace, selector=f"kubernetes.io/service-name={name}")
    endpoints = [endpoint for one in slices for endpoint in one.get("endpoints") or []]
    if any((one.get("conditions") or {}).get("ready", True) for one in endpoints):
        return READY
    return Readiness("no ready pod is behind it")


def _not_ready(cluster: Cluster, live: Tree, why: str) -> NotReadyError:
    details = [why, *pods.blocked(live)]
    selector = pods.selector_of(live)
    if live["kind"] in _WORKLOADS and selector:
        details += pods.troubles(cluster.list(POD, _place(live)[0], selector=selector))
    return NotReadyError(f"{describe(live)}: {'; '.join(details)}", live)


def _remains(namespace: Tree) -> list[str]:
    """Return what a namespace that is going still holds."""
    conditions = (namespace.get("status") or {}).get("conditions") or []
    return [one["message"] for one in conditions if one.get("status") == "True"]
