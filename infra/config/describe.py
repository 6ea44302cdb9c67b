"""What the models know about a key: what it means, what is allowed, what holds by default."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from infra.config import profiles
from infra.config.blocks import Block, block_of
from infra.config.choices import Stage
from infra.config.document import REGION_KEY, KeyPath


@dataclass(frozen=True)
class Description:
    """One key of a stack file, whatever its value."""

    text: str
    """What it means."""
    allowed: str
    """What it may hold."""
    defaults: dict[str, Any]
    """What it holds in each stage if nobody says anything; empty if there is no default."""


def describe(model: type[Block], path: KeyPath) -> Description | None:
    """Return what the model knows of a key or a block; None if it has no such key."""
    if path == (REGION_KEY,):
        allowed = "the code of a commercial AWS region, such as eu-west-1"
        return Description("AWS region of everything in the stack.", allowed, {})
    field = _field(model, path)
    if field is not None:
        return Description(field.description or "", _allowed(_type(field)), _defaults(path))
    map_ = _field(model, path[:-1]) if len(path) > 1 else None
    if map_ is not None and get_origin(map_.annotation) is dict:
        return Description(map_.description or "", _allowed(get_args(map_.annotation)[1]), {})
    return None


def known_keys(model: type[Block]) -> list[str]:
    """Return every key and block of a model, in its order, with dots between the blocks."""
    return [REGION_KEY, *(".".join(path) for path in _paths(model))]


def _paths(model: type[Block]) -> Iterator[KeyPath]:
    for name, field in model.model_fields.items():
        yield (name,)
        if block := block_of(field):
            yield from ((name, *path) for path in _paths(block))


def _field(model: type[Block], path: KeyPath) -> FieldInfo | None:
    field, block = None, model
    for name in path:
        field = block.model_fields.get(name) if block else None
        block = block_of(field) if field else None  # type: ignore[assignment]
    return field


def _type(field: FieldInfo) -> Any:
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def _allowed(kind: Any) -> str:  # noqa: PLR0911  # one answer for each kind of value
    plain, *limits = get_args(kind) if get_origin(kind) is Annotated else (kind,)
    inner = get_args(plain)
    if NoneType in inner:
        (given,) = set(inner) - {NoneType}
        return f"{_allowed(given)}; or nothing"
    if get_origin(plain) is tuple:
        return f"a list, each entry: {_allowed(inner[0])}"
    if get_origin(plain) is dict:
        return f"a map; each key: {_allowed(inner[0])}; each value: {_allowed(inner[1])}"
    if plain is bool:
        return "true or false"
    if issubclass(plain, Enum):
        return f"one of {', '.join(str(each.value) for each in plain)}"
    if issubclass(plain, Block):
        return f"a block with the keys {', '.join(plain.model_fields)}"
    if plain is int:
        low = "".join(f" from {limit.ge}" for limit in limits if isinstance(limit, Ge))
        high = "".join(f" to {limit.le}" for limit in limits if isinstance(limit, Le))
        return f"a whole number{low}{high}"
    return _text_allowed(kind)


def _text_allowed(kind: Any) -> str:
    """Ask the kind of text itself: none allows the empty text, and its refusal says what is."""
    try:
        TypeAdapter(kind).validate_python("")
    except ValidationError as error:
        return error.errors()[0]["msg"]
    return "text"


def _defaults(path: KeyPath) -> dict[str, Any]:
    in_every_stage = profiles.package_defaults()
    found = {}
    for stage in Stage:
        for layer in (profiles.profile(stage), in_every_stage):
            if _says(layer, path) and not isinstance(value := at(layer, path), dict):
                found[stage.value] = value
                break
    return found


def _says(values: Any, path: KeyPath) -> bool:
    for name in path:
        if not (isinstance(values, dict) and name in values):
            return False
        values = values[name]
    return True


def at(values: Any, path: KeyPath) -> Any:
    """Return the value at a key that settings hold."""
    for name in path:
        values = values[name]
    return values
