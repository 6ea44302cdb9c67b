"""How AWS is asked, and how an answer that will not do ends the program."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import pulumi

Answer = TypeVar("Answer")


def answer(named: str, question: Callable[[], Answer]) -> Answer:
    """Return what AWS answers; if it refuses, end with a sentence about what was `named`."""
    try:
        return question()
    except Exception as error:  # the SDK raises nothing narrower
        reason = " ".join(str(error).split())
        raise pulumi.RunError(
            f"{named}, but AWS tells nothing of it; it must exist in the account and region of the "
            f"stack, and the credentials in use must be allowed to describe it ({reason})"
        ) from None


def require(problems: Iterable[str]) -> None:
    """End the program with all that is wrong, one line each, if anything is."""
    found = list(problems)
    if found:
        raise pulumi.RunError("\n".join(found))
