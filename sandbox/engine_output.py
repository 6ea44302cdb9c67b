"""Show what the engine prints while it works, and what it is at now.

The engine writes into a file rather than into a pipe: if this process is killed, the engine goes
on in order instead of dying at its next line.
"""

import re
import subprocess
from collections.abc import Callable
from typing import TextIO

from sandbox.toolbox import Step

POLL_SECONDS = 0.1
SHOWN_AT_ONCE = 3
OPERATION = re.compile(
    r"(?P<type>\w\S*:\S+) (?P<name>\S+) \**(?P<verb>\w+ing|\w+ed)\b(?P<failed> failed)?"
)
COLOUR = re.compile(r"\x1b\[[\d;]*m|<\{%.*?%\}>")
COMPONENTS = ("pulumi:pulumi:", "mlops:")
"""Types that only group others; they are under way from beginning to end."""


class UnderWay:
    """The operations that have begun and not ended, read from the engine's lines."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}
        self._ended = 0

    def read(self, line: str) -> None:
        """Take notice of one line."""
        found = OPERATION.search(COLOUR.sub("", line))
        if not found or found["type"].startswith(COMPONENTS):
            return
        if found["verb"].endswith("ing") and not found["failed"]:
            self._names[found["name"]] = None
        else:
            self._names.pop(found["name"], None)
            self._ended += 1

    def __str__(self) -> str:
        """Say how many operations have ended and which are under way."""
        names = list(self._names)
        more = f" and {len(names) - SHOWN_AT_ONCE} more" if len(names) > SHOWN_AT_ONCE else ""
        waiting = f"; now {', '.join(names[:SHOWN_AT_ONCE])}{more}" if names else ""
        return f"{self._ended} done{waiting}" if self._ended or names else ""


class Follower:
    """Writes what is added to a log; goes on where it was if it is interrupted."""

    def __init__(self, log: TextIO, write: Callable[[str], object], step: Step) -> None:
        self._log = log
        self._write = write
        self._step = step
        self._under_way = UnderWay()

    def follow(self, child: subprocess.Popen[bytes]) -> int:
        """Write until `child` ends; return its exit code."""
        ended = False
        while not ended:
            ended = _has_ended(child)
            for line in self._log:
                self._write(line)
                self._under_way.read(line)
                self._step.advance(str(self._under_way))
        return child.returncode


def _has_ended(child: subprocess.Popen[bytes]) -> bool:
    try:
        child.wait(POLL_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True
