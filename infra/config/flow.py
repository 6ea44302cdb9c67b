"""Values as one would write them into a stack file, on one line."""

import json
import re
from typing import Any

_PLAIN = re.compile(r"([A-Za-z]|\d(?=[^/]*/))([\w.:/@+-]*[\w/])?", re.ASCII)
"""Starts like no number, date or indicator: with a letter, or with a digit and a slash later on."""
_NO_TEXT_TO_YAML = {"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"}
"""Words that a reader of YAML, old or new, takes for something else than text."""


def flow(value: Any) -> str:
    """Return a value as YAML in flow style; text is quoted where YAML would misread it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NO_TEXT_TO_YAML:
        return value
    return json.dumps(value, ensure_ascii=False)
