"""A small judge of IAM documents: what they would allow, for the operators this package writes."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Context = Mapping[str, str]


def allows(
    policies: Iterable[str], action: str, resource: str, context: Context | None = None
) -> bool:
    """Whether identity policies allow an action: one Allow, and no Deny."""
    effects = {
        statement["Effect"]
        for policy in policies
        for statement in json.loads(policy)["Statement"]
        if _names(statement, action)
        and _matches_any(statement["Resource"], resource)
        and _holds(statement.get("Condition", {}), context or {})
    }
    return effects == {"Allow"}


def trusts(policy: str, principal: str, action: str, context: Context) -> bool:
    """Whether a trust policy lets a principal take the role."""
    return any(
        statement["Effect"] == "Allow"
        and principal in _as_list(next(iter(statement["Principal"].values())))
        and action in _as_list(statement["Action"])
        and _holds(statement.get("Condition", {}), context)
        for statement in json.loads(policy)["Statement"]
    )


def like(pattern: str, value: str) -> bool:
    """Whether a value matches a pattern in which `*` and `?` stand for characters."""
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch("".join(parts), value, re.DOTALL) is not None


def _equals(wanted: str, given: str) -> bool:
    return wanted == given


def _less(limit: str, given: str) -> bool:
    return float(given) < float(limit)


def _arn_like(pattern: str, arn: str) -> bool:
    pairs = list(zip(pattern.split(":", 5), arn.split(":", 5), strict=False))
    return len(pairs) == 6 and all(like(part, given) for part, given in pairs)


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": _equals,
    "StringLike": like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "Bool": _equals,
    "NumericLessThan": _less,
}
_NEGATED: dict[str, Callable[[str, str], bool]] = {
    "ArnNotLike": _arn_like,
    "StringNotEquals": _equals,
}


def _holds(conditions: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    for operator, tests in conditions.items():
        for key, wanted in tests.items():
            if operator == "Null":
                if (key not in context) != (wanted == "true"):
                    return False
            elif operator in _NEGATED:  # they hold for a key that is missing, too
                matches, given = _NEGATED[operator], context.get(key)
                if given is not None and any(matches(value, given) for value in _as_list(wanted)):
                    return False
            # A key that the request does not carry fails every one of these operators.
            elif key not in context or not any(
                _OPERATORS[operator](value, context[key]) for value in _as_list(wanted)
            ):
                return False
    return True


def _names(statement: Mapping[str, Any], action: str) -> bool:
    if "NotAction" in statement:
        return not _matches_any(statement["NotAction"], action)
    return _matches_any(statement["Action"], action)


def _matches_any(patterns: str | list[str], value: str) -> bool:
    return any(like(pattern, value) for pattern in _as_list(patterns))


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
