"""How ways fail, and how a whole chain of them does."""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.errors import SandboxError


class WayFailed(Exception):  # noqa: N818  # an ordinary event inside a chain, not an error by itself
    """One way to a program leads nowhere; the text says why, for `ToolUnavailable` to quote."""


@dataclass(frozen=True)
class Attempt:
    """One way that was tried in vain."""

    way: str
    """What was tried, as people call it."""
    reason: str
    """Why it failed, one line or few."""


class ToolUnavailable(SandboxError):  # noqa: N818  # reads as the sentence that it is
    """No way leads to a program: the text says which ways were tried and what to do."""

    def __init__(self, what: str, attempts: Sequence[Attempt], remedies: Sequence[str]) -> None:
        tried = [f"  - {attempt.way}: {_indented(attempt.reason)}" for attempt in attempts]
        advice = [f"  - {remedy}" for remedy in remedies]
        super().__init__(
            "\n".join(
                [f"{what} cannot be obtained. Tried:", *tried, "One of these helps:", *advice]
            )
        )


def _indented(reason: str) -> str:
    return reason.strip().replace("\n", "\n      ")
