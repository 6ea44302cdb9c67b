"""Settings that never change once they are deployed: another value would replace what holds data.

A stack exports them, so its state tells what was deployed last. See docs/decisions/0009.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from infra.config.document import REGION_KEY
from infra.config.superseded import is_brought

OUTPUT = "immutableSettings"
"""Name of the stack's output."""

KEYS = (
    "team",
    "name",
    "stage",
    "tenancy",
    "platform",
    "network.cidr",
    "iam.role_path",
)
"""Keys of stack files, where they have them; the region is immutable as well."""

BROUGHT = (
    "encryption.key_arn",
    "network.existing.vpc_id",
    "registry.existing.instance_identifier",
)
"""Keys that bring what a stack would make otherwise."""
MADE = "made"
"""Their value where the stack makes it."""

_STACK_TYPE = "pulumi:pulumi:Stack"


def immutable(values: Mapping[str, Any], region: str) -> dict[str, str]:
    """Return those of a stack's settings that never change, by key."""
    found = {
        key: _value(values, key) for key in KEYS if not is_brought(values, key.partition(".")[0])
    }
    found |= {
        key: _value(values, key) or MADE for key in BROUGHT if key.partition(".")[0] in values
    }
    return {REGION_KEY: region, **{key: value for key, value in found.items() if value is not None}}


def changes(deployed: Mapping[str, str], now: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield key and sentence of everything that is not as it was deployed.

    A key on one side only is no change: another tenancy brings other keys, and is told itself.
    """
    for key, value in now.items():
        before = deployed.get(key, value)
        if value != before:
            told = "is left out" if value == MADE else f"is {value}"
            advice = "leave it out" if before == MADE else f"write {before}"
            yield (
                key,
                f"{told}, but was deployed as {before}; a change would replace what holds data, "
                f"so {advice}, or destroy the stack first",
            )


def deployed_in(state: str) -> dict[str, str]:
    """Return what `pulumi stack export` tells of the last deployment; empty if there was none.

    Raises ValueError if the text is nothing that this command writes.
    """
    try:
        resources = json.loads(state)["deployment"].get("resources", [])
        stacks = [each for each in resources if each["type"] == _STACK_TYPE]
    except (ValueError, LookupError, TypeError, AttributeError):
        raise ValueError("it is no state as `pulumi stack export` writes it") from None
    return told(stacks[0].get("outputs", {})) if stacks else {}


def told(outputs: Mapping[str, Any]) -> dict[str, str]:
    """Return the immutable settings among a stack's outputs; empty if it exports none."""
    found = outputs.get(OUTPUT)
    return dict(found) if isinstance(found, Mapping) else {}


def _value(values: Any, key: str) -> Any:
    for name in key.split("."):
        values = values.get(name) if isinstance(values, Mapping) else None
    return values
