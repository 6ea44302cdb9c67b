"""The Pulumi project as the engine sees it in the sandbox.

The engine writes into a stack's file (the salt of its passphrase), and the committed file must
stay as it is. So the engine works in a directory of links to the real project, in which only the
file of the chosen stack is a copy.
"""

import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from sandbox.errors import SandboxError
from sandbox.layout import Layout

PROJECT_FILE = "Pulumi.yaml"
SALT_LINE = re.compile(r"^encryptionsalt:.*\n?", re.MULTILINE)


@dataclass(frozen=True)
class Project:
    """What `Pulumi.yaml` says that matters here."""

    directory: Path
    name: str
    stack_directory: str
    """Where the stack files are, relative to the project; empty: beside `Pulumi.yaml`."""

    @classmethod
    def read(cls, directory: Path) -> "Project":
        """Read the project file of a directory."""
        try:
            content = yaml.safe_load((directory / PROJECT_FILE).read_text())
        except FileNotFoundError:
            raise SandboxError(f"There is no {PROJECT_FILE} in {directory}.") from None
        return cls(directory, content["name"], content.get("stackConfigDir", ""))

    def stacks(self) -> dict[str, Path]:
        """Return every stack that has a file."""
        files = sorted((self.directory / self.stack_directory).glob("Pulumi.*.yaml"))
        return {file.name.removeprefix("Pulumi.").removesuffix(".yaml"): file for file in files}

    def label(self, file: Path) -> str:
        """Return the name of a file as messages show it: from the project on."""
        return str(file.relative_to(self.directory))

    def stack_file(self, stack: str) -> Path:
        """Return the file of a stack; an error that lists the stacks there are, if it has none."""
        stacks = self.stacks()
        if stack in stacks:
            _refuse_broken_yaml(stacks[stack])
            return stacks[stack]
        alike = difflib.get_close_matches(stack, stacks, n=1)
        hint = f" Did you mean {alike[0]}?" if alike else ""
        raise SandboxError(
            f"There is no stack {stack!r}: {self.stack_directory or '.'}/Pulumi.{stack}.yaml "
            f"does not exist.{hint} Stacks with a file: {', '.join(stacks) or 'none'}."
        )


def _refuse_broken_yaml(file: Path) -> None:
    """Say where, before anything starts: the engine tells neither file nor right line."""
    try:
        yaml.safe_load(file.read_text())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise SandboxError(f"{file}{place} is no YAML: {error.problem}.") from None


def link(project: Project, stack: str, layout: Layout) -> None:
    """Bring the engine's view of the project up to date, with its own copy of the stack file."""
    view = layout.engine_project
    _link_entries(project.directory, view, skip={layout.root.name, project.stack_directory})
    copies = view / project.stack_directory
    if project.stack_directory:
        _link_entries(project.directory / project.stack_directory, copies, skip=set())

    committed = project.stack_file(stack)
    copy = copies / committed.name
    # The salt of an earlier run opens the state's secrets; the rest is as committed now.
    salt = SALT_LINE.search(copy.read_text()) if copy.exists() and not copy.is_symlink() else None
    text = committed.read_text()
    copy.unlink(missing_ok=True)
    copy.write_text(f"{text.rstrip()}\n{salt.group()}" if salt else text)


def _link_entries(source: Path, view: Path, skip: set[str]) -> None:
    view.mkdir(parents=True, exist_ok=True)
    for stale in (path for path in view.iterdir() if path.is_symlink()):
        stale.unlink()
    for entry in source.iterdir():
        target = view / entry.name
        if entry.name not in skip and not target.exists():
            target.symlink_to(os.path.relpath(entry, view))
