"""The schema of one kind of settings: what may be told, and what holds where nothing is."""

import json
from collections.abc import Mapping
from typing import Any

from infra.config.choices import Stage
from infra.config.document import Document
from infra.config.kinds import Kind
from infra.config.layers import merge
from infra.config.load import NO_DEFAULTS

Schema = dict[str, Any]
Defaults = Mapping[Stage, Any]
"""Stage -> what holds in it where the stack file says nothing."""


def settings_schema(kind: Kind, organisation: Document) -> Schema:
    """Return the schema of what a stack file says; required is what no other layer says."""
    return _with_defaults(model_schema(kind), defaults_of(kind, organisation))


def model_schema(kind: Kind) -> Schema:
    """Return the schema of a model, which knows no defaults."""
    schema = kind.model.model_json_schema()
    return _plain(schema, schema["$defs"])


def defaults_of(kind: Kind, organisation: Document) -> Defaults:
    """Return what the layers below the stack file say."""
    if not isinstance(organisation.settings(kind.object_key), dict):
        organisation = NO_DEFAULTS  # `load` tells what is wrong with it
    defaults = {}
    for stage in Stage:
        told = Document("", {kind.object_key: {"stage": stage.value}})
        *below, _ = kind.layers(told, organisation)
        defaults[stage] = merge(below).values
    return defaults


def at(defaults: Defaults, key: str) -> Defaults:
    """Return the defaults of one key of a block; nothing, if it has none."""
    return {
        stage: block[key]
        for stage, block in defaults.items()
        if isinstance(block, dict) and key in block
    }


def in_words(defaults: Defaults) -> str:
    """Return the default of one key, by stage where stages differ."""
    texts = {stage: json.dumps(value) for stage, value in defaults.items()}
    if len(set(texts.values())) == 1:
        return texts[Stage.DEV]
    return ", ".join(f"{stage.value} {text}" for stage, text in texts.items())


def is_block(schema: Schema) -> bool:
    """Whether it holds keys that merge one by one; where null may stand, all of it is one value."""
    return "properties" in schema and schema["type"] == "object"


def _plain(schema: Schema, definitions: Schema) -> Schema:
    """Return a schema without references and titles, and in forms that editors explain well."""
    if "$ref" in schema:
        schema = {**definitions[schema["$ref"].rpartition("/")[2]], **schema}
    if "anyOf" in schema:  # a value or null
        value = _plain(schema["anyOf"][0], definitions)
        schema = {**value, **schema, "type": [value["type"], "null"]}
    if "patternProperties" in schema:
        ((pattern, value),) = schema["patternProperties"].items()
        names = {**schema["propertyNames"], "pattern": pattern}
        schema = {**schema, "propertyNames": names, "additionalProperties": value}
    dropped = ("$ref", "$defs", "anyOf", "patternProperties", "title")
    plain = {key: value for key, value in schema.items() if key not in dropped}
    for key in plain.keys() & {"items", "additionalProperties"}:
        if isinstance(plain[key], dict):
            plain[key] = _plain(plain[key], definitions)
    if "properties" in plain:
        plain["properties"] = {
            key: _plain(value, definitions) for key, value in plain["properties"].items()
        }
    return plain


def _with_defaults(schema: Schema, defaults: Defaults) -> Schema:
    """Return the schema of a block in which defaults are described, and what has none required."""
    properties, required = {}, []
    for key, value in schema["properties"].items():
        inner = at(defaults, key)
        if is_block(value):
            properties[key] = _with_defaults(value, inner)
            is_required = bool(properties[key]["required"])
        else:
            properties[key] = {**value, "description": _description(value, inner)}
            is_required = not inner
        if is_required:
            required.append(key)
    return {**schema, "properties": properties, "required": required}


def _description(schema: Schema, defaults: Defaults) -> str:
    sentences = [schema["description"]]
    if schema["type"] == "array":
        sentences.append("Replaces the list of the layer below.")
    if defaults:
        sentences.append(f"Default: {in_words(defaults)}.")
    return " ".join(sentences)
