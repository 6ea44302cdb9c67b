"""A judge of files by their schema, as editors judge."""

import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft7Validator, ValidationError
from jsonschema.validators import extend


def _pattern(
    validator: Any, pattern: str, text: object, _schema: object
) -> Iterator[ValidationError]:
    r"""JSON Schema means patterns of ECMA 262, in which \w and \d are ASCII."""
    if isinstance(text, str) and not re.search(pattern, text, re.ASCII):
        yield ValidationError(f"{text} does not match {pattern}")


Judge: Any = extend(  # type: ignore[no-untyped-call]  # the stubs say nothing of it
    Draft7Validator, {"pattern": _pattern}
)


def complaints(schema: dict[str, Any], file: Any) -> list[str]:
    """Return what is wrong with a file."""
    return [f"{error.json_path}: {error.message}" for error in Judge(schema).iter_errors(file)]
