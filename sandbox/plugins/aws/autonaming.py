"""Physical names for resources the program leaves unnamed, as the official plug-in gives them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.plugins.aws import wire

DEFAULTS = "__defaults"
"""Where inputs list the names of those properties that the program did not set."""

PROPOSED, ENFORCED, DISABLED = range(3)
"""What the engine may ask of automatic names."""


class NameTooLongError(ValueError):
    """A logical name leaves no room for the random suffix."""


@dataclass(frozen=True)
class NameRule:
    """How one type of resource is named."""

    property: str
    """The bridge's property."""
    longest: int
    """The service's limit in characters."""
    separator: str = "-"
    lower_case: bool = False
    prefix: str = ""
    fifo_property: str = ""
    """If this input is true, the name ends in `.fifo`."""
    alphabet: str = "0123456789abcdef"
    suffix_length: int = 7

    def name(self, logical_name: str, seed: bytes, inputs: Mapping[str, Any]) -> str:
        """Derive a name; the same seed gives the same name."""
        stem = logical_name.lower() if self.lower_case else logical_name
        if self.prefix and not stem.startswith(self.prefix):
            stem = self.prefix + stem
        name = f"{stem}{self.separator}{self._suffix(seed)}"
        if len(name) > self.longest:
            raise NameTooLongError(
                f"the automatic {self.property} {name!r} has {len(name)} characters, AWS allows "
                f"{self.longest}; shorten the logical name by {len(name) - self.longest} or set "
                f"{self.property}"
            )
        return name + (".fifo" if inputs.get(self.fifo_property) is True else "")

    def _suffix(self, seed: bytes) -> str:
        digest = hashlib.sha256(seed).digest()
        return "".join(
            self.alphabet[byte % len(self.alphabet)] for byte in digest[: self.suffix_length]
        )


def _lower(name: str, longest: int) -> NameRule:
    return NameRule(name, longest, lower_case=True)


RULES: Mapping[str, NameRule] = {
    "aws_athena_database": NameRule("name", 255, separator="_"),
    "aws_cloudwatch_event_rule": NameRule("name", 64),
    "aws_cloudwatch_event_target": NameRule("targetId", 255),
    "aws_cloudwatch_metric_alarm": NameRule("alarmName", 255),
    "aws_db_instance": NameRule("identifier", 255, separator=""),
    "aws_efs_file_system": NameRule("creationToken", 255),
    "aws_eks_fargate_profile": NameRule("fargateProfileName", 255),
    "aws_eks_node_group": NameRule("nodeGroupName", 255),
    "aws_elasticache_cluster": _lower("clusterId", 50),
    "aws_elasticache_replication_group": _lower("replicationGroupId", 40),
    "aws_glue_catalog_database": NameRule(
        "name", 255, "_", lower_case=True, alphabet="abcdefghijklmnopqrstuvwxyz", suffix_length=8
    ),
    "aws_iam_role": NameRule("name", 64),
    "aws_key_pair": NameRule("keyName", 255),
    "aws_kms_alias": NameRule("name", 244, prefix="alias/"),
    "aws_lambda_function": NameRule("functionName", 64),
    "aws_lambda_permission": NameRule("statementId", 100),
    "aws_opensearch_domain": NameRule("domainName", 255),
    "aws_s3_bucket": _lower("bucket", 63),
    "aws_sns_topic": NameRule("name", 80, fifo_property="fifoTopic"),
    "aws_sqs_queue": NameRule("name", 80, fifo_property="fifoQueue"),
}
"""Terraform resource -> rule. All others with an optional `name` are named by the bridge."""


def automatic_name(
    terraform_name: str,
    logical_name: str,
    *,
    seed: bytes,
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    proposal: tuple[int, str] | None,
) -> tuple[str, str] | None:
    """Return the property and name to add to `news`, or `None` if nothing is to be added.

    `olds` and `news` are inputs in the bridge's names. An automatic name stays as long as the
    resource lives; the engine's proposal, if the user configured naming, wins over the rule.
    """
    rule = RULES.get(terraform_name)
    if rule is None or news.get(rule.property) is not None or news.get(f"{rule.property}Prefix"):
        return None
    if rule.property in olds.get(DEFAULTS, []) and rule.property in olds:
        return rule.property, str(wire.unwrapped(olds[rule.property]))
    if proposal is None:
        return rule.property, rule.name(logical_name, seed, news)
    mode, name = proposal
    if mode == DISABLED:
        return None
    lowered = rule.lower_case and mode == PROPOSED
    return rule.property, name.lower() if lowered else name
