"""Policy documents as AWS keeps them: compared by meaning, extended without losing a statement."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Statement = Mapping[str, Any]
Document = Mapping[str, Any]

VERSION = "2012-10-17"


def document(statements: Iterable[Statement]) -> dict[str, Any]:
    """Return the policy document of these statements."""
    return {"Version": VERSION, "Statement": list(statements)}


def same(one: object, other: object) -> bool:
    """Whether two documents say the same: AWS reorders lists and unpacks lists of one."""
    return _canonical(one) == _canonical(other)


def with_statements(current: Document | None, ours: Sequence[Statement]) -> Document:
    """Return `current` with our statements in it, each under its `Sid`; those of others stay.

    Where nothing would change, it is `current` itself.
    """
    ids = {statement["Sid"] for statement in ours}
    others = [each for each in statements_of(current) if each.get("Sid") not in ids]
    wanted = document([*ours, *others])
    return current if current is not None and same(current, wanted) else wanted


def statements_of(current: Document | None) -> list[Statement]:
    """Return the statements of a document; AWS also takes a single one without a list."""
    found = (current or {}).get("Statement", [])
    return found if isinstance(found, list) else [found]


def listed(value: str | Sequence[str]) -> list[str]:
    """Return what a document says about actions or resources as a list."""
    return [value] if isinstance(value, str) else list(value)


def _canonical(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _canonical(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        items = sorted((_canonical(item) for item in value), key=repr)
        return items[0] if len(items) == 1 else items
    return value
