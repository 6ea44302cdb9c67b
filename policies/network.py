"""Security groups and logs."""

from collections.abc import Iterator

from policies.rule import Resource, ResourceRule, Severity, missing, read

INGRESS = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
)
ANYWHERE = ("0.0.0.0/0", "::/0")


def _closed(rule: Resource) -> Iterator[str]:
    if read(rule.props, "type", default="ingress") == "egress":
        return
    for key in ("cidrIpv4", "cidrIpv6"):
        if read(rule.props, key) in ANYWHERE:
            yield f"{key} lets in {rule.props[key]}"
    for key in ("cidrBlocks", "ipv6CidrBlocks"):
        blocks = read(rule.props, key, default=[])
        if isinstance(blocks, list | tuple) and set(ANYWHERE) & set(blocks):
            yield f"{key} lets in everybody"


def _group_closed(group: Resource) -> Iterator[str]:
    if not missing(group.props, "ingress"):
        yield "ingress is written inline; use one SecurityGroupIngressRule for each rule"


def _retained(group: Resource) -> Iterator[str]:
    if missing(group.props, "retentionInDays") or read(group.props, "retentionInDays") == 0:
        yield "retentionInDays is not set, so logs are kept and paid for ever"


def _log_encrypted(group: Resource) -> Iterator[str]:
    if missing(group.props, "kmsKeyId"):
        yield "kmsKeyId names no key of its own"


LOG_GROUP = ("aws:cloudwatch/logGroup:LogGroup",)

RULES = (
    ResourceRule(
        id="network-ingress-closed",
        title="No security group lets the whole internet in.",
        fix="Name the security group or network that may connect.",
        severity=Severity.CRITICAL,
        types=INGRESS,
        check=_closed,
    ),
    ResourceRule(
        id="network-ingress-single",
        title="Every ingress rule is a resource of its own.",
        fix="Use aws.vpc.SecurityGroupIngressRule.",
        severity=Severity.MEDIUM,
        types=("aws:ec2/securityGroup:SecurityGroup",),
        check=_group_closed,
    ),
    ResourceRule(
        id="logs-retained",
        title="Every log group says how long it keeps its logs.",
        fix="Set retentionInDays.",
        severity=Severity.MEDIUM,
        types=LOG_GROUP,
        check=_retained,
    ),
    ResourceRule(
        id="logs-encrypted",
        title="Every log group is encrypted with a customer-managed key.",
        fix="Set kmsKeyId.",
        severity=Severity.HIGH,
        types=LOG_GROUP,
        check=_log_encrypted,
    ),
)
