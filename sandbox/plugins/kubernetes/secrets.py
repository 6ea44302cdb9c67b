"""What is secret stays secret: in the state, and in messages."""

import base64
from collections.abc import Iterator
from typing import Any

from sandbox.plugins.kubernetes.values import Secret, Tree, leaves

SECRET_FIELDS = ("data", "stringData")
HIDDEN = "[secret]"

SHORTEST_HIDDEN = 3
"""Shorter secrets would blot out unrelated parts of a message."""


def mark(outputs: Tree, inputs: Tree) -> Tree:
    """Return outputs with everything wrapped that is secret in the inputs, or by its kind."""
    if outputs.get("kind") == "Secret" and isinstance(outputs.get("apiVersion"), str):
        return {
            name: _wrap(value) if name in SECRET_FIELDS else value
            for name, value in outputs.items()
        }
    return {name: _marked(value, inputs.get(name)) for name, value in outputs.items()}


def _marked(output: Any, given: Any) -> Any:
    if isinstance(output, dict) and isinstance(given, dict):
        return mark(output, given)
    return _wrap(output) if next(_secrets(given), None) else output


def _wrap(value: Any) -> Any:
    return value if isinstance(value, Secret) else Secret(value)


def _secrets(value: Any) -> Iterator[Secret]:
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _secrets(item)
    elif isinstance(value, list):
        for item in value:
            yield from _secrets(item)


def redact(message: str, inputs: Tree) -> str:
    """Return a message without the secrets of these inputs, plain or as base64.

    An API server quotes the value that it refuses.
    """
    marked = mark(inputs, inputs)
    texts = {
        str(leaf) for secret in _secrets(marked) for leaf in leaves(secret) if leaf is not None
    }
    encoded = {base64.b64encode(text.encode()).decode() for text in texts}
    for text in sorted(texts | encoded, key=len, reverse=True):
        if len(text) >= SHORTEST_HIDDEN:
            message = message.replace(text, HIDDEN)
    return message
