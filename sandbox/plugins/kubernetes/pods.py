"""Why the pods of a workload do not work, in words."""

from collections.abc import Iterator
from typing import Any

from sandbox.plugins.kubernetes.readiness import condition
from sandbox.plugins.kubernetes.values import Tree

_NORMAL_WAITS = frozenset({"ContainerCreating", "PodInitializing"})
MOST_SHOWN = 3


def selector_of(live: Tree) -> str:
    """Return the label selector for the pods of a workload; empty if it has none."""
    selector: dict[str, Any] = (live.get("spec") or {}).get("selector") or {}
    labels: dict[str, str] = selector.get("matchLabels") or {}
    return ",".join(f"{name}={value}" for name, value in sorted(labels.items()))


def troubles(pods: list[Tree]) -> list[str]:
    """Return what is wrong with pods, one line each, the first few."""
    lines = []
    for pod in pods:
        found = list(_trouble(pod))
        if found:
            lines.append(f"pod {pod['metadata']['name']}: {'; '.join(found)}")
    return lines[:MOST_SHOWN]


def _trouble(pod: Tree) -> Iterator[str]:
    status = pod.get("status") or {}
    scheduled = condition(pod, "PodScheduled")
    if scheduled.get("status") == "False":
        yield f"{scheduled.get('reason', 'not scheduled')}, {scheduled.get('message', '')}"
    if status.get("phase") == "Failed" and status.get("message"):
        yield str(status["message"])
    for field in ("initContainerStatuses", "containerStatuses"):
        for container in status.get(field) or []:
            yield from _container_trouble(container)


def _container_trouble(container: Tree) -> Iterator[str]:
    for moment in ("state", "lastState"):
        state = container.get(moment) or {}
        waiting, ended = state.get("waiting") or {}, state.get("terminated") or {}
        if waiting and waiting.get("reason") not in _NORMAL_WAITS:
            yield _said(container, waiting)
        if ended.get("exitCode"):
            yield _said(container, {**ended, "reason": f"exit code {ended['exitCode']}"})


def _said(container: Tree, state: Tree) -> str:
    words = filter(None, (state.get("reason"), state.get("message")))
    return f"container {container.get('name')}: {', '.join(words)}"


def blocked(live: Tree) -> list[str]:
    """Return why a controller could not make pods at all, such as a quota or pod security."""
    failure = condition(live, "ReplicaFailure")
    return [failure["message"]] if failure.get("status") == "True" else []
