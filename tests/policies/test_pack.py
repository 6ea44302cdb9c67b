"""The pack: its rules are pinned, and every reference stack keeps all of them."""

from policies.pack import RULES

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
