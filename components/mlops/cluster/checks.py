"""What a cluster may be asked for: who reaches it, what it logs, what is added to it."""

import ipaddress
import re
from collections.abc import Iterable, Mapping

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
# Without these two nobody can say later who did what, and as whom.
REQUIRED_LOG_TYPES = ("audit", "authenticator")
# Auto Mode brings these itself; installed twice they fight over the nodes.
BROUGHT_BY_AUTO_MODE = (
    "aws-ebs-csi-driver",
    "coredns",
    "eks-node-monitoring-agent",
    "eks-pod-identity-agent",
    "kube-proxy",
    "vpc-cni",
)
# Nobody owns more addresses than this; a wider range is "everyone", written in halves.
WIDEST_RANGE_BITS = {4: 8, 6: 32}


def check_version(version: str) -> None:
    """Refuse what is not a minor version of Kubernetes."""
    if not re.fullmatch(r"1\.\d{2}", version):
        raise ValueError(
            f"the Kubernetes version {version!r} is not a minor version; give one such as '1.33'"
        )


def check_public_access(cidrs: Iterable[str]) -> None:
    """Refuse a list of networks that lets the whole world reach the API server."""
    for cidr in cidrs:
        try:
            network = ipaddress.ip_network(cidr)
        except ValueError as error:
            raise ValueError(
                f"the network {cidr!r} is not a CIDR block ({error}); give one such as "
                "203.0.113.0/24 in public_access_cidrs"
            ) from error
        if network.prefixlen < WIDEST_RANGE_BITS[network.version]:
            raise ValueError(
                f"{cidr} would open the API server of the cluster to the internet; give the "
                "networks it is used from, such as 203.0.113.0/24, in public_access_cidrs, or "
                "an empty list for a private endpoint only"
            )


def check_log_types(log_types: Iterable[str]) -> None:
    """Refuse log types that EKS does not know, and a list without the audit trail."""
    given = list(log_types)
    unknown = [kind for kind in given if kind not in LOG_TYPES]
    missing = [kind for kind in REQUIRED_LOG_TYPES if kind not in given]
    if unknown or missing:
        raise ValueError(
            f"log_types is {given}; allowed are {', '.join(LOG_TYPES)}, "
            f"and {' and '.join(REQUIRED_LOG_TYPES)} must be among them"
        )


def check_addons(addons: Mapping[str, str]) -> None:
    """Refuse add-ons that Auto Mode brings itself, and versions left open."""
    for name, version in addons.items():
        if name in BROUGHT_BY_AUTO_MODE:
            raise ValueError(
                f"the add-on {name} comes with EKS Auto Mode and must not be installed; "
                "remove it from addons"
            )
        if not re.match(r"v?\d", version):
            raise ValueError(
                f"the add-on {name} has the version {version!r}; give an exact one, such as "
                "v0.8.0-eksbuild.2"
            )
