"""Rows of permission tables and the policy documents they make."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]

# AWS refuses a longer managed policy.
POLICY_LENGTH_LIMIT = 6144

# What is being made carries the team's tags and is nobody's yet. Without the second half a
# caller could put its own tags on what belongs to another team, and own it from then on.
NEW: Conditions = {
    "StringEquals": {"aws:RequestTag/team": "{team}", "aws:RequestTag/stage": "{stage}"},
    "Null": {"aws:ResourceTag/team": "true"},
}
# What exists carries the team's tags.
OWN: Conditions = {
    "StringEquals": {"aws:ResourceTag/team": "{team}", "aws:ResourceTag/stage": "{stage}"},
}
IN_REGION: Conditions = {"StringEquals": {"aws:RequestedRegion": "{region}"}}


@dataclass(frozen=True)
class Grant:
    """One row: what may be done, to what, and on which conditions.

    Resources and conditions hold placeholders such as `{account}`, filled in by `document`.
    """

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...] = ("*",)
    conditions: Conditions = field(default_factory=dict)
    effect: str = "Allow"


def document(grants: Sequence[Grant], values: Mapping[str, str]) -> str:
    """Compact JSON of the policy that these rows make; a missing placeholder is a KeyError."""

    def fill(text: str | Sequence[str]) -> str | list[str]:
        if isinstance(text, str):
            return text.format_map(values)
        return [item.format_map(values) for item in text]

    statements: list[dict[str, object]] = []
    for grant in grants:
        statement: dict[str, object] = {
            "Sid": grant.sid,
            "Effect": grant.effect,
            "Action": sorted(grant.actions),
            "Resource": fill(grant.resources),
        }
        if grant.conditions:
            statement["Condition"] = {
                operator: {key: fill(value) for key, value in tests.items()}
                for operator, tests in grant.conditions.items()
            }
        statements.append(statement)
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))
