"""Shapes of property values, written as short strings so that they cache and compare well.

`string`, `boolean`, `number` and `any` are scalars, `[]x` is a list of x, `{}x` a map of x, and
`@label` an object whose properties are listed under that label in an `Objects` table.
"""

from collections.abc import Mapping

Shape = str
Objects = Mapping[str, Mapping[str, Shape]]
"""Label of an object type -> its property names -> their shapes."""

ANY: Shape = "any"


def list_of(element: Shape) -> Shape:
    """Shape of a list."""
    return f"[]{element}"


def map_of(element: Shape) -> Shape:
    """Shape of a map with string keys."""
    return "{}" + element


def object_named(label: str) -> Shape:
    """Shape of an object type."""
    return f"@{label}"


def is_list(shape: Shape) -> bool:
    """Whether values are lists."""
    return shape.startswith("[]")


def is_map(shape: Shape) -> bool:
    """Whether values are maps whose keys are data, not property names."""
    return shape.startswith("{}")


def is_object(shape: Shape) -> bool:
    """Whether values have named properties."""
    return shape.startswith("@")


def element_of(shape: Shape) -> Shape:
    """Shape of the members of a list or map; anything else has members of unknown shape."""
    return shape[2:] if is_list(shape) or is_map(shape) else ANY


def label_of(shape: Shape) -> str:
    """Label of an object shape."""
    return shape[1:]
