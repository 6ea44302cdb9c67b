"""The tables of all keys, for people."""

import json
from collections.abc import Iterator
from typing import NamedTuple

from infra.config.document import ENVIRONMENT_KEY, PLATFORM_KEY
from infra.config.kinds import Kind
from infra.config.load import NO_DEFAULTS
from infra.config.schema.files import DEDICATED, PLATFORM, SHARED
from infra.config.schema.settings import (
    Defaults,
    Schema,
    at,
    defaults_of,
    in_words,
    is_block,
    model_schema,
)

_HEAD = """\
<!-- Written by `make schema` from the descriptions in infra/config. -->

# Every key of a stack file

What layers, stages and versions are: [The stack file](../stack-file.md). A default without a stage
holds in all of them. With tenancy shared, an environment has no keys of a platform.
"""


class Row(NamedTuple):
    """What is to be known of one key."""

    allowed: str
    default: str
    description: str


def reference() -> str:
    """Return the page as Markdown."""
    dedicated, shared, platform = (dict(_rows(kind)) for kind in (DEDICATED, SHARED, PLATFORM))
    environment = {
        key: row._replace(description=row.description + _tenancy(key, dedicated, shared))
        for key, row in (dedicated | shared).items()
    }
    return f"{_HEAD}\n{_table(ENVIRONMENT_KEY, environment)}\n{_table(PLATFORM_KEY, platform)}"


def _table(object_key: str, rows: dict[str, Row]) -> str:
    lines = [
        f"## `{object_key}`",
        "",
        "| key | allowed | default | what it is |",
        "|---|---|---|---|",
    ]
    for key, row in rows.items():
        cells = [f"`{key}`", *(cell.replace("|", "\\|") for cell in row)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _tenancy(key: str, dedicated: dict[str, Row], shared: dict[str, Row]) -> str:
    """Return with which tenancy alone a key goes, unless the block around it says so."""
    block = key.rpartition(".")[0]
    for tenancy, other in (("dedicated", shared), ("shared", dedicated)):
        if key not in other and (not block or block in other):
            return f" Only with tenancy: {tenancy}."
    return ""


def _rows(kind: Kind) -> Iterator[tuple[str, Row]]:
    return _of_block(model_schema(kind), defaults_of(kind, NO_DEFAULTS), "")


def _of_block(block: Schema, defaults: Defaults, prefix: str) -> Iterator[tuple[str, Row]]:
    for key, schema in block["properties"].items():
        inner = at(defaults, key)
        yield prefix + key, Row(_allowed(schema), _default(schema, inner), schema["description"])
        if "properties" in schema:
            yield from _of_block(schema, inner, f"{prefix}{key}.")


def _default(schema: Schema, defaults: Defaults) -> str:
    if is_block(schema):
        return ""
    if defaults:
        return in_words(defaults)
    # Within a block that may be left out, no layer says what holds without a key.
    return json.dumps(schema["default"]) if "default" in schema else "required"


def _allowed(schema: Schema) -> str:
    match schema:
        case {"type": [value, "null"]}:
            words = f"{_allowed({**schema, 'type': value})}, or null"
        case {"enum": choices}:
            words = ", ".join(map(json.dumps, choices))
        case {"patternErrorMessage": message}:
            words = message.removeprefix("allowed: ")
        case {"type": "integer", "minimum": low, "maximum": high}:
            words = f"{low} to {high}"
        case {"type": "boolean"}:
            words = "true, false"
        case {"type": "array", "items": items}:
            words = f"list; each {_allowed(items)}"
        case {"propertyNames": names, "additionalProperties": values}:
            words = f"map; key {_allowed(names)}; value {_allowed(values)}"
        case _:
            words = "block"
    return words
