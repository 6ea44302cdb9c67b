"""Rewrites a file of an older version into the one that this package reads."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from infra.config import files
from infra.config.document import OBJECT_KEYS, from_text
from infra.config.migrations.stack_text import MigrationError, StackText
from infra.config.migrations.steps import (
    FIRST_VERSION,
    STEPS,
    Steps,
    current_version,
    unknown,
)


@dataclass(frozen=True)
class Migration:
    """A file in the current version."""

    text: str
    """The whole file."""
    notes: tuple[str, ...]
    """What was done, a sentence each; nothing, if the file was current."""


def migrate_file(file: Path, *, dry_run: bool = False, steps: Steps = STEPS) -> Migration:
    """Migrate a file where it lies, or only tell what it would become.

    Raise MigrationError for a file that cannot be migrated, and leave it as it was.
    """
    text = file.read_text(encoding="utf-8")
    migration = migrate(text, files.label_of(file), steps)
    if migration.text != text and not dry_run:
        file.write_text(migration.text, encoding="utf-8")
    return migration


def migrate(text: str, label: str, steps: Steps = STEPS) -> Migration:
    """Return the text of a stack file, or of the organisation's defaults, in the current version.

    `label` is how errors call the file. Raise MigrationError for what cannot be migrated.
    """
    document = from_text(text, label)
    if document.findings:
        raise MigrationError("\n".join(map(str, document.findings)))
    if any(getattr(event, "anchor", None) for event in YAML(pure=True).parse(text)):
        raise MigrationError(f"{label}: has YAML anchors; write out what they stand for")
    notes: list[str] = []
    for object_key in OBJECT_KEYS:
        settings = document.config.get(object_key)
        if isinstance(settings, dict):
            version = settings.get("api_version", FIRST_VERSION)
            edited = StackText(text, object_key)
            try:
                _migrate(edited, version, steps)
            except MigrationError as error:
                raise MigrationError(f"{label}: {error}") from None
            text = edited.text
            notes += edited.notes
    return Migration(text, tuple(notes))


def _migrate(settings: StackText, version: Any, steps: Steps) -> None:
    current = current_version(steps)
    if problem := unknown(version, current):
        raise MigrationError(f"api_version {problem}")
    if version < current:
        for each in range(version, current):
            steps[each](settings)
        settings.set_version(current)
