"""Decides whether a pod template passes Pod Security `restricted`, and what else is asked here."""

from collections.abc import Iterator
from typing import Any

from infra.recording import Graph, RecordedResource

WORKLOADS = ("kubernetes:batch/v1:Job", "kubernetes:apps/v1:Deployment")
TEMP = "/tmp"  # noqa: S108  # a path inside the container
VOLUMES = {"configMap", "emptyDir", "projected", "secret"}


def pod_templates(graph: Graph) -> Iterator[tuple[RecordedResource, dict[str, Any]]]:
    """Every workload of the graph with its pod template."""
    for kind in WORKLOADS:
        for workload in graph.of_type(kind):
            yield workload, workload.inputs["spec"]["template"]


def violations(pod: dict[str, Any]) -> list[str]:
    """Say what is wrong with the pod; nothing means it is fine."""
    found = []
    if pod.get("automountServiceAccountToken") is not False:
        found.append("mounts a token")
    if pod.get("serviceAccountName") in (None, "default"):
        found.append("uses the default service account")
    if any(pod.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")):
        found.append("shares a namespace of the node")
    if pod["securityContext"].get("seccompProfile") != {"type": "RuntimeDefault"}:
        found.append("has no seccomp profile")
    for volume in pod.get("volumes", []):
        if kinds := set(volume) - {"name"} - VOLUMES:
            found.append(f"mounts {kinds}")
    for container in pod["containers"]:
        found += [f"{container['name']}: {text}" for text in _container_violations(container)]
    return found


def _container_violations(container: dict[str, Any]) -> Iterator[str]:
    context = container.get("securityContext", {})
    wanted = {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "capabilities": {"drop": ["ALL"]},
    }
    yield from (
        f"{key} is not {value}" for key, value in wanted.items() if context.get(key) != value
    )
    if context.get("privileged"):
        yield "is privileged"
    if context.get("runAsUser", 0) < 10000:
        yield "runs as a user the node may have"
    for side in ("requests", "limits"):
        missing = {"cpu", "memory", "ephemeral-storage"} - set(container["resources"][side])
        if missing:
            yield f"has no {side} of {missing}"
    if not any(mount["mountPath"] == TEMP for mount in container["volumeMounts"]):
        yield "cannot write anywhere"
