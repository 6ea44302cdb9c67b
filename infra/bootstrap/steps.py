"""Bringing an account into shape: what is missing is made, what is wrong is put right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of one part or setting."""

    FOUND = "found"
    MADE = "made"
    REPAIRED = "repaired"
    WOULD_MAKE = "would make"
    WOULD_REPAIR = "would repair"


@dataclass(frozen=True)
class Step:
    """One line of the report."""

    outcome: Outcome
    part: str
    """Such as `state bucket`."""
    name: str
    """What the part is called in the account."""
    setting: str = ""
    """Which setting of the part; empty: the part itself."""


@dataclass(frozen=True)
class Setting:
    """One thing about a part that must be so, and how to see and change it."""

    what: str
    """What holds once it is right, such as `versioning`."""
    read: Callable[[], Any]
    wanted: Callable[[Any], Any]
    """What `read` should give, made from what it gives; equal to it where nothing is wrong."""
    write: Callable[[Any], object]
    """Takes what is wanted."""
    unset: Any = None
    """What `read` gives for a part that was just made."""
    at_birth: bool = False
    """Whether making the part sets it already."""


@dataclass(frozen=True)
class Part:
    """One resource of the account."""

    kind: str
    name: str
    exists: bool
    make: Callable[[], object]
    settings: Sequence[Setting] = ()
    """Settled in this order."""


OnStep = Callable[[Step], None]


def settle(part: Part, *, dry_run: bool, on_step: OnStep) -> None:
    """Make the part if it is missing, and put every setting right that is not.

    A dry run changes nothing and says what would be done.
    """
    if part.exists:
        on_step(Step(Outcome.FOUND, part.kind, part.name))
        for setting in part.settings:
            outcome = _repaired(setting, dry_run=dry_run)
            on_step(Step(outcome, part.kind, part.name, setting.what))
        return
    made = Outcome.WOULD_MAKE if dry_run else Outcome.MADE
    if not dry_run:
        part.make()
    on_step(Step(made, part.kind, part.name))
    for setting in part.settings:
        # Not read first: for some seconds AWS may not find everywhere what it has just made.
        if not dry_run and not setting.at_birth:
            setting.write(setting.wanted(setting.unset))
        on_step(Step(made, part.kind, part.name, setting.what))


def _repaired(setting: Setting, *, dry_run: bool) -> Outcome:
    current = setting.read()
    wanted = setting.wanted(current)
    if current == wanted:
        return Outcome.FOUND
    if dry_run:
        return Outcome.WOULD_REPAIR
    setting.write(wanted)
    return Outcome.REPAIRED
