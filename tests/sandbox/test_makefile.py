"""`make` lists what there is, and says what is missing before it begins."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from sandbox.layout import REPOSITORY

TARGETS = {"help", "setup", "up", "down", "status", "test", "check", "lock", "clean"}


def make(directory: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run `make` in a directory."""
    return subprocess.run(  # noqa: S603
        ["make", *arguments],  # noqa: S607
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a directory with all that `make setup` looks at, but no virtual environment."""
    (tmp_path / "components").mkdir()
    for name in ("Makefile", "requirements.lock", "bootstrap.lock", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    shutil.copy(REPOSITORY / "components" / "pyproject.toml", tmp_path / "components")
    return tmp_path


def test_make_alone_lists_every_target() -> None:
    done = make(REPOSITORY)
    listed = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("  make ")}
    assert listed == TARGETS


def test_a_python_that_is_too_old_is_refused(clone: Path) -> None:
    old = clone / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = make(clone, "setup", f"PYTHON={old}")
    assert done.returncode != 0
    assert "Python 3.11 or later" in done.stderr
    assert str(old) in done.stderr
    assert not (clone / ".venv").exists()


def test_setup_does_nothing_if_nothing_changed(clone: Path) -> None:
    (clone / ".venv").mkdir()
    stamp = clone / ".venv" / ".installed"
    stamp.touch()
    assert "Nothing to be done" in make(clone, "setup").stdout
    later = stamp.stat().st_mtime + 1
    os.utime(clone / "requirements.lock", (later, later))
    assert make(clone, "--question", "setup").returncode == 1


def test_ci_runs_the_tests_and_nothing_else() -> None:
    script = (REPOSITORY / ".ci" / "run").read_text()
    assert [line.split()[:3] for line in script.splitlines() if "make" in line] == [
        ["exec", "make", "test"]
    ]
