"""Kubernetes control planes."""

from collections.abc import Iterator

from policies.rule import UNKNOWN, Resource, ResourceRule, Severity, differs, missing, read

CLUSTER = ("aws:eks/cluster:Cluster",)
ANYWHERE = {"0.0.0.0/0", "::/0"}
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
)
