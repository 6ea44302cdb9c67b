"""A namespace that protects itself and its neighbours: pod security, quota, network isolation."""

from typing import TypedDict

import pulumi
from pulumi_kubernetes.core.v1 import LimitRange, Namespace, ResourceQuota
from pulumi_kubernetes.networking.v1 import NetworkPolicy

from mlops.tenancy.network_rules import isolation


class NamespaceQuota(TypedDict):
    """How much of the cluster the pods of one namespace can hold together."""

    cpu: int
    """Cores that may be requested. Use above the request is possible while a node has them free."""
    memory_gib: int
    """Memory that may be requested, and that all memory limits together may reach."""
    pods: int
    """Pods that may exist and are not finished."""
    gpu: int
    """NVIDIA GPUs; 0 forbids them."""
    storage_gib: int
    """Size of all volumes together; 0 forbids volumes."""


class IsolatedNamespaceArgs(TypedDict):
    """What differs between namespaces; pod security and default-deny are not up for decision."""

    namespace: str
    """Name in the cluster. Roles of pods are bound to it, so it is fixed."""
    labels: dict[str, str]
    """Labels of the namespace, such as team, stage and cost center."""
    quota: NamespaceQuota
    """Ceiling of the namespace."""
    database_cidrs: pulumi.Input[list[str]]
    """Address ranges in which PostgreSQL may be reached, such as the VPC's. At least one."""


class IsolatedNamespace(pulumi.ComponentResource):
    """Namespace with Pod Security `restricted`, a quota, limits, and a closed network."""

    namespace: pulumi.Output[str]
    """Name of the namespace. What uses it waits until quota, limits and policies stand."""

    def __init__(
        self, name: str, args: IsolatedNamespaceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:IsolatedNamespace", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        quota = args["quota"]

        space = Namespace(
            f"{name}-namespace",
            metadata={
                "name": args["namespace"],
                "labels": {
                    **args["labels"],
                    **{
                        f"pod-security.kubernetes.io/{mode}": "restricted"
                        for mode in ("enforce", "audit", "warn")
                    },
                },
            },
            opts=child,
        )
        space_name = space.metadata.name
        guards: list[ResourceQuota | LimitRange | NetworkPolicy] = [
            ResourceQuota(
                f"{name}-quota",
                metadata={"namespace": space_name},
                spec={
                    "hard": {
                        "requests.cpu": str(quota["cpu"]),
                        "requests.memory": f"{quota['memory_gib']}Gi",
                        "limits.memory": f"{quota['memory_gib']}Gi",
                        "requests.nvidia.com/gpu": str(quota["gpu"]),
                        "requests.storage": f"{quota['storage_gib']}Gi",
                        "pods": str(quota["pods"]),
                        # A team opens no door of its own to the outside.
                        "services.loadbalancers": "0",
                        "services.nodeports": "0",
                    }
                },
                opts=child,
            ),
            # The quota refuses a pod that does not say what it needs; this answers for it. No GPU
            # here: a default would be given to every pod, and none would find a node.
            LimitRange(
                f"{name}-limits",
                metadata={"namespace": space_name},
                spec={
                    "limits": [
                        {
                            "type": "Container",
                            "default_request": {"cpu": "100m", "memory": "256Mi"},
                            "default": {"memory": "1Gi"},
                        }
                    ]
                },
                opts=child,
            ),
            *(
                NetworkPolicy(
                    f"{name}-{role}", metadata={"namespace": space_name}, spec=spec, opts=child
                )
                for role, spec in isolation(args["database_cidrs"]).items()
            ),
        ]

        self.namespace = pulumi.Output.all(
            space_name, *(guard.metadata.name for guard in guards)
        ).apply(lambda names: str(names[0]))
        self.register_outputs({"namespace": self.namespace})
