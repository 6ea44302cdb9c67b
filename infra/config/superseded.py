"""Keys without a say: they tell how something is made, but another key brings what exists."""

from collections.abc import Iterator, Mapping
from typing import Any

from infra.config.document import KeyPath
from infra.config.layers import LayerName, Merged, Origin

EXISTING = "existing"
"""Key of a block that brings what exists; the block's other keys tell how it is made."""

_STRENGTH = list(LayerName)


def is_brought(values: Mapping[str, Any], block: str) -> bool:
    """Whether settings bring what exists in place of what this block would make."""
    told = values.get(block)
    return isinstance(told, Mapping) and told.get(EXISTING) is not None


def superseded(merged: Merged) -> Iterator[tuple[KeyPath, str]]:
    """Yield the keys of a block that were said beside `existing`, or after it by a stronger layer.

    What a weaker layer says, such as a default, is for those who bring nothing.
    """
    for block in (each for each in merged.values if is_brought(merged.values, each)):
        existing = (block, EXISTING)
        brought = max(_strength(o) for path, o in merged.origins.items() if path[:2] == existing)
        for path, origin in merged.origins.items():
            if path[0] == block and path[:2] != existing and _strength(origin) >= brought:
                yield (
                    path,
                    f"says how something is made, but {block}.{EXISTING} brings it; remove one of "
                    "the two",
                )


def _strength(origin: Origin) -> int:
    return _STRENGTH.index(origin.layer)
