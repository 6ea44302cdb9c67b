"""Properties of `ignoreChanges` in an update."""

from typing import Any

from sandbox.plugins.kubernetes.difference import Path, parse_path
from sandbox.plugins.kubernetes.values import Tree


def keep_ignored(inputs: Tree, live: Tree, ignored: list[str]) -> Tree:
    """Return inputs whose ignored properties are as the live object has them.

    Left as in the last run they would be written over what someone else has set since then.
    """
    result = inputs
    for text in ignored:
        path = parse_path(text)
        found, value = _lookup(live, path)
        if found and _lookup(result, path)[0]:
            result = _replaced(result, path, value)
    return result


def _lookup(value: Any, path: Path) -> tuple[bool, Any]:
    for step in path:
        is_there = (isinstance(value, dict) and step in value) or (
            isinstance(value, list) and isinstance(step, int) and step < len(value)
        )
        if not is_there:
            return False, None
        value = value[step]
    return True, value


def _replaced(value: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    step, *rest = path
    if isinstance(value, dict):
        return {**value, step: _replaced(value[step], tuple(rest), new)}
    return [
        _replaced(item, tuple(rest), new) if index == step else item
        for index, item in enumerate(value)
    ]
