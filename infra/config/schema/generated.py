"""What is written from the models and kept in the repository."""

import json
from pathlib import Path

from infra.config import files
from infra.config.document import from_file
from infra.config.load import NO_DEFAULTS
from infra.config.schema.files import organisation_file, stack_file
from infra.config.schema.reference import reference
from infra.config.schema.settings import Schema

REFERENCE = files.FOLDER.parent / "docs" / "reference" / "stack-file.md"


def generated() -> dict[Path, str]:
    """Return each file with its text.

    What the organisation's file says becomes a default in the schema of stack files.
    """
    file = files.FOLDER / files.ORGANISATION_FILE
    organisation = from_file(file, files.label_of(file)) if file.exists() else NO_DEFAULTS
    return {
        files.FOLDER / "stack.schema.json": _json(stack_file(organisation)),
        files.FOLDER / "defaults.schema.json": _json(organisation_file()),
        REFERENCE: reference(),
    }


def _json(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
