"""What each node pool may start, how much of it, and when its nodes go: plain data for Karpenter.

Source: Amazon EKS user guide, "Create a Node Pool for EKS Auto Mode", and the NodePool reference
of karpenter.sh.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

NODE_CLASS = "mlops"
NODE_CLASS_GROUP = "eks.amazonaws.com"

ARCHITECTURES = ("amd64", "arm64")
CONSOLIDATIONS = ("always", "off_hours")

# Memory-optimized instances have this much for each CPU, others less: the limit on CPUs bites
# first, and a limit on memory of its own would be one more number to keep in step.
MEMORY_GIB_PER_CPU = 8
# Two weeks; Auto Mode replaces a node after three at the latest.
EXPIRE_AFTER = "336h"

CAPACITY_TYPE = "karpenter.sh/capacity-type"
GPU = "nvidia.com/gpu"

# Without this, Auto Mode would start a GPU machine for an ordinary pod when nothing else is left.
_ORDINARY_INSTANCES = (
    {"key": "eks.amazonaws.com/instance-category", "operator": "In", "values": ["c", "m", "r"]},
    {"key": "eks.amazonaws.com/instance-generation", "operator": "Gt", "values": ["4"]},
)
_A_FEW_AT_A_TIME = {"nodes": "10%"}
# Nodes that are empty or outdated may go at any time; the schedule is in UTC.
_NOBODY_MOVES_IN_WORKING_HOURS = {
    "nodes": "0",
    "reasons": ["Underutilized"],
    "schedule": "0 6 * * mon-fri",
    "duration": "14h",
}

Spec = dict[str, Any]


class CpuPoolArgs(TypedDict):
    """A pool of nodes without GPUs."""

    cpu_limit: int
    """Virtual CPUs of all its nodes together; memory is limited to 8 GiB for each. 0: no pool."""
    architectures: list[str]
    """`amd64`, `arm64` or both. With both, a pod that names none may get either."""


class GpuPoolArgs(TypedDict):
    """A pool of nodes with NVIDIA GPUs."""

    gpu_limit: int
    """GPUs of all its nodes together. 0: no pool."""
    instance_families: list[str]
    """Families of instances with NVIDIA GPUs, such as `g6`."""


def pool_specs(
    general: CpuPoolArgs, spot: CpuPoolArgs, gpu: GpuPoolArgs, consolidation: str
) -> dict[str, Spec]:
    """Specification of every pool with a limit above 0, by its name in the cluster.

    Pods get to `general` unasked. They get to `spot` if they tolerate that AWS takes the node
    back, and to `gpu` if they ask for a GPU: EKS adds the toleration to those.
    """
    specs = {}
    if general["cpu_limit"]:
        specs["general"] = _spec(
            requirements=[*_cpu_requirements("on-demand", general), *_ORDINARY_INSTANCES],
            limits=_cpu_limits(general),
            disruption=_when_underused(consolidation),
        )
    if spot["cpu_limit"]:
        specs["spot"] = _spec(
            requirements=[*_cpu_requirements("spot", spot), *_ORDINARY_INSTANCES],
            taint={"key": CAPACITY_TYPE, "value": "spot", "effect": "NoSchedule"},
            limits=_cpu_limits(spot),
            # Half a batch job is worth nothing: none is moved to save a node.
            disruption=_when_empty("1m"),
        )
    if gpu["gpu_limit"]:
        specs["gpu"] = _spec(
            requirements=[
                _one_of(CAPACITY_TYPE, ["on-demand"]),
                _one_of("kubernetes.io/arch", ["amd64"]),
                _one_of("eks.amazonaws.com/instance-family", gpu["instance_families"]),
                _one_of("eks.amazonaws.com/instance-gpu-manufacturer", ["nvidia"]),
            ],
            taint={"key": GPU, "effect": "NoSchedule"},
            limits={GPU: str(gpu["gpu_limit"])},
            # Starting one and loading its images takes minutes; the next run may come at once.
            disruption=_when_empty("10m"),
        )
    return specs


def check_pools(pools: Iterable[CpuPoolArgs], gpu: GpuPoolArgs, consolidation: str) -> None:
    """Refuse what Karpenter would accept and then never find an instance for."""
    if consolidation not in CONSOLIDATIONS:
        raise ValueError(
            f"consolidation is {consolidation!r}; allowed are {' and '.join(CONSOLIDATIONS)}"
        )
    for pool in pools:
        if not pool["architectures"] or set(pool["architectures"]) - set(ARCHITECTURES):
            raise ValueError(
                f"architectures is {pool['architectures']}; "
                f"give {' or '.join(ARCHITECTURES)}, or both"
            )
    families = gpu["instance_families"]
    if gpu["gpu_limit"] and (not families or any(f[:1] not in ("g", "p") for f in families)):
        raise ValueError(
            f"instance_families is {families}; give families of instances with NVIDIA GPUs, "
            "such as g6, or a gpu_limit of 0"
        )


def _spec(
    *,
    requirements: Sequence[Mapping[str, Any]],
    limits: dict[str, str],
    disruption: Spec,
    taint: dict[str, str] | None = None,
) -> Spec:
    return {
        "template": {
            "spec": {
                "nodeClassRef": {
                    "group": NODE_CLASS_GROUP,
                    "kind": "NodeClass",
                    "name": NODE_CLASS,
                },
                "requirements": [*requirements],
                **({"taints": [taint]} if taint else {}),
                "expireAfter": EXPIRE_AFTER,
            }
        },
        "limits": limits,
        "disruption": disruption,
    }


def _cpu_requirements(capacity_type: str, pool: CpuPoolArgs) -> list[Spec]:
    return [
        _one_of(CAPACITY_TYPE, [capacity_type]),
        _one_of("kubernetes.io/arch", pool["architectures"]),
    ]


def _one_of(label: str, values: Sequence[str]) -> Spec:
    return {"key": label, "operator": "In", "values": [*values]}


def _cpu_limits(pool: CpuPoolArgs) -> dict[str, str]:
    cpu = pool["cpu_limit"]
    return {"cpu": str(cpu), "memory": f"{cpu * MEMORY_GIB_PER_CPU}Gi"}


def _when_underused(consolidation: str) -> Spec:
    budgets: list[Spec] = [_A_FEW_AT_A_TIME]
    if consolidation == "off_hours":
        budgets.append(_NOBODY_MOVES_IN_WORKING_HOURS)
    return {
        "consolidationPolicy": "WhenEmptyOrUnderutilized",
        "consolidateAfter": "1m",
        "budgets": budgets,
    }


def _when_empty(after: str) -> Spec:
    return {
        "consolidationPolicy": "WhenEmpty",
        "consolidateAfter": after,
        "budgets": [_A_FEW_AT_A_TIME],
    }
