"""A stack file before it is written: the few things that only its owner knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.config.document import ENVIRONMENT_KEY, PLATFORM_KEY, REGION_KEY, Document
from infra.config.flow import flow

LABEL = "the new stack file"

_ORDER = (
    *("team", "name", "stage", "tenancy", "platform"),
    *("owner", "ci", "budget", "network"),
)


@dataclass(frozen=True)
class Draft:
    """Answers to what a minimal stack file says."""

    name: str
    """Of the team, or of the platform, which begins with platform."""
    answers: Mapping[str, Any]
    """By key, with dots between the blocks."""

    @property
    def is_platform(self) -> bool:
        """Whether it describes what teams share."""
        return self.name.partition("-")[0] == "platform"

    @property
    def stack(self) -> str:
        """Name of the stack."""
        return f"{self.name}-{self.answers.get('stage', '')}"

    def with_answer(self, key: str, value: Any) -> "Draft":
        """Return the draft with one more answer."""
        return Draft(self.name, {**self.answers, key: value})

    def document(self) -> Document:
        """Return what it says so far; the blocks it must have are there, and may be empty."""
        settings: dict[str, Any] = {"owner": {}, "ci": {"github": {}}, "budget": {}}
        if self.name != "platform":  # which is the name of a platform unless it says otherwise
            settings["name" if self.is_platform else "team"] = self.name
        for key, value in self.answers.items():
            if key != REGION_KEY:
                _put(settings, key, value)
        region = {REGION_KEY: self.answers[REGION_KEY]} if REGION_KEY in self.answers else {}
        return Document(
            LABEL, {**region, PLATFORM_KEY if self.is_platform else ENVIRONMENT_KEY: settings}
        )

    def text(self) -> str:
        """Return the stack file: a line for each block, without those that say nothing."""
        document = self.document()
        settings = document.settings(document.object_key)
        told = {key: _without_empty(settings[key]) for key in _ORDER if key in settings}
        lines = [
            "config:",
            f"  {REGION_KEY}: {flow(document.config[REGION_KEY])}",
            f"  {document.object_key}:",
            *(f"    {key}: {flow(value)}" for key, value in told.items() if value),
        ]
        return "\n".join(lines) + "\n"


def _put(settings: dict[str, Any], key: str, value: Any) -> None:
    *blocks, last = key.split(".")
    for name in blocks:
        settings = settings.setdefault(name, {})
    settings[last] = value


def _without_empty(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    kept = {key: _without_empty(inner) for key, inner in value.items()}
    return {key: inner for key, inner in kept.items() if inner != {}}
