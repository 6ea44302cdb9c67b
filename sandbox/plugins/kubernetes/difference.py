"""What changes between the last inputs and the new ones, and whether that needs a new object."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sandbox.plugins.kubernetes.values import UNKNOWN, Tree

Path = tuple[str | int, ...]


class Change(Enum):
    """What happens to one property."""

    ADD = "ADD"
    DELETE = "DELETE"
    UPDATE = "UPDATE"


@dataclass(frozen=True)
class Difference:
    """One property that changes."""

    path: Path
    change: Change
    replaces: bool

    @property
    def text(self) -> str:
        """The path as the engine writes it."""
        return format_path(self.path)


def differences(
    old: Tree, new: Tree, *, replaced_by: tuple[str, ...] = (), ignored: tuple[str, ...] = ()
) -> list[Difference]:
    """Return the changes, each at the outermost property that is added, removed or different."""
    forced = [parse_path(path) for path in replaced_by]
    left_out = [parse_path(path) for path in ignored]
    return [
        Difference(path, change, any(_touch(path, other) for other in forced))
        for path, change in _changes(old, new, ())
        if not any(_covers(other, path) for other in left_out)
    ]


def _changes(old: Any, new: Any, path: Path) -> list[tuple[Path, Change]]:
    if isinstance(old, dict) and isinstance(new, dict):
        found = []
        for name in [*new, *(name for name in old if name not in new)]:
            found += _changes_at(old, new, name in old, name in new, (*path, name))
        return found
    if isinstance(old, list) and isinstance(new, list):
        found = []
        for index in range(max(len(old), len(new))):
            found += _changes_at(old, new, index < len(old), index < len(new), (*path, index))
        return found
    same = old == new and isinstance(old, bool) == isinstance(new, bool) and new != UNKNOWN
    return [] if same else [(path, Change.UPDATE)]


def _changes_at(
    old: Any, new: Any, was: bool, remains: bool, path: Path
) -> list[tuple[Path, Change]]:
    key = path[-1]
    if was and remains:
        return _changes(old[key], new[key], path)
    return [(path, Change.ADD if remains else Change.DELETE)]


def _touch(path: Path, other: Path) -> bool:
    """Say whether one path lies inside the other."""
    return _covers(other, path) or _covers(path, other)


def _covers(outer: Path, inner: Path) -> bool:
    return len(outer) <= len(inner) and all(
        one in (other, "*") for one, other in zip(outer, inner, strict=False)
    )


_STEP = re.compile(r"""\.?([^.\[\]"]+)|\[(\d+)\]|\[(\*)\]|\["((?:[^"\\]|\\.)*)"\]""")


def parse_path(text: str) -> Path:
    """Return a property path of the engine as its steps."""
    steps: list[str | int] = []
    position = 0
    while position < len(text):
        step = _STEP.match(text, position)
        if step is None:
            raise ValueError(
                f"{text!r} is no property path; write it like spec.containers[0].image"
            )
        name, index, every, quoted = step.groups()
        if index is not None:
            steps.append(int(index))
        else:
            steps.append(name or every or re.sub(r"\\(.)", r"\1", quoted))
        position = step.end()
    return tuple(steps)


def format_path(path: Path) -> str:
    """Return steps as a property path of the engine."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif re.fullmatch(r"[A-Za-z_$][\w$]*", step):
            text += f".{step}" if text else step
        else:
            escaped = step.replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{escaped}"]'
    return text
