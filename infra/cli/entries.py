"""What the documents of several commands are made of; docs/mlops-command.md promises the keys."""

from typing import Any

from infra.config.findings import Finding
from infra.config.layers import Origin
from infra.config.model import DedicatedEnvironment, Platform, Settings, SharedEnvironment
from infra.config.view import View

KINDS: dict[type[Settings], str] = {
    DedicatedEnvironment: "dedicated",
    SharedEnvironment: "shared",
    Platform: "platform",
}


def kind_of(view: View) -> str | None:
    """Return the kind of a stack in one word, if its file says what it is."""
    return KINDS[view.kind.model] if view.kind else None


def finding_entry(finding: Finding) -> dict[str, Any]:
    """Return one finding."""
    return {
        "key": finding.key,
        "problem": finding.problem,
        "file": finding.label,
        "line": finding.line,
    }


def said_entry(value: Any, origin: Origin | None) -> dict[str, Any]:
    """Return a value and where it came from."""
    told = origin is not None and origin.line is not None
    return {
        "value": value,
        "layer": origin.layer.value if origin else None,
        "file": origin.label if origin and told else None,
        "line": origin.line if origin else None,
    }
