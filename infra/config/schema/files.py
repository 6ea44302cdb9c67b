"""The schemas of whole files: a stack file, and the defaults of the organisation."""

from infra.config.choices import Stage, Tenancy
from infra.config.document import ENVIRONMENT_KEY, PLATFORM_KEY, REGION_KEY, Document
from infra.config.kinds import Kind
from infra.config.load import NO_DEFAULTS
from infra.config.model import DedicatedEnvironment, Platform, SharedEnvironment
from infra.config.regions import commercial_regions
from infra.config.schema.settings import Schema, defaults_of, is_block, settings_schema

DEDICATED = Kind(ENVIRONMENT_KEY, DedicatedEnvironment)
SHARED = Kind(ENVIRONMENT_KEY, SharedEnvironment)
PLATFORM = Kind(PLATFORM_KEY, Platform)

_DRAFT = "http://json-schema.org/draft-07/schema#"
_LAYERS = (
    "The layers, the weakest first: package default, stage profile, stacks/defaults.yaml, stack "
    "file. Maps merge key by key; a list replaces the whole list of the layer below."
)
_OF_THE_ENGINE: Schema = {
    "secretsprovider": {"type": "string", "description": "What encrypts secrets; Pulumi's own."},
    "encryptedkey": {"type": "string", "description": "Encrypted data key; Pulumi's own."},
    "encryptionsalt": {"type": "string", "description": "Salt of the passphrase; Pulumi's own."},
    "environment": {"description": "Pulumi ESC environments that settings are taken from."},
}


def stack_file(organisation: Document = NO_DEFAULTS) -> Schema:
    """Return the schema of a stack file above the defaults of an organisation."""
    config = {
        "type": "object",
        "description": f"What the stack is told. {_LAYERS}",
        "properties": {
            REGION_KEY: {
                "type": "string",
                "enum": list(commercial_regions()),
                "examples": ["eu-west-1"],
                "description": "AWS region of everything in the stack.",
            },
            ENVIRONMENT_KEY: {**_environment(organisation), **_tenancies(organisation)},
            PLATFORM_KEY: settings_schema(PLATFORM, organisation),
        },
        "patternProperties": {"^pulumi:": {"description": "A setting of the engine."}},
        "additionalProperties": False,
        "required": [REGION_KEY],
        "if": {"required": [PLATFORM_KEY]},
        "then": {
            "properties": {ENVIRONMENT_KEY: False},
            "errorMessage": f"stands beside {PLATFORM_KEY}; a stack is one of the two",
        },
        "else": {
            "required": [ENVIRONMENT_KEY],
            "errorMessage": f"{ENVIRONMENT_KEY} is missing (or {PLATFORM_KEY})",
        },
    }
    return {
        "$schema": _DRAFT,
        "description": f"Everything that one stack is told. {_LAYERS}",
        "type": "object",
        "properties": {"config": config, **_OF_THE_ENGINE},
        "additionalProperties": False,
        "required": ["config"],
    }


def organisation_file() -> Schema:
    """Return the schema of the defaults of an organisation, none of which has to be told."""
    config = {
        "type": "object",
        "description": f"What holds where a stack file says nothing. {_LAYERS}",
        "properties": {
            ENVIRONMENT_KEY: _optional(_environment(NO_DEFAULTS)),
            PLATFORM_KEY: _optional(settings_schema(PLATFORM, NO_DEFAULTS)),
        },
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {
        "$schema": _DRAFT,
        "description": f"Defaults of the organisation for all its stacks. {_LAYERS}",
        "type": "object",
        "properties": {"config": config},
        "additionalProperties": False,
        "required": ["config"],
    }


def _environment(organisation: Document) -> Schema:
    """Return one schema for both tenancies: offered two, editors would explain neither."""
    dedicated, shared = (settings_schema(kind, organisation) for kind in (DEDICATED, SHARED))
    return {
        **dedicated,
        "description": "One team's MLOps environment in one stage.",
        "properties": {**shared["properties"], **dedicated["properties"]},
    }


def _tenancies(organisation: Document) -> Schema:
    """Return the condition that refuses the keys of the other tenancy."""
    dedicated, shared = (settings_schema(kind, organisation) for kind in (DEDICATED, SHARED))
    default = defaults_of(DEDICATED, organisation)[Stage.DEV]["tenancy"]
    return {
        "if": {
            "properties": {"tenancy": {"const": Tenancy.SHARED.value}},
            "required": [] if default == Tenancy.SHARED else ["tenancy"],
        },
        "then": _without(dedicated, shared, "belongs to the platform, and tenancy is shared"),
        "else": _without(shared, dedicated, "names a platform to share; write tenancy: shared"),
    }


def _without(other: Schema, own: Schema, reason: str) -> Schema:
    """Return the schema that refuses the keys which only the other kind has."""
    refused: Schema = {}
    for key, schema in other["properties"].items():
        if key not in own["properties"]:
            refused[key] = False
        elif is_block(schema) and (inner := _without(schema, own["properties"][key], reason)):
            refused[key] = inner
    return {"properties": refused, "errorMessage": reason} if refused else {}


def _optional(schema: Schema) -> Schema:
    """Return the schema of a block of which nothing has to be told."""
    properties = {
        key: _optional(value) if is_block(value) else value
        for key, value in schema["properties"].items()
    }
    return {**schema, "properties": properties, "required": []}
