"""The stack files that the commands work on: found from where one stands, and read."""

import difflib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from infra.cli.console import WrongUsage
from infra.config import files
from infra.config.document import Document, from_file
from infra.config.findings import Finding
from infra.config.load import NO_DEFAULTS
from infra.config.view import View, look

PROJECT_FILE = "Pulumi.yaml"


def root() -> Path:
    """Return the closest folder with a Pulumi.yaml, from the working directory upwards."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise WrongUsage(
        f"There is no {PROJECT_FILE} in {here} or above it; go into the project, or say where its "
        "stack files are with --stacks-dir."
    )


@dataclass(frozen=True)
class Project:
    """A folder of stack files, with the organisation's defaults if it has any."""

    folder: Path

    @classmethod
    def find(cls, stacks_dir: Path | None) -> "Project":
        """Return the given folder, or the one that the project around us names."""
        folder = stacks_dir or _stacks_of(root())
        if not folder.is_dir():
            raise WrongUsage(f"There is no folder {shown(folder)}, so there are no stack files.")
        return cls(folder)

    @property
    def stack_files(self) -> list[Path]:
        """All stack files, by name."""
        return files.stack_files(self.folder)

    def file_of(self, stack: str) -> Path:
        """Return the file of a stack that has one."""
        known = {files.stack_name(file): file for file in self.stack_files}
        if stack in known:
            return known[stack]
        close = difflib.get_close_matches(stack, known, n=1)
        meant = f" Did you mean {close[0]}?" if close else ""
        stacks = ", ".join(known) or "none"
        raise WrongUsage(
            f"There is no stack file of {stack} in {shown(self.folder)}.{meant} Stacks: {stacks}."
        )

    @cached_property
    def organisation(self) -> Document:
        """The defaults of the organisation."""
        file = self.folder / files.ORGANISATION_FILE
        return _read(file) if file.exists() else NO_DEFAULTS

    def view(self, file: Path) -> View:
        """Return what a stack file of this folder tells."""
        return self.view_of(files.stack_name(file), _read(file))

    def view_of(self, stack: str, given: Document) -> View:
        """Return what a stack file would tell that is not written yet."""
        return look(stack, given, self.organisation)


def shown(file: Path) -> str:
    """Return a path as one would type it here."""
    here = Path.cwd()
    path = file.absolute()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _stacks_of(folder: Path) -> Path:
    file = folder / PROJECT_FILE
    try:
        project = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError):
        raise WrongUsage(f"{shown(file)} is not valid YAML; correct it first.") from None
    name = project.get("stackConfigDir") if isinstance(project, dict) else None
    return folder / name if isinstance(name, str) else folder


def _read(file: Path) -> Document:
    label = shown(file)
    try:
        return from_file(file, label)
    except OSError as error:
        return Document(label, findings=(Finding("", f"cannot be read: {error.strerror}", label),))
