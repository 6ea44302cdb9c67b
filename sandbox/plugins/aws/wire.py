"""How the engine writes property values that plain JSON cannot hold."""

from collections.abc import Callable
from typing import Any

from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Key that marks an object as something other than a plain map."""
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  the marker, not a secret
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
UNKNOWNS = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""Placeholders for values that are known only after deployment, one for each kind of value."""

Properties = dict[str, Any]


def decoded(struct: Struct) -> Properties:
    """Read properties from a message."""
    properties: Properties = MessageToDict(struct)
    return properties


def encoded(properties: Properties) -> Struct:
    """Write properties into a message."""
    struct = Struct()
    struct.update(properties)
    return struct


def is_unknown(value: Any) -> bool:
    """Whether a value is known only after deployment."""
    return isinstance(value, str) and value in UNKNOWNS


def is_wrapper(value: Any) -> bool:
    """Whether a value stands inside a secret or output, whose mark it must keep."""
    return isinstance(value, dict) and value.get(SIGNATURE) in {SECRET, OUTPUT}


def content(value: Any) -> Any:
    """Look through the marks of secrets and outputs."""
    return content(value.get("value")) if is_wrapper(value) else value


def rewrapped(wrapper: Properties, change: Callable[[Any], Any]) -> Properties:
    """Change what stands inside a secret or output; an output not known yet has nothing inside."""
    return {**wrapper, "value": change(wrapper["value"])} if "value" in wrapper else wrapper


def is_reference(value: Any) -> bool:
    """Whether a value is an asset, an archive or a reference to a resource."""
    return isinstance(value, dict) and SIGNATURE in value and not is_wrapper(value)


def contains_unknown(value: Any) -> bool:
    """Whether any part of a value is known only after deployment."""
    if isinstance(value, dict):
        return (value.get(SIGNATURE) == OUTPUT and "value" not in value) or any(
            contains_unknown(member) for member in value.values()
        )
    if isinstance(value, list):
        return any(contains_unknown(member) for member in value)
    return is_unknown(value)


def contains_secret(value: Any) -> bool:
    """Whether any part of a value is secret."""
    if isinstance(value, dict):
        marked = value.get(SIGNATURE)
        return (
            marked == SECRET
            or (marked == OUTPUT and bool(value.get("secret")))
            or any(contains_secret(member) for member in value.values())
        )
    return isinstance(value, list) and any(contains_secret(member) for member in value)


def unwrapped(value: Any) -> Any:
    """Copy a known value without the marks of secrets and outputs."""
    if is_wrapper(value):
        return unwrapped(value.get("value"))
    if isinstance(value, dict):
        return {key: unwrapped(member) for key, member in value.items()}
    return [unwrapped(member) for member in value] if isinstance(value, list) else value


def secret(value: Any) -> Properties:
    """Mark a value as secret."""
    return {SIGNATURE: SECRET, "value": value}
