"""The configuration as the running Pulumi program gets it."""

import json
from collections.abc import Mapping
from pathlib import Path

import pulumi

from infra.config import files, immutable
from infra.config.document import OBJECT_KEYS, REGION_KEY, Document, from_file
from infra.config.findings import ConfigError
from infra.config.load import NO_DEFAULTS, StackConfig, load
from infra.config.neighbours import claims_of
from infra.config.plain_secrets import plain_secrets

OUTPUTS_FUNCTION = "pulumi:pulumi:readStackOutputs"
"""The engine's own function behind stack references. It answers at once, so that a stack is refused
before any of its resources is registered."""

ENCRYPTED = {"secure": "…"}
"""Stands for a value that the engine has decrypted: nothing may quote it."""


def read(folder: Path = files.FOLDER) -> StackConfig:
    """Return the stack's configuration; a wrong one ends the program with one message.

    The values are those the engine passes. The stack file lends its line numbers, as long as it
    says the same: the engine may have been given another file. What was deployed last is what the
    stack's own outputs tell.
    """
    stack = pulumi.get_stack()
    documents = files.read_all(folder)
    organisation = _organisation(folder)
    try:
        return load(
            stack,
            _given(stack, documents.get(stack)),
            organisation,
            claims=claims_of(documents, organisation),
            deployed=immutable.told(_outputs(stack)),
        )
    except ConfigError as error:
        raise pulumi.RunError(str(error)) from None


def _given(stack: str, file: Document | None) -> Document:
    config = {
        key: value for key in (*OBJECT_KEYS, REGION_KEY) if (value := _passed(key)) is not None
    }
    if file and all(_same(file.config.get(key), value) for key, value in config.items()):
        return file
    return Document(f"configuration of {stack}", config)


def _passed(key: str) -> object:
    """Return what the engine passes; text that is no JSON stands for itself."""
    if pulumi.runtime.is_config_secret(key):
        return ENCRYPTED
    namespace, _, name = key.partition(":")
    text = pulumi.Config(namespace).get(name)
    if text is None or key == REGION_KEY:
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _same(said: object, passed: object) -> bool:
    return any(plain_secrets(said)) if passed is ENCRYPTED else said == passed


def _organisation(folder: Path) -> Document:
    file = folder / files.ORGANISATION_FILE
    return from_file(file, files.label_of(file)) if file.exists() else NO_DEFAULTS


def _outputs(stack: str) -> Mapping[str, object]:
    """Return what the stack exported when it was deployed last; empty if it never was."""
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{stack}"
    answer = pulumi.runtime.invoke(OUTPUTS_FUNCTION, {"name": name}).value
    outputs: Mapping[str, object] = answer["outputs"]
    return outputs
