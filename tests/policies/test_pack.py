"""The pack: its rules are pinned, and it judges what the engine has shown so far."""

from typing import Any

import pytest
from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    StackValidationArgs,
)

from policies.pack import RULES, Pack
from policies.rule import ResourceRule, StackRule

PINNED = """
storage-bucket-private critical
storage-bucket-encrypted high
storage-bucket-versioned high
storage-bucket-tls-only high
storage-key-rotated high
database-storage-encrypted high
database-not-public critical
database-password-managed critical
database-backed-up high
cluster-endpoint-closed critical
cluster-secrets-encrypted high
cluster-access-by-entries high
cluster-audited high
cluster-node-pool-limited medium
cluster-node-disks-encrypted high
cluster-nodes-private high
identity-no-wildcard-action high
identity-no-user critical
identity-no-power-policy critical
identity-trust-bound critical
identity-role-under-path medium
network-ingress-closed critical
network-ingress-single medium
logs-retained medium
logs-encrypted high
kubernetes-namespace-restricted high
kubernetes-namespace-fenced medium
kubernetes-namespace-closed high
kubernetes-pod-unprivileged high
kubernetes-pod-sized medium
kubernetes-image-pinned high
stack-explicit-provider high
"""


def test_rules_and_severities_change_only_on_purpose() -> None:
    assert [f"{r.id} {r.severity.value}" for r in RULES] == PINNED.split("\n")[1:-1]


def test_every_rule_says_what_holds_and_what_to_do() -> None:
    for rule in RULES:
        assert rule.title.endswith(".")
        assert rule.fix.endswith(".")


OPTIONS = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])
DENY_ALL = {"spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}}
ONE_WAY = {"spec": {"podSelector": {}, "policyTypes": ["Ingress"]}}


def _resource(kind: str) -> PolicyResource:
    return PolicyResource(kind, {}, f"urn::{kind}", kind, OPTIONS, None, None, [], {})


@pytest.mark.parametrize(("spec", "reported"), [(DENY_ALL, 0), (ONE_WAY, 1)])
def test_a_stack_rule_judges_inputs_while_a_preview_has_no_outputs(
    spec: dict[str, Any], reported: int
) -> None:
    single = next(rule for rule in RULES if isinstance(rule, ResourceRule))
    closed = next(rule for rule in RULES if rule.id == "kubernetes-namespace-closed")
    assert isinstance(closed, StackRule)
    namespace = _resource("kubernetes:core/v1:Namespace")
    policy = _resource("kubernetes:networking.k8s.io/v1:NetworkPolicy")
    policy.property_dependencies["metadata"] = [namespace]
    found: list[str] = []

    pack = Pack()
    pack.validate_resource(
        single,
        ResourceValidationArgs(policy.resource_type, spec, policy.urn, "deny", OPTIONS, None),
        lambda message, urn: None,
    )
    pack.validate_stack(
        closed,
        StackValidationArgs([namespace, policy]),
        lambda message, urn: found.append(str(urn)),
    )
    assert found == [namespace.urn] * reported
