"""The judge itself: examples from the documentation of NetworkPolicy, decided by hand."""

from typing import Any

import pytest
from pulumi_kubernetes.networking.v1 import NetworkPolicy

from infra.recording import Graph
from tests.components.tenancy.network_judge import Host, Pod, connects
from tests.conftest import Deploy

WEB, DATABASE = Pod("shop", {"app": "web"}), Pod("shop", {"app": "db"}, "10.0.1.11")
ELSEWHERE = Pod("other", {"app": "web"}, "10.0.2.10")


def policy(deploy: Deploy, **spec: Any) -> Graph:
    spec = {"pod_selector": {"match_labels": {"app": "db"}}, **spec}
    metadata = {"namespace": "shop"}
    return deploy(lambda: NetworkPolicy("policy", metadata=metadata, spec=spec))  # type: ignore[call-overload]


def test_without_a_policy_everything_connects(deploy: Deploy) -> None:
    graph = deploy(lambda: None)
    assert connects(graph, ELSEWHERE, DATABASE, 5432)


def test_a_selected_pod_without_rules_is_unreachable_and_still_calls_out(deploy: Deploy) -> None:
    graph = policy(deploy, policy_types=["Ingress"])
    assert not connects(graph, WEB, DATABASE, 5432)
    assert connects(graph, DATABASE, WEB, 80)
    assert connects(graph, DATABASE, Host("8.8.8.8"), 53, "UDP")
    assert connects(graph, DATABASE, ELSEWHERE, 80)
    assert connects(graph, ELSEWHERE, WEB, 80), "the policy does not select it"


def test_a_pod_selector_alone_means_the_own_namespace(deploy: Deploy) -> None:
    peers = [{"pod_selector": {"match_labels": {"app": "web"}}}]
    graph = policy(deploy, policy_types=["Ingress"], ingress=[{"from_": peers}])
    assert connects(graph, WEB, DATABASE, 5432)
    assert not connects(graph, ELSEWHERE, DATABASE, 5432)


def test_both_selectors_in_one_peer_must_hold(deploy: Deploy) -> None:
    peer = {
        "namespace_selector": {"match_labels": {"kubernetes.io/metadata.name": "other"}},
        "pod_selector": {"match_labels": {"app": "web"}},
    }
    graph = policy(deploy, policy_types=["Ingress"], ingress=[{"from_": [peer]}])
    assert connects(graph, ELSEWHERE, DATABASE, 5432)
    assert not connects(graph, WEB, DATABASE, 5432)
    assert not connects(graph, Pod("other", {"app": "db"}), DATABASE, 5432)


@pytest.mark.parametrize(
    ("address", "port", "let"),
    [
        ("10.1.0.1", 443, True),
        ("10.1.9.1", 443, False),
        ("10.2.0.1", 443, False),
        ("10.1.0.1", 80, False),
    ],
)
def test_address_blocks_holes_and_ports(deploy: Deploy, address: str, port: int, let: bool) -> None:
    rule = {
        "to": [{"ip_block": {"cidr": "10.1.0.0/16", "except_": ["10.1.9.0/24"]}}],
        "ports": [{"protocol": "TCP", "port": 443}],
    }
    graph = policy(deploy, policy_types=["Egress"], egress=[rule])
    assert connects(graph, DATABASE, Host(address), port) is let
    assert not connects(graph, DATABASE, Host(address), port, "UDP")


def test_an_empty_rule_lets_everything_through(deploy: Deploy) -> None:
    graph = policy(deploy, policy_types=["Ingress"], ingress=[{}])
    assert connects(graph, ELSEWHERE, DATABASE, 1)
