"""What every cluster needs inside before a team can use it."""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_kubernetes.core.v1 import ConfigMap
from pulumi_kubernetes.storage.v1 import StorageClass

from mlops.cluster.node_pools import NodePools, NodePoolsArgs
from mlops.tenancy.isolated_namespace import IsolatedNamespace, NamespaceQuota

SYSTEM_QUOTA: NamespaceQuota = {
    "cpu": 8,
    "memory_gib": 16,
    "pods": 50,
    "gpu": 0,
    "storage_gib": 0,
}
"""Room for the short jobs that serve the teams, many at a time."""


class PlatformServicesArgs(TypedDict):
    """The little that differs between clusters."""

    database_cidrs: pulumi.Input[list[str]]
    """Address ranges in which PostgreSQL may be reached, such as the VPC's. At least one."""
    node_pools: NodePoolsArgs
    """What machines the cluster may start."""
    system_namespace: NotRequired[str]
    """Namespace of the platform's own jobs. Default `mlops-system`."""
    labels: NotRequired[dict[str, str]]
    """Labels of that namespace. Default: none."""
    volume_key_arn: NotRequired[pulumi.Input[str]]
    """Key that encrypts volumes; the cluster's role must be allowed to use it. Default: the key
    AWS manages for EBS, which encrypts as well."""
    volume_tags: NotRequired[dict[str, str]]
    """Tags of every volume. A change replaces the storage class, so give none that change.
    Default: none."""


class PlatformServices(pulumi.ComponentResource):
    """Node pools, system namespace, enforced network policies, and encrypted volumes by default."""

    system_namespace: pulumi.Output[str]
    """Where the platform's jobs run: no team may enter. Waits until all that guards it stands, and
    until there are nodes to be had."""
    storage_class_name: pulumi.Output[str]
    """The default storage class."""

    def __init__(
        self, name: str, args: PlatformServicesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:PlatformServices", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)

        nodes = NodePools(f"{name}-nodes", args["node_pools"], child)
        # EKS Auto Mode accepts every NetworkPolicy and enforces none until this switch is on.
        enforcement = ConfigMap(
            f"{name}-network-policy-enforcement",
            metadata={"name": "amazon-vpc-cni", "namespace": "kube-system"},
            data={"enable-network-policy-controller": "true"},
            opts=child,
        )
        system = IsolatedNamespace(
            f"{name}-system",
            {
                "namespace": args.get("system_namespace", "mlops-system"),
                "labels": args.get("labels", {}),
                "quota": SYSTEM_QUOTA,
                "database_cidrs": args["database_cidrs"],
            },
            opts=child,
        )
        key = {"kmsKeyId": args["volume_key_arn"]} if "volume_key_arn" in args else {}
        tags = {
            f"tagSpecification_{number}": f"{tag}={value}"
            for number, (tag, value) in enumerate(sorted(args.get("volume_tags", {}).items()), 1)
        }
        storage = StorageClass(
            f"{name}-storage",
            metadata={"annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
            provisioner="ebs.csi.eks.amazonaws.com",
            parameters={"type": "gp3", "encrypted": "true", **key, **tags},
            # A volume is made in the zone its pod was given, so that the pod can reach it.
            volume_binding_mode="WaitForFirstConsumer",
            reclaim_policy="Delete",
            allow_volume_expansion=True,
            opts=child,
        )

        self.system_namespace = pulumi.Output.all(
            system.namespace, enforcement.metadata.name, nodes.pool_names
        ).apply(lambda names: str(names[0]))
        self.storage_class_name = storage.metadata.name
        self.register_outputs(
            {
                "systemNamespace": self.system_namespace,
                "storageClassName": self.storage_class_name,
            }
        )
