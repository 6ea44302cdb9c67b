"""The machines a cluster in Auto Mode may start, tagged and encrypted like everything else."""

from typing import TypedDict

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource

from mlops.cluster.node_pool_specs import (
    NODE_CLASS,
    NODE_CLASS_GROUP,
    CpuPoolArgs,
    GpuPoolArgs,
    check_pools,
    pool_specs,
)

# A pool is gone when its last machine is: drained, and stopped by EC2.
POOL_DELETION = pulumi.CustomTimeouts(delete="20m")


class NodePoolsArgs(TypedDict):
    """Where nodes live and how many there may be."""

    node_role_name: pulumi.Input[str]
    """Name of the role the cluster was told for its nodes: EKS lets that one in by itself."""
    subnet_ids: pulumi.Input[list[str]]
    """Private subnets of the nodes."""
    security_group_id: pulumi.Input[str]
    """The cluster's security group, so that nodes and control plane reach each other."""
    kms_key_arn: pulumi.Input[str]
    """Key that encrypts the nodes' disks; the cluster's role must be allowed to use it."""
    tags: dict[str, str]
    """Tags of every machine, its disks and network interfaces: they decide who pays."""
    consolidation: str
    """When half-empty nodes of `general` are merged, which moves pods: `always`, or `off_hours`:
    not from Monday to Friday between 6 and 20 o'clock UTC."""
    general: CpuPoolArgs
    """On-demand nodes for every pod that asks for nothing special."""
    spot: CpuPoolArgs
    """Spot nodes for pods that tolerate the taint `karpenter.sh/capacity-type=spot`."""
    gpu: GpuPoolArgs
    """On-demand nodes with GPUs for pods that ask for `nvidia.com/gpu`."""


class NodePools(pulumi.ComponentResource):
    """One node class and the pools that use it.

    They go before the cluster does, and each waits for its machines to be gone: a machine whose
    pool was forgotten would run on, and be paid for.
    """

    pool_names: pulumi.Output[list[str]]
    """Names of the pools that exist, as in the label `karpenter.sh/nodepool`."""

    def __init__(
        self, name: str, args: NodePoolsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        general, spot, gpu = args["general"], args["spot"], args["gpu"]
        check_pools([general, spot], gpu, args["consolidation"])
        super().__init__("mlops:index:NodePools", name, {**args}, opts)

        node_class = CustomResource(
            f"{name}-class",
            api_version=f"{NODE_CLASS_GROUP}/v1",
            kind="NodeClass",
            metadata={"name": NODE_CLASS},
            spec={
                "role": args["node_role_name"],
                "subnetSelectorTerms": pulumi.Output.from_input(args["subnet_ids"]).apply(
                    lambda subnets: [{"id": subnet} for subnet in subnets]
                ),
                "securityGroupSelectorTerms": [{"id": args["security_group_id"]}],
                "ephemeralStorage": {"size": "80Gi", "kmsKeyID": args["kms_key_arn"]},
                "tags": args["tags"],
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        specs = pool_specs(general, spot, gpu, args["consolidation"])
        pools = [
            CustomResource(
                f"{name}-{pool}",
                api_version="karpenter.sh/v1",
                kind="NodePool",
                metadata={"name": pool},
                spec=spec,
                opts=pulumi.ResourceOptions(
                    parent=self, depends_on=[node_class], custom_timeouts=POOL_DELETION
                ),
            )
            for pool, spec in specs.items()
        ]

        # Unlike ids, URNs are known in a preview: a new pool must not make all that waits for it
        # look changed.
        self.pool_names = pulumi.Output.all(*(pool.urn for pool in pools)).apply(
            lambda _: list(specs)
        )
        self.register_outputs({"poolNames": self.pool_names})
