"""Property values as the engine sends them: plain JSON, with secrets and unknowns inside."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from google.protobuf import struct_pb2  # type: ignore[import-untyped]

Tree = dict[str, Any]
"""A JSON object whose leaves may be `Secret` or `UNKNOWN`."""

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""A value that another resource has yet to produce."""

SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  says what a value is
OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

# An API server knows these with dashes, a property of an SDK class cannot have them.
_DASHED = {
    name.replace("-", "_"): name
    for name in (
        "x-kubernetes-embedded-resource",
        "x-kubernetes-int-or-string",
        "x-kubernetes-list-map-keys",
        "x-kubernetes-list-type",
        "x-kubernetes-map-type",
        "x-kubernetes-preserve-unknown-fields",
        "x-kubernetes-validations",
    )
}
_UNDERSCORED = {dashed: name for name, dashed in _DASHED.items()}


@dataclass(frozen=True)
class Secret:
    """A value that must stand encrypted in the state and in no message."""

    value: Any

    def __repr__(self) -> str:
        return "Secret(…)"


def decode(struct: Any) -> Tree:
    """Return the engine's structure as a tree, with whole numbers as integers."""
    return {name: _decode(value) for name, value in struct.fields.items()}


def _decode(value: Any) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _unwrap(decode(value.struct_value))
    if kind == "list_value":
        return [_decode(item) for item in value.list_value.values]
    if kind == "number_value":
        number: float = value.number_value
        return int(number) if number.is_integer() else number
    if kind is None or kind == "null_value":
        return None
    return getattr(value, kind)


def _unwrap(value: Tree) -> Any:
    signature = value.get(SIGNATURE_KEY)
    if signature == SECRET_SIGNATURE:
        return Secret(value["value"])
    if signature == OUTPUT_SIGNATURE:
        inner = value.get("value", UNKNOWN)
        return Secret(inner) if value.get("secret") else inner
    return value


def encode(tree: Tree) -> Any:
    """Return a tree as the engine's structure."""
    struct = struct_pb2.Struct()
    for name, value in tree.items():
        _encode(value, struct.fields[name])
    return struct


def _encode(value: Any, into: Any) -> None:
    if isinstance(value, Secret):
        value = {SIGNATURE_KEY: SECRET_SIGNATURE, "value": value.value}
    if isinstance(value, dict):
        into.struct_value.SetInParent()
        for name, item in value.items():
            _encode(item, into.struct_value.fields[name])
    elif isinstance(value, list):
        into.list_value.SetInParent()
        for item in value:
            _encode(item, into.list_value.values.add())
    elif value is None:
        into.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, bool):
        into.bool_value = value
    elif isinstance(value, int | float):
        into.number_value = value
    else:
        into.string_value = str(value)


def to_object(tree: Tree) -> Tree:
    """Return a tree as an API object: without secrecy, nulls and the SDK's spelling."""
    result: Tree = _without_nulls(_renamed(_revealed(tree), _DASHED))
    return result


def from_object(value: Tree) -> Tree:
    """Return an API object in the SDK's spelling."""
    result: Tree = _renamed(value, _UNDERSCORED)
    return result


def _revealed(value: Any) -> Any:
    if isinstance(value, Secret):
        return _revealed(value.value)
    if isinstance(value, dict):
        return {name: _revealed(item) for name, item in value.items()}
    return [_revealed(item) for item in value] if isinstance(value, list) else value


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(name, name): _renamed(item, names) for name, item in value.items()}
    return [_renamed(item, names) for item in value] if isinstance(value, list) else value


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


def has_unknown(value: Any) -> bool:
    """Say whether something in here is yet to be produced."""
    return any(leaf == UNKNOWN for leaf in leaves(value))


def leaves(value: Any) -> Iterator[Any]:
    """Yield all leaves, also those inside secrets."""
    if isinstance(value, Secret):
        yield from leaves(value.value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value
