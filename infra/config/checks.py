"""Checks that need no model: what stands where, placeholders, and the name of the stack."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from infra.config.document import OBJECT_KEY, REGION_KEY, Document, KeyPath
from infra.config.explanations import shown
from infra.config.shapes import Region

PLACEHOLDER = re.compile(r"\s*<[^<>]*>\s*|.*\b(change[_-]?me|todo|fixme)\b.*", re.IGNORECASE)
_REGION: TypeAdapter[str] = TypeAdapter(Region)


def stack_problems(document: Document) -> Iterator[tuple[KeyPath, str]]:
    """Yield what is wrong with the keys of a stack file directly under `config`."""
    yield from _misplaced(document, (REGION_KEY, OBJECT_KEY))
    if OBJECT_KEY not in document.config:
        yield (OBJECT_KEY,), "is missing; it takes a block with at least team and stage"


def organisation_problems(document: Document) -> Iterator[tuple[KeyPath, str]]:
    """Yield what is wrong with the keys of the organisation's file directly under `config`."""
    yield from _misplaced(document, (OBJECT_KEY,))
    if OBJECT_KEY not in document.config:
        yield (OBJECT_KEY,), "is missing; without it the file says nothing, so remove the file"


def _misplaced(document: Document, allowed: Sequence[str]) -> Iterator[tuple[KeyPath, str]]:
    for key in document.config:
        # The engine's own settings, such as pulumi:tags, are its own business.
        if key not in allowed and not key.startswith("pulumi:"):
            yield (key,), f"has no effect here; allowed: {', '.join(allowed)}"
    if document.says((OBJECT_KEY,)) and not isinstance(document.environment, dict):
        yield (OBJECT_KEY,), f"is {shown(document.environment)}; allowed: a block of keys"


def region_problems(document: Document) -> Iterator[tuple[KeyPath, str]]:
    """Yield what is wrong with `aws:region`."""
    region = document.config.get(REGION_KEY)
    if region is None:
        yield (REGION_KEY,), "is missing; write the code of an AWS region, such as eu-west-1"
        return
    try:
        _REGION.validate_python(region, strict=True)
    except ValidationError as error:
        yield (REGION_KEY,), f"is {shown(region)}; allowed: {error.errors()[0]['msg']}"


def placeholders(values: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Yield every text that somebody meant to replace and did not."""
    if isinstance(values, dict):
        for key, value in values.items():
            yield from placeholders(value, (*path, key))
    elif isinstance(values, list):
        for position, value in enumerate(values):
            yield from placeholders(value, (*path, str(position)))
    elif isinstance(values, str) and PLACEHOLDER.fullmatch(values):
        yield path, f"still holds the placeholder {shown(values)}; write the real value"


def disagreement(
    stack: str, values: dict[str, Any], refused: set[KeyPath]
) -> Iterator[tuple[KeyPath, str]]:
    """Yield the finding that a stack's name and its content tell different stories."""
    if refused & {("team",), ("stage",)}:
        return
    told = f"{values['team']}-{values['stage']}"
    if told != stack:
        yield (
            ("team",),
            f"and stage make this stack {told}, but its name is {stack}; change one of them",
        )
