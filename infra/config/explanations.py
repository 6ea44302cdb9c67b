"""Turns what pydantic found into sentences: what was given, what is allowed, what to do."""

import difflib
import json
from collections.abc import Iterator
from typing import Any

from annotated_types import Ge, Le
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from infra.config.blocks import Block, block_of
from infra.config.document import KeyPath
from infra.config.model import (
    DedicatedEnvironment,
    Platform,
    PlatformSettings,
    SharedEnvironment,
)
from infra.config.plain_secrets import plain_secrets

_WORDS = {
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a map",
    "too_short": "at least {min_length} entries",
    "too_long": "at most {max_length} entries",
    "enum": "{expected}",
}
_NUMBER_ERRORS = {"int_type", "int_from_float", "greater_than_equal", "less_than_equal"}


def problems(error: ValidationError, model: type[Block]) -> Iterator[tuple[KeyPath, str]]:
    """Yield the key and the sentence of everything that is wrong with the settings of a model."""
    for details in error.errors(include_url=False):
        path = tuple(str(part) for part in details["loc"] if part != "[key]")
        yield path, _sentence(model, path, details)


def shown(value: Any) -> str:
    """Return a value as a message quotes it; a secret never is."""
    if value is None:
        return "empty"
    if any(plain_secrets(value)):
        return "a secret"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"


def _sentence(model: type[Block], path: KeyPath, details: ErrorDetails) -> str:
    match details["type"]:
        case "missing":
            return _missing(model, path)
        case "extra_forbidden":
            return _unknown(model, path)
    if details["loc"][-1] == "[key]":
        return f"is no valid key; allowed: {details['msg']}"
    return f"is {shown(details['input'])}; allowed: {_allowed(model, path, details)}"


def _missing(model: type[Block], path: KeyPath) -> str:
    field = _field(model, path)
    if field is None:
        return "is missing"
    block = block_of(field)
    keys = f" Its keys: {', '.join(block.model_fields)}." if block else ""
    example = f" For example: {shown(field.examples[0])}." if field.examples else ""
    return f"is missing. {field.description}{keys}{example}"


def _unknown(model: type[Block], path: KeyPath) -> str:
    *parents, key = path
    if not parents and (sentence := _of_another_kind(model, key)):
        return sentence
    block = _block_at(model, tuple(parents)) or model
    here = f"allowed here: {', '.join(sorted(block.model_fields))}"
    close = difflib.get_close_matches(key, block.model_fields, n=1)
    elsewhere = [".".join(known) for known in _known_paths(model) if known[-1] == key]
    meant = [".".join((*parents, close[0]))] if close else elsewhere[:1]
    return (
        f"is not a known key; did you mean {meant[0]}? {here}"
        if meant
        else (f"is not a known key; {here}")
    )


def _of_another_kind(model: type[Block], key: str) -> str | None:
    """Return what to do with a key that stands in the wrong kind of stack file."""
    if model is SharedEnvironment and key in PlatformSettings.model_fields:
        return "belongs to the platform, and tenancy is shared; say it in the platform's stack file"
    if model is DedicatedEnvironment and key in SharedEnvironment.model_fields:
        return "names a platform to share, and tenancy is dedicated; write tenancy: shared as well"
    if model is Platform and key in SharedEnvironment.model_fields:
        return "belongs to one team; say it in the stack file of each team"
    return None


def _allowed(model: type[Block], path: KeyPath, details: ErrorDetails) -> str:
    type_, given, field = details["type"], details["input"], _field(model, path)
    if type_ in _WORDS:
        return _WORDS[type_].format(**details.get("ctx", {})).replace("'", "")
    if type_ == "string_type":
        is_number = isinstance(given, (int, float))
        return f'text, so write it in quotes: "{shown(given)}"' if is_number else "text"
    if type_ in _NUMBER_ERRORS and field:
        return f"a whole number{_bounds(field)}"
    if type_ == "model_type" and field and (block := block_of(field)):
        return f"a block with the keys {', '.join(block.model_fields)}"
    return details["msg"]


def _bounds(field: FieldInfo) -> str:
    low = next((str(each.ge) for each in field.metadata if isinstance(each, Ge)), None)
    high = next((str(each.le) for each in field.metadata if isinstance(each, Le)), None)
    return f" from {low} to {high}" if low and high else ""


def _field(model: type[Block], path: KeyPath) -> FieldInfo | None:
    block = _block_at(model, path[:-1])
    return block.model_fields.get(path[-1]) if block else None


def _block_at(model: type[Block], path: KeyPath) -> type[Block] | None:
    block: type[Block] | None = model
    for name in path:
        field = block.model_fields.get(name) if block else None
        block = block_of(field) if field else None
    return block


def _known_paths(block: type[Block]) -> Iterator[KeyPath]:
    for name, field in block.model_fields.items():
        yield (name,)
        if inner := block_of(field):
            yield from ((name, *path) for path in _known_paths(inner))
