"""Decides, by the text of the NetworkPolicy API, whether a connection is let through."""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from infra.recording import Graph

NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"


@dataclass(frozen=True)
class Pod:
    """One end of a connection that is a pod."""

    namespace: str
    labels: Mapping[str, str] = field(default_factory=dict)
    address: str = "10.0.1.10"

    @property
    def namespace_labels(self) -> dict[str, str]:
        """Labels Kubernetes itself puts on every namespace."""
        return {"kubernetes.io/metadata.name": self.namespace}


@dataclass(frozen=True)
class Host:
    """One end of a connection that is no pod of this cluster."""

    address: str


End = Pod | Host


def connects(graph: Graph, source: End, target: End, port: int, protocol: str = "TCP") -> bool:
    """Both ends must agree; an end that no policy selects agrees to everything."""
    wire = (port, protocol)
    return _lets(graph, "Egress", source, target, wire) and _lets(
        graph, "Ingress", target, source, wire
    )


def _lets(graph: Graph, way: str, here: End, there: End, wire: tuple[int, str]) -> bool:
    if not isinstance(here, Pod):
        return True
    policies = [
        policy.inputs["spec"]
        for policy in graph.of_type(NETWORK_POLICY)
        if policy.inputs["metadata"]["namespace"] == here.namespace
        and way in policy.inputs["spec"]["policyTypes"]
        and _selects(policy.inputs["spec"]["podSelector"], here.labels)
    ]
    rules = [rule for policy in policies for rule in policy.get(way.lower(), [])]
    return not policies or any(
        _peer(rule.get("to" if way == "Egress" else "from", []), here.namespace, there)
        and _port(rule.get("ports", []), *wire)
        for rule in rules
    )


def _peer(peers: Sequence[Mapping[str, Any]], namespace: str, end: End) -> bool:
    return not peers or any(_is_peer(peer, namespace, end) for peer in peers)


def _is_peer(peer: Mapping[str, Any], namespace: str, end: End) -> bool:
    if block := peer.get("ipBlock"):
        address = ipaddress.ip_address(end.address)
        return address in ipaddress.ip_network(block["cidr"]) and not any(
            address in ipaddress.ip_network(hole) for hole in block.get("except", [])
        )
    if not isinstance(end, Pod):
        return False
    if "namespaceSelector" in peer:
        place = _selects(peer["namespaceSelector"], end.namespace_labels)
    else:
        place = end.namespace == namespace
    return place and _selects(peer.get("podSelector", {}), end.labels)


def _selects(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    if unknown := set(selector) - {"matchLabels"}:
        raise NotImplementedError(f"this judge does not know {unknown}")
    return all(labels.get(k) == v for k, v in selector.get("matchLabels", {}).items())


def _port(ports: Sequence[Mapping[str, Any]], number: int, protocol: str) -> bool:
    return not ports or any(
        rule.get("protocol", "TCP") == protocol and rule.get("port", number) == number
        for rule in ports
    )
