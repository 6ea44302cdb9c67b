"""One command at a time, and no lock outlives its owner."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import lock
from sandbox.layout import Layout
from sandbox.lock import SandboxBusyError

HOLDER = """
import signal, sys
from pathlib import Path
from sandbox import lock
from sandbox.layout import Layout
with lock.held(Layout(Path(sys.argv[1]), Path(sys.argv[1])), "up demo-dev"):
    print("held", flush=True)
    signal.pause()
"""


def holder(root: Path) -> "subprocess.Popen[str]":
    """Start a process that holds the lock, and wait until it does."""
    process = subprocess.Popen(  # noqa: S603  # a program of this file
        [sys.executable, "-c", HOLDER, str(root)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_lock_can_be_taken_again_and_again(layout: Layout) -> None:
    for _ in range(2):
        with lock.held(layout, "up demo-dev"):
            assert layout.owner.exists()
        assert not layout.owner.exists()


def test_a_second_command_is_told_who_holds_the_lock(layout: Layout) -> None:
    with holder(layout.root) as other:
        try:
            with pytest.raises(SandboxBusyError) as refused, lock.held(layout, "up"):
                pytest.fail("two commands held the lock")
            assert f"process {other.pid}" in str(refused.value)
            assert "up demo-dev" in str(refused.value)
            assert refused.value.owner is not None
            assert refused.value.owner.running() is not None
        finally:
            other.kill()


def test_a_killed_owner_leaves_no_lock(layout: Layout) -> None:
    with holder(layout.root) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    with lock.held(layout, "up"):
        assert layout.owner.exists()


def test_an_owner_that_has_not_written_its_name_yet_is_respected(layout: Layout) -> None:
    with holder(layout.root) as other:
        try:
            layout.owner.unlink()
            with pytest.raises(SandboxBusyError, match="Another command"), lock.held(layout, "up"):
                pytest.fail("two commands held the lock")
        finally:
            other.kill()


def test_an_error_inside_gives_the_lock_back(layout: Layout) -> None:
    with pytest.raises(RuntimeError), lock.held(layout, "up"):
        raise RuntimeError
    with lock.held(layout, "up"):
        assert layout.owner.exists()
