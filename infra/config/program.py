"""The configuration as the running Pulumi program gets it."""

import json
from pathlib import Path

import pulumi

from infra.config import files
from infra.config.document import OBJECT_KEYS, REGION_KEY, Document, from_file
from infra.config.findings import ConfigError
from infra.config.load import NO_DEFAULTS, StackConfig, load


def read(folder: Path = files.FOLDER) -> StackConfig:
    """Return the stack's configuration; a wrong one ends the program with one message.

    The values are those the engine passes. The stack file lends its line numbers, as long as it
    says the same: the engine may have been given another file.
    """
    stack = pulumi.get_stack()
    try:
        return load(stack, _given(stack, folder), _organisation(folder))
    except ConfigError as error:
        raise pulumi.RunError(str(error)) from None


def _given(stack: str, folder: Path) -> Document:
    passed: dict[str, object] = {
        key: _parsed(pulumi.Config("mlops").get(key.removeprefix("mlops:"))) for key in OBJECT_KEYS
    }
    passed[REGION_KEY] = pulumi.Config("aws").get("region")
    config = {key: value for key, value in passed.items() if value is not None}
    file = files.file_of(stack, folder)
    if file.exists():
        document = from_file(file, files.label_of(file))
        if all(document.config.get(key) == value for key, value in config.items()):
            return document
    return Document(f"configuration of {stack}", config)


def _organisation(folder: Path) -> Document:
    file = folder / files.ORGANISATION_FILE
    return from_file(file, files.label_of(file)) if file.exists() else NO_DEFAULTS


def _parsed(text: str | None) -> object:
    """Return what a JSON text says; text that is no JSON stands for itself."""
    if text is None:
        return None
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
