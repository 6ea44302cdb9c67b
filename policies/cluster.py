"""Kubernetes control planes."""

from collections.abc import Iterator

from policies.rule import UNKNOWN, Resource, ResourceRule, Severity, differs, missing, read

CLUSTER = ("aws:eks/cluster:Cluster",)
ANYWHERE = {"0.0.0.0/0", "::/0"}
NODE_POOL = ("kubernetes:karpenter.sh/v1:NodePool",)
NODE_CLASS = ("kubernetes:eks.amazonaws.com/v1:NodeClass",)
# EKS opens a public endpoint to the world when no list is given.
EVERYONE = ["0.0.0.0/0"]


def _endpoint_closed(cluster: Resource) -> Iterator[str]:
    if differs(cluster.props, "vpcConfig", "endpointPrivateAccess", wanted=True):
        yield "endpointPrivateAccess is not true"
    public = read(cluster.props, "vpcConfig", "endpointPublicAccess", default=True)
    sources = read(cluster.props, "vpcConfig", "publicAccessCidrs", default=EVERYONE)
    if public is UNKNOWN or sources is UNKNOWN:
        return
    if public and ANYWHERE & set(sources or EVERYONE):
        yield f"the public endpoint is open to {', '.join(sources or EVERYONE)}"


def _secrets_encrypted(cluster: Resource) -> Iterator[str]:
    if missing(cluster.props, "encryptionConfig"):
        yield "encryptionConfig is missing, so secrets lie unencrypted in etcd"


def _access_by_entries(cluster: Resource) -> Iterator[str]:
    if differs(cluster.props, "accessConfig", "authenticationMode", wanted="API"):
        yield "authenticationMode is not API"
    if differs(
        cluster.props, "accessConfig", "bootstrapClusterCreatorAdminPermissions", wanted=False
    ):
        yield "whoever creates the cluster stays its administrator"


def _audited(cluster: Resource) -> Iterator[str]:
    types = read(cluster.props, "enabledClusterLogTypes", default=[])
    if types is UNKNOWN or UNKNOWN in types:
        return
    for wanted in ("audit", "authenticator"):
        if wanted not in types:
            yield f"the {wanted} log is not enabled"


def _limited(pool: Resource) -> Iterator[str]:
    if missing(pool.props, "spec", "limits"):
        yield "spec.limits is missing, so pods that wait start machines without end"


def _disks_encrypted(node_class: Resource) -> Iterator[str]:
    if missing(node_class.props, "spec", "ephemeralStorage", "kmsKeyID"):
        yield "spec.ephemeralStorage.kmsKeyID names no key of its own"


def _without_public_address(node_class: Resource) -> Iterator[str]:
    if read(node_class.props, "spec", "advancedNetworking", "associatePublicIPAddress") is True:
        yield "spec.advancedNetworking gives nodes a public address"


RULES = (
    ResourceRule(
        id="cluster-endpoint-closed",
        title="A control plane is reached privately, or from a list of networks.",
        fix="Set endpointPrivateAccess and give publicAccessCidrs, or endpointPublicAccess false.",
        severity=Severity.CRITICAL,
        types=CLUSTER,
        check=_endpoint_closed,
    ),
    ResourceRule(
        id="cluster-secrets-encrypted",
        title="Kubernetes secrets are encrypted with a customer-managed key.",
        fix="Set encryptionConfig for secrets.",
        severity=Severity.HIGH,
        types=CLUSTER,
        check=_secrets_encrypted,
    ),
    ResourceRule(
        id="cluster-access-by-entries",
        title="Cluster access is granted by access entries only.",
        fix="Set authenticationMode API and bootstrapClusterCreatorAdminPermissions false.",
        severity=Severity.HIGH,
        types=CLUSTER,
        check=_access_by_entries,
    ),
    ResourceRule(
        id="cluster-audited",
        title="The control plane logs who did what.",
        fix="Enable at least the audit and authenticator logs.",
        severity=Severity.HIGH,
        types=CLUSTER,
        check=_audited,
    ),
    ResourceRule(
        id="cluster-node-pool-limited",
        title="A node pool has a ceiling.",
        fix="Set spec.limits for cpu and memory, or for the GPU.",
        severity=Severity.MEDIUM,
        types=NODE_POOL,
        check=_limited,
    ),
    ResourceRule(
        id="cluster-node-disks-encrypted",
        title="The disks of nodes are encrypted with a customer-managed key.",
        fix="Set spec.ephemeralStorage.kmsKeyID to the platform's key.",
        severity=Severity.HIGH,
        types=NODE_CLASS,
        check=_disks_encrypted,
    ),
    ResourceRule(
        id="cluster-nodes-private",
        title="Nodes have no public address.",
        fix="Remove spec.advancedNetworking.associatePublicIPAddress.",
        severity=Severity.HIGH,
        types=NODE_CLASS,
        check=_without_public_address,
    ),
)
