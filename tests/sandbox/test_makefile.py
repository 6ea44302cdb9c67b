"""`make` lists what there is, and says what is missing before it begins."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from sandbox.layout import DIRECTORY_VARIABLE, REPOSITORY
from sandbox.toolbox import tool_cache

TARGETS = {"help", "setup", "up", "down", "status", "test", "check", "schema", "lock", "clean"}


def make(
    directory: Path,
    *arguments: str,
    environment: Mapping[str, str] = os.environ,
    wrapper: Sequence[str] = (),
) -> "subprocess.CompletedProcess[str]":
    """Run `make` in a directory, as from a shell: not as part of the `make` that runs the tests."""
    outer = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    return subprocess.run(  # noqa: S603
        [*wrapper, "make", *arguments],
        cwd=directory,
        env={key: value for key, value in environment.items() if key not in outer},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a directory with all that `make setup` looks at, but no virtual environment.

    Its path has a space in it, as paths of clones do.
    """
    clone = tmp_path / "a clone"
    (clone / "components").mkdir(parents=True)
    for name in ("Makefile", "requirements.lock", "bootstrap.lock", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, clone / name)
    shutil.copy(REPOSITORY / "components" / "pyproject.toml", clone / "components")
    return clone


@pytest.fixture
def set_up(clone: Path) -> Path:
    """Return a clone after `make setup`; its Python is the one that runs the tests."""
    python = clone / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (clone / ".venv" / ".installed").touch()
    return clone


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


def test_setup_does_nothing_if_nothing_changed(set_up: Path) -> None:
    assert "Nothing to be done" in make(set_up, "setup").stdout
    later = (set_up / ".venv" / ".installed").stat().st_mtime + 1
    os.utime(set_up / "requirements.lock", (later, later))
    assert make(set_up, "--question", "setup").returncode == 1


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"HOME": ""},
        {"HOME": "/home/m e"},
        {"HOME": "/home/me", "XDG_CACHE_HOME": "/cache"},
        {"HOME": "/home/me", "MLOPS_TOOL_CACHE": "/tools"},
    ],
    ids=["nothing", "empty", "home", "cache", "tool cache"],
)
def test_make_and_the_sandbox_have_the_same_tool_cache(
    clone: Path, environment: dict[str, str]
) -> None:
    would_do = make(
        clone, "--dry-run", "setup", environment={"PATH": os.environ["PATH"], **environment}
    ).stdout
    assert re.findall('mkdir -p "(.*?)/tmp"', would_do) == [str(tool_cache(environment))]


def test_a_tool_cache_that_cannot_be_written_is_one_sentence(
    clone: Path, tmp_path: Path, as_ordinary_user: list[str]
) -> None:
    read_only = tmp_path / "cache"
    (read_only / "tmp").mkdir(parents=True)
    read_only.chmod(0o555)
    done = make(clone, "setup", f"MLOPS_TOOL_CACHE={read_only}", wrapper=as_ordinary_user)
    said = [line for line in done.stderr.splitlines() if not line.startswith("make: ")]
    assert said == [
        f"Error: the tool cache {read_only} cannot be written; set MLOPS_TOOL_CACHE to a "
        "directory that you own."
    ]
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize("name", ["demo-deb", "--help", "two words"])
def test_a_stack_is_a_name_whatever_it_looks_like(set_up: Path, tmp_path: Path, name: str) -> None:
    environment = {**os.environ, DIRECTORY_VARIABLE: str(tmp_path / "sandbox")}
    done = make(set_up, "up", f"STACK={name}", environment=environment)
    assert done.returncode == 2
    assert f"There is no stack {name!r}" in done.stderr


def test_ci_runs_the_tests_and_nothing_else() -> None:
    script = (REPOSITORY / ".ci" / "run").read_text()
    assert [line.split()[:3] for line in script.splitlines() if "make" in line] == [
        ["exec", "make", "test"]
    ]
