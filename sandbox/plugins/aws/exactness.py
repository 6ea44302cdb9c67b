"""What a translation there and back would lose of a state, kept beside the state.

An object for a list of one cannot tell an empty list from no list, and text cannot tell `1` from
`"1"`. The bridge must get its state back exactly as it gave it, so the differences travel along in
one hidden property. They hold no values of their own but such emptiness and spelling.
"""

from typing import Any

from sandbox.plugins.aws import paths, wire
from sandbox.plugins.aws.paths import Path

HIDDEN = "__exact"

_ABSENT = object()


def differences(exact: wire.Properties, approximate: wire.Properties) -> dict[str, Any]:
    """Find the paths at which `exact` differs, and what stands there in a list of one or none."""
    found: dict[str, Any] = {}
    _compare(exact, approximate, (), found)
    return found


def restored(approximate: wire.Properties, found: dict[str, Any]) -> wire.Properties:
    """Put differences back in place."""
    for text, kept in found.items():
        _put(approximate, paths.parse(text), kept)
    return approximate


def _compare(exact: Any, approximate: Any, path: Path, found: dict[str, Any]) -> None:
    left, right = wire.content(exact), wire.content(approximate)
    if isinstance(left, dict) and isinstance(right, dict):
        for key in {**left, **right}:
            inner = left.get(key, _ABSENT), right.get(key, _ABSENT)
            _compare(*inner, (*path, key), found)
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, pair in enumerate(zip(left, right, strict=True)):
            _compare(*pair, (*path, index), found)
    elif left != right or type(left) is not type(right):
        # In a list, since an absent value must be told from a null.
        found[paths.render(path)] = [] if exact is _ABSENT else [exact]


def _put(root: wire.Properties, path: Path, kept: list[Any]) -> None:
    holder: Any = root
    for step in path[:-1]:
        if not _has(holder, step):
            return  # the state was changed since; what it says now counts
        holder = wire.content(holder[step])
    last: Any = path[-1]
    if isinstance(holder, dict) and not kept:
        holder.pop(last, None)
    elif isinstance(holder, dict) or _has(holder, last):
        holder[last] = kept[0]


def _has(holder: Any, step: Any) -> bool:
    if isinstance(holder, list):
        return isinstance(step, int) and step < len(holder)
    return isinstance(holder, dict) and step in holder
