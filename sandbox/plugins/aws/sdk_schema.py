"""The program's side of the translation: names and shapes of the AWS SDK's Python classes."""

import collections.abc
import importlib
import keyword
import typing
from importlib.metadata import version
from pathlib import Path
from types import UnionType
from typing import Any

from sandbox.plugins.aws import shapes
from sandbox.plugins.aws.cache import fingerprint, remembered
from sandbox.plugins.aws.shapes import Shape

PACKAGE = "pulumi_aws"
PROVIDER_TOKEN = "pulumi:providers:aws"  # noqa: S105  a type token
SDK_VERSION = version(PACKAGE.replace("_", "-"))

_SCALARS: dict[Any, Shape] = {bool: "boolean", int: "number", float: "number", str: "string"}

ObjectTable = dict[str, dict[str, Shape]]


class SdkSchema:
    """Names and shapes by type token, learnt from the classes and remembered on disk.

    Importing the SDK's modules takes seconds of processor time, hence the memory.
    """

    def __init__(self, cache: Path) -> None:
        """Remember in `cache`, apart for every version of the SDK."""
        self._directory = cache / f"{PACKAGE}-{SDK_VERSION}-{fingerprint(learners=[__file__])}"
        self._roots: dict[str, Shape] = {}
        self.objects: ObjectTable = {}

    def shape(self, token: str) -> Shape:
        """Shape of a resource's properties, a function's results or the provider's settings.

        Raises `KeyError` if the SDK knows no such token.
        """
        if token not in self._roots:
            path = self._directory / (token.replace("/", ".").replace(":", "-") + ".json")
            self.objects.update(remembered(path, lambda: _learn(token)))
            self._roots[token] = shapes.object_named(token)
        return self._roots[token]


def _learn(token: str) -> ObjectTable:
    table: ObjectTable = {}
    _describe(_class_of(token), token, table)
    return table


def _class_of(token: str) -> Any:
    if token == PROVIDER_TOKEN:
        return importlib.import_module(PACKAGE).ProviderArgs
    _, module_and_file, name = token.split(":")
    module = module_and_file.partition("/")[0].lower()
    if keyword.iskeyword(module):
        module += "_"
    path = PACKAGE if module == "index" else f"{PACKAGE}.{module}"
    class_name = f"{name[0].upper()}{name[1:]}Result" if name[0].islower() else name
    try:
        return getattr(importlib.import_module(path), class_name)
    except (ModuleNotFoundError, AttributeError):
        raise KeyError(token) from None


def _describe(described: Any, label: str, table: ObjectTable) -> None:
    """Add an SDK class, and every class its properties need, to the table."""
    if label in table:
        return
    table[label] = {}
    table[label].update(
        (name, _shape(hint, table)) for name, hint in _property_types(described).items()
    )


def _property_types(described: Any) -> dict[str, Any]:
    from pulumi import Resource, _types  # noqa: PLC0415  only after `_class_of` paid for it

    if issubclass(described, Resource):
        properties = _types.resource_types(described)
        return {name: hint for name, hint in properties.items() if name not in {"id", "urn"}}
    if _types.is_input_type(described):
        return _types.input_type_types(described)
    return _types.output_type_types(described)


def _shape(hint: Any, table: ObjectTable) -> Shape:
    origin = typing.get_origin(hint)
    members = [member for member in typing.get_args(hint) if member is not type(None)]
    if origin in {typing.Union, UnionType} or _is_wrapper(origin):
        return _first_meaningful(members, table)
    if origin in {list, collections.abc.Sequence}:
        return shapes.list_of(_shape(members[0], table))
    if origin in {dict, collections.abc.Mapping}:
        return shapes.map_of(_shape(members[1], table))
    return _SCALARS.get(hint) or _class_shape(hint, table)


def _class_shape(hint: Any, table: ObjectTable) -> Shape:
    if not isinstance(hint, type) or not hint.__module__.startswith(PACKAGE):
        return shapes.ANY
    if issubclass(hint, str):  # an enumeration
        return "string"
    label = f"{hint.__module__.removeprefix(PACKAGE)}.{hint.__name__}".lstrip(".")
    _describe(hint, label, table)
    return shapes.object_named(label)


def _is_wrapper(origin: Any) -> bool:
    """`Output[...]`, or the `Awaitable[...]` in an input's union."""
    return getattr(origin, "__name__", "") in {"Output", "Awaitable"}


def _first_meaningful(members: list[Any], table: ObjectTable) -> Shape:
    for member in members:
        found = _shape(member, table)
        if found != shapes.ANY:
            return found
    return shapes.ANY
