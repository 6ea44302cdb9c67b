"""The command line answers bad input with one sentence and exit code 1."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import processes
from sandbox.layout import DIRECTORY_VARIABLE, REPOSITORY, Layout
from sandbox.record import Record
from tests.sandbox.conftest import Spawn
from tests.sandbox.test_lock import holder


def sandbox(layout: Layout, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run `python -m sandbox …` on a sandbox."""
    return subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-m", "sandbox", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, DIRECTORY_VARIABLE: str(layout.root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def assert_refused(done: "subprocess.CompletedProcess[str]", *parts: str) -> None:
    """Expect exit code 1 and a sentence, not a traceback."""
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr
    for part in parts:
        assert part in done.stderr


def test_a_stack_without_a_file_is_refused(layout: Layout) -> None:
    assert_refused(sandbox(layout, "up", "demo-deb"), "Did you mean demo-dev?")


def test_other_nodes_are_refused(layout: Layout) -> None:
    assert_refused(sandbox(layout, "up", "--nodes", "imaginary"), "imaginary", "simulated")


def test_a_second_command_is_refused(layout: Layout) -> None:
    with holder(layout.root) as other:
        try:
            assert_refused(sandbox(layout, "up"), f"process {other.pid}")
            assert_refused(sandbox(layout, "down"), f"process {other.pid}")
        finally:
            other.kill()


def test_a_port_that_cannot_be_had_is_refused_before_anything_starts(
    layout: Layout, busy_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLOPS_SANDBOX_KUBERNETES_PORT", str(busy_port))
    assert_refused(sandbox(layout, "up"), f"Port {busy_port}", "MLOPS_SANDBOX_KUBERNETES_PORT")
    assert processes.belonging_to(layout.root) == []


def test_a_sandbox_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    inside_a_file = Layout(root=tmp_path / "file" / "sandbox", project=tmp_path)
    assert_refused(sandbox(inside_a_file, "up"), "Not a directory", str(inside_a_file.root))


def test_status_shows_what_runs(layout: Layout, spawn: Spawn) -> None:
    server = spawn("ministack")
    Record.load(layout.record).remember(server, 4566)
    [shown] = json.loads(sandbox(layout, "status", "--json").stdout)["servers"]
    assert shown == {
        "name": "ministack",
        "pid": server.pid,
        "running": True,
        "address": "http://127.0.0.1:4566",
    }
    assert "http://127.0.0.1:4566" in sandbox(layout, "status").stdout


def test_status_and_down_of_nothing_are_no_errors(tmp_path: Path) -> None:
    nothing = Layout(root=tmp_path / "nothing", project=tmp_path)
    for command in ("status", "down"):
        done = sandbox(nothing, command)
        assert done.returncode == 0
        assert "There is no sandbox here" in done.stderr
    assert not nothing.root.exists()


def test_down_says_what_it_stopped_and_removed(layout: Layout, spawn: Spawn) -> None:
    server = spawn("ministack")
    Record.load(layout.record).remember(server, 4566)
    done = sandbox(layout, "down")
    assert done.returncode == 0
    assert f"Stopped ministack (process {server.pid})" in done.stderr
    assert f"Removed {layout.root}" in done.stderr


def test_run_needs_a_sandbox_and_a_command(layout: Layout) -> None:
    assert_refused(sandbox(layout, "run"), "Say what to run")
    assert_refused(sandbox(layout, "run", "--", "pulumi", "preview"), "`make up` makes one")


def test_run_gives_a_command_the_engines_environment(layout: Layout) -> None:
    layout.engine_project.mkdir()
    script = "import os, sys; print(os.environ['MLOPS_SANDBOX'], os.getcwd()); sys.exit(7)"
    done = sandbox(layout, "run", "--", sys.executable, "-c", script)
    assert done.returncode == 7
    assert done.stdout.split() == [str(layout.target), str(layout.engine_project)]


def test_run_refuses_a_program_that_is_not_there(layout: Layout) -> None:
    layout.engine_project.mkdir()
    assert_refused(sandbox(layout, "run", "--", "no-such-program"), "no-such-program")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("sys.version_info = (3, 9, 0)", "Python 3.11 or later"),
        ("sys.modules['typer'] = None", "run `make setup`"),
    ],
)
def test_an_unfit_interpreter_is_told(change: str, said: str) -> None:
    program = f"import runpy, sys; {change}; runpy.run_module('sandbox', run_name='__main__')"
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert_refused(done, said)
