"""An engine that hangs is reported, not waited for."""

from pathlib import Path

import pytest

from sandbox import engine
from sandbox.engine import Engine
from sandbox.errors import SandboxError
from sandbox.layout import Layout
from sandbox.project import Project
from sandbox.record import Record


def engine_that(layout: Layout, does: str) -> Engine:
    """Return an engine whose program is a shell script."""
    layout.engine_project.mkdir()
    program = layout.project / "pulumi"
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    return Engine(layout, Record(layout.record), program, Project(Path(), "trial", ""), "trial-dev")


def test_an_answer_is_returned(layout: Layout) -> None:
    asked = engine_that(layout, 'echo "$PULUMI_BACKEND_URL" "$@"').ask("stack", "ls")
    assert asked == f"file://{layout.state} stack ls --non-interactive\n"


def test_a_refusal_is_quoted(layout: Layout) -> None:
    with pytest.raises(SandboxError, match="`pulumi stack ls` failed: error: no stack"):
        engine_that(layout, "echo error: no stack >&2; exit 1").ask("stack", "ls")


def test_a_hanging_engine_is_named(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "ASK_SECONDS", 0.2)
    hanging = engine_that(layout, "sleep 60")
    with pytest.raises(SandboxError, match=rf"`pulumi stack ls` hangs .*{hanging.program}"):
        hanging.ask("stack", "ls")
