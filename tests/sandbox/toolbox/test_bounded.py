"""A command ends in time, and takes along what it started."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from sandbox.toolbox import run_bounded

LEAVES_A_CHILD = 'echo $$ > "$0"; sleep 60 & sleep 60'


def test_code_and_output_of_a_command_come_back(tmp_path: Path) -> None:
    script = "import os, sys; print(input(), os.getcwd()); sys.exit('no ' + os.environ['WHAT'])"
    done = run_bounded(
        [sys.executable, "-c", script], {"WHAT": "way"}, 30, directory=tmp_path, text="given"
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, f"given {tmp_path}\n", "no way\n")


def test_a_command_that_hangs_is_ended_with_what_it_started(tmp_path: Path) -> None:
    started = tmp_path / "started"
    with pytest.raises(TimeoutError, match=r"it did not end within 0\.5 s"):
        run_bounded(["sh", "-c", LEAVES_A_CHILD, started], os.environ, 0.5)
    group = int(started.read_text())
    left = [p for p in psutil.process_iter() if p.pid != os.getpid() and _group(p) == group]
    assert psutil.wait_procs(left, timeout=5)[1] == []


def test_an_interrupt_ends_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []

    def interrupted(process: "subprocess.Popen[str]", *_: object) -> None:
        ended.append(process.pid)
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "communicate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_bounded(["sleep", "60"], os.environ, 60)
    assert not psutil.pid_exists(ended[0])


def test_a_command_that_is_not_there_is_an_os_error() -> None:
    with pytest.raises(FileNotFoundError):
        run_bounded(["no-such-command"], {}, 30)


def _group(process: psutil.Process) -> int | None:
    try:
        return os.getpgid(process.pid)
    except ProcessLookupError:
        return None
