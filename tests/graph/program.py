"""Runs the program of a stack the way the engine's language host does."""

import functools
import json
import os
import runpy
from contextlib import chdir
from pathlib import Path
from typing import Any
from unittest import mock

from infra.config.document import Document, from_file
from infra.config.files import FOLDER, label_of, stack_files, stack_name
from infra.config.kinds import Kind
from infra.config.load import NO_DEFAULTS
from infra.config.model import Settings
from infra.providers import SANDBOX_VARIABLE
from infra.recording import Graph, record

PROGRAM = FOLDER.parent / "infra"
STACKS = {stack_name(file): file for file in stack_files()}


@functools.cache
def graph_of(stack: str) -> Graph:
    """Return what the program registers for a stack file."""
    file = STACKS[stack]
    return graph_from(stack, from_file(file, label_of(file)))


def graph_from(stack: str, document: Document, sandbox: Path | None = None) -> Graph:
    """Return what the program registers for the content of a stack file.

    `sandbox` is the file that says where a sandbox listens.
    """
    passed = {key: _passed(value) for key, value in document.config.items()}
    platforms = {
        f"organization/mlops/{name}": graph_of(name).outputs
        for name in STACKS
        if name.startswith("platform-") and not stack.startswith("platform-")
    }
    return record(lambda: _run_program(sandbox), stack=stack, config=passed, references=platforms)


def _passed(value: Any) -> str:
    """Return a setting as the engine passes it: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def _run_program(sandbox: Path | None) -> None:
    # `main: infra` makes the engine start the program in that directory, and only it is on the
    # path; whatever else is imported must be installed.
    with chdir(PROGRAM), mock.patch.dict(os.environ):
        os.environ[SANDBOX_VARIABLE] = str(sandbox or "")
        runpy.run_path(str(PROGRAM), run_name="__main__")


def kind_of(stack: str) -> type[Settings]:
    """Return which kind of stack a file describes."""
    return Kind.of(from_file(STACKS[stack], stack), NO_DEFAULTS).model


def of_kind(*kinds: type[Settings]) -> list[str]:
    """Return the stacks of these kinds that have a file."""
    return [stack for stack in STACKS if kind_of(stack) in kinds]
