"""Checks that need no model: what stands where, placeholders, and the name of the stack."""

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Any

from infra.config.document import OBJECT_KEYS, REGION_KEY, Document, KeyPath
from infra.config.explanations import shown
from infra.config.migrations.steps import CURRENT_VERSION, FIRST_VERSION, unknown
from infra.config.regions import commercial_regions

PLACEHOLDER = re.compile(r"\s*<[^<>]*>\s*|.*\b(change[_-]?me|todo|fixme)\b.*", re.IGNORECASE)


def stack_problems(document: Document) -> Iterator[tuple[KeyPath, str]]:
    """Yield what is wrong with the keys of a stack file directly under `config`."""
    yield from _misplaced(document, (REGION_KEY, *OBJECT_KEYS))
    told = [key for key in OBJECT_KEYS if key in document.config]
    if not told:
        yield (
            (OBJECT_KEYS[0],),
            "is missing; it takes a block with at least team and stage (or write mlops:platform, "
            "for what teams share)",
        )
    elif len(told) > 1:
        yield (told[1],), f"stands beside {told[0]}; a stack is one of the two, so split the file"


def organisation_problems(document: Document) -> Iterator[tuple[KeyPath, str]]:
    """Yield what is wrong with the keys of the organisation's file directly under `config`."""
    yield from _misplaced(document, OBJECT_KEYS)
    if not any(key in document.config for key in OBJECT_KEYS):
        yield (OBJECT_KEYS[0],), "is missing; without it the file says nothing, so remove the file"


def _misplaced(document: Document, allowed: Sequence[str]) -> Iterator[tuple[KeyPath, str]]:
    for key, value in document.config.items():
        # The engine's own settings, such as pulumi:tags, are its own business.
        if key not in allowed and not key.startswith("pulumi:"):
            yield (key,), f"has no effect here; allowed: {', '.join(allowed)}"
        if key in OBJECT_KEYS and not isinstance(value, dict):
            yield (key,), f"is {shown(value)}; allowed: a block of keys"


def region_problems(document: Document) -> Iterator[tuple[KeyPath, str]]:
    """Yield what is wrong with `aws:region`."""
    region = document.config.get(REGION_KEY)
    if region is None:
        yield (REGION_KEY,), "is missing; write the code of an AWS region, such as eu-west-1"
        return
    if sentence := unknown_region(region):
        yield (REGION_KEY,), sentence


def foreign_key(
    region: object, values: dict[str, Any], refused: set[KeyPath]
) -> Iterator[tuple[KeyPath, str]]:
    """Yield the finding that the key lies in another region than what it is to encrypt."""
    path = ("encryption", "key_arn")
    if unknown_region(region) or any(path[: len(bad)] == bad for bad in refused):
        return
    key_arn = values["encryption"]["key_arn"]
    if key_arn and key_arn.split(":")[3] != region:
        yield (
            path,
            f"is a key of {key_arn.split(':')[3]}, but this stack is in {region}; name one there",
        )


def unknown_region(region: object) -> str | None:
    """Return what is wrong with the code of a region, as the end of a sentence; None if nothing."""
    known = commercial_regions()
    if region in known:
        return None
    close = difflib.get_close_matches(str(region), known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"allowed: {', '.join(known)}"
    return (
        f"is {shown(region)}, no commercial region of AWS; {hint} (`make lock` brings those that "
        "AWS has opened since)"
    )


def version_problems(
    document: Document, current: int = CURRENT_VERSION
) -> Iterator[tuple[KeyPath, str]]:
    """Yield why settings cannot be read: they have the shape of another version."""
    for key in OBJECT_KEYS:
        settings = document.config.get(key)
        if not isinstance(settings, dict):
            continue
        version = settings.get("api_version", FIRST_VERSION)
        told = (
            f"is {version}" if "api_version" in settings else f"is left out, which means {version}"
        )
        if problem := unknown(version, current):
            yield (key, "api_version"), problem
        elif version < current:
            yield (
                (key, "api_version"),
                f"{told}, and this package reads {current}; run `mlops migrate` on the file",
            )


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
    name = "name" if "name" in values else "team"
    if refused & {(name,), ("stage",)}:
        return
    told = f"{values[name]}-{values['stage']}"
    if told != stack:
        yield (
            (name,),
            f"and stage make this stack {told}, but its name is {stack}; change one of them",
        )
