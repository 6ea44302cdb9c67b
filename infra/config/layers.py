"""Layers of settings laid over each other: maps merge, everything else replaces."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from infra.config.document import ENVIRONMENT_KEY, Document, KeyPath


class LayerName(StrEnum):
    """Where a value can come from, the weakest first."""

    PACKAGE = "package default"
    PROFILE = "stage profile"
    ORGANISATION = "organisation"
    STACK = "stack file"


@dataclass(frozen=True)
class Layer:
    """One set of settings in the shape of what stands under `object_key`."""

    name: LayerName
    values: Any
    source: Document | None = None
    """The file behind it; None for what the package itself brings."""
    object_key: str = ENVIRONMENT_KEY
    """Where in that file the values stand."""


@dataclass(frozen=True)
class Origin:
    """Where one value came from."""

    layer: LayerName
    label: str
    line: int | None


@dataclass(frozen=True)
class Merged:
    """The outcome of all layers."""

    values: Any
    origins: dict[KeyPath, Origin]
    """Who said it last, for every value that is no map (an empty one counts as a value)."""


def merge(layers: Sequence[Layer]) -> Merged:
    """Lay each layer over the ones before it."""
    origins: dict[KeyPath, Origin] = {}
    values: Any = {}
    for layer in layers:
        values = _lay(values, layer.values, (), layer, origins)
    return Merged(values, origins)


def _lay(
    below: Any, above: Any, path: KeyPath, layer: Layer, origins: dict[KeyPath, Origin]
) -> Any:
    """Return `above` laid over `below`, and keep `origins` in step."""
    if isinstance(below, dict) and isinstance(above, dict):
        if above:
            origins.pop(path, None)  # no longer empty
        laid = dict(below)
        for key, value in above.items():
            laid[key] = _lay(below.get(key), value, (*path, key), layer, origins)
        return laid
    for replaced in [key for key in origins if key[: len(path)] == path]:
        del origins[replaced]
    if isinstance(above, dict) and above:
        return _lay({}, above, path, layer, origins)
    origins[path] = _origin(layer, path)
    return above


def _origin(layer: Layer, path: KeyPath) -> Origin:
    if layer.source is None:
        return Origin(layer.name, "the package", None)
    return Origin(layer.name, layer.source.label, layer.source.line_of((layer.object_key, *path)))
