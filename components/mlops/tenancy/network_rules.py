"""Network paths of an isolated namespace: nothing in or out, then the few that are needed.

A policy does something only where an engine enforces it. On EKS that is switched on by
PlatformServices; elsewhere the network plug-in decides.
"""

from collections.abc import Sequence

import pulumi
from pulumi_kubernetes.networking.v1 import (
    NetworkPolicyEgressRuleArgsDict,
    NetworkPolicyPeerArgsDict,
    NetworkPolicyPortArgsDict,
    NetworkPolicySpecArgsDict,
)

INSTANCE_METADATA = "169.254.169.254/32"
"""Where a node hands out its own credentials: no pod may ask there."""
POD_IDENTITY_AGENT = "169.254.170.23/32"
"""Where a node hands a pod the credentials of the pod's own role."""
POSTGRESQL_PORT = 5432

# Everything outside the cluster that AWS or the VPC may answer from: the addresses of regional
# APIs and of interface endpoints are not known beforehand.
_ANYWHERE_BUT_METADATA: NetworkPolicyPeerArgsDict = {
    "ip_block": {"cidr": "0.0.0.0/0", "except_": [INSTANCE_METADATA]}
}


def isolation(
    database_cidrs: pulumi.Input[Sequence[str]],
) -> dict[str, NetworkPolicySpecArgsDict]:
    """By role: every policy of an isolated namespace. Policies add up, so order does not matter."""
    return {
        "deny-all": {"pod_selector": {}, "policy_types": ["Ingress", "Egress"]},
        "allow-dns": _out(_dns()),
        "allow-same-namespace": {
            "pod_selector": {},
            "policy_types": ["Ingress", "Egress"],
            "ingress": [{"from_": [{"pod_selector": {}}]}],
            "egress": [{"to": [{"pod_selector": {}}]}],
        },
        "allow-aws": _out({"to": [_ANYWHERE_BUT_METADATA], "ports": [_port(443)]}),
        "allow-pod-identity": _out(
            {"to": [{"ip_block": {"cidr": POD_IDENTITY_AGENT}}], "ports": [_port(80)]}
        ),
        "allow-database": _out({"to": blocks(database_cidrs), "ports": [_port(POSTGRESQL_PORT)]}),
    }


def blocks(
    cidrs: pulumi.Input[Sequence[str]],
) -> pulumi.Output[Sequence[NetworkPolicyPeerArgsDict]]:
    """One peer for each address range."""
    return pulumi.Output.from_input(cidrs).apply(_peers)


def _peers(cidrs: Sequence[str]) -> Sequence[NetworkPolicyPeerArgsDict]:
    if not cidrs:
        # An empty list of peers means everybody, the opposite of what it looks like.
        raise ValueError(
            "no address range was given for a network policy, which would open it to everybody; "
            "give at least one, such as the VPC's 10.0.0.0/16"
        )
    return [{"ip_block": {"cidr": cidr}} for cidr in cidrs]


def _dns() -> NetworkPolicyEgressRuleArgsDict:
    # On EKS Auto Mode the resolver is a service of the node, not a pod of kube-system, and its
    # address is not in the API; other clusters run it as pods there.
    return {
        "to": [
            {
                "namespace_selector": {
                    "match_labels": {"kubernetes.io/metadata.name": "kube-system"}
                }
            },
            _ANYWHERE_BUT_METADATA,
        ],
        "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
    }


def _out(rule: NetworkPolicyEgressRuleArgsDict) -> NetworkPolicySpecArgsDict:
    return {"pod_selector": {}, "policy_types": ["Egress"], "egress": [rule]}


def _port(number: int) -> NetworkPolicyPortArgsDict:
    return {"protocol": "TCP", "port": number}
