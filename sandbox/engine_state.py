"""The engine's file backend, read as files: what a killed engine left behind in it."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.layout import Layout

CREATING = "creating"


@dataclass(frozen=True)
class PendingOperation:
    """An operation that began and of which nobody knows how it ended."""

    type: str
    """Type of the resource."""
    name: str
    """Logical name of the resource."""
    stack: str
    """Stack it belongs to."""
    operation: str
    """What was done to it, such as `creating`."""

    @property
    def may_be_orphan(self) -> bool:
        """Whether there may be an object in AWS that stands in the way of its own creation.

        Kubernetes objects are applied: what exists already is taken over.
        """
        return self.operation == CREATING and self.type.startswith("aws:")


class EngineState:
    """The state of every stack of one sandbox."""

    def __init__(self, layout: Layout) -> None:
        self._directory = layout.state / ".pulumi"

    def has_stacks(self) -> bool:
        """Whether there is a state at all."""
        return any(self._checkpoints())

    def stacks_with_resources(self) -> list[str]:
        """Names of the stacks that are up, wholly or in part."""
        return sorted(
            file.stem
            for file in self._checkpoints()
            if (_read(file)["checkpoint"].get("latest") or {}).get("resources")
        )

    def was_ever_complete(self, stack: str) -> bool:
        """Whether an update of the stack ran to its end."""
        entries = (self._directory / "history").glob(f"*/{stack}/*.history.json")
        return any(
            (entry["kind"], entry["result"]) == ("update", "succeeded")
            for entry in map(_read, entries)
        )

    def pending(self) -> list[PendingOperation]:
        """Return the operations that a killed engine left open."""
        return [
            PendingOperation(
                operation["resource"]["type"],
                operation["resource"]["urn"].rsplit("::", 1)[1],
                file.stem,
                operation["type"],
            )
            for file in self._checkpoints()
            for operation in (_read(file)["checkpoint"].get("latest") or {}).get(
                "pending_operations", []
            )
        ]

    def unlock(self) -> bool:
        """Remove the engine's locks and return whether there were any.

        Only for who holds the sandbox's lock and has stopped every engine in it: whoever made
        these is dead then.
        """
        locks = self._directory / "locks"
        was_locked = any(locks.rglob("*.json"))
        shutil.rmtree(locks, ignore_errors=True)
        return was_locked

    def _checkpoints(self) -> list[Path]:
        return list((self._directory / "stacks").rglob("*.json"))


def _read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text())
    return content
