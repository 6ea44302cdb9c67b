"""Processes are recognised for what they are, and end when they are told to."""

import dataclasses
import os

import psutil
import pytest

from sandbox import processes
from sandbox.environment import MARKER
from sandbox.layout import Layout
from sandbox.processes import ProcessIdentity
from tests.sandbox.conftest import Spawn

DEAF = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
while True: signal.pause()
"""


def running(identity: ProcessIdentity) -> psutil.Process:
    """Return a process that must be running."""
    process = identity.running()
    assert process is not None
    return process


def test_a_started_process_is_recognised_and_a_stopped_one_is_gone(spawn: Spawn) -> None:
    server = spawn("server")
    assert running(server).pid == server.pid
    processes.stop([running(server)])
    assert server.running() is None


def test_the_same_number_with_another_start_is_another_process(spawn: Spawn) -> None:
    server = spawn("server")
    earlier = dataclasses.replace(server, started=server.started - 60)
    assert earlier.running() is None
    assert server.running() is not None


def test_a_number_nobody_has_is_not_running() -> None:
    assert ProcessIdentity("gone", pid=4_000_000, started=0.0).running() is None


def test_a_dead_process_that_nobody_collected_is_not_running(spawn: Spawn) -> None:
    server = spawn("server", "pass")
    processes.still_running_after([psutil.Process(server.pid)], 10)
    # Its parent, this process, has not waited for it.
    assert server.running() is None


def test_what_ignores_the_request_to_end_is_ended(spawn: Spawn, layout: Layout) -> None:
    server = spawn("deaf", DEAF)
    log = layout.logs / "deaf.log"
    while "deaf" not in log.read_text():
        assert server.running() is not None
    processes.stop([running(server)], grace_seconds=0.2)
    assert server.running() is None


def test_processes_of_a_sandbox_are_found_by_their_marker(spawn: Spawn, layout: Layout) -> None:
    ours, foreign = spawn("ours"), spawn("foreign", marked=False)
    found = {process.pid for process in processes.belonging_to(layout.root)}
    assert ours.pid in found
    assert foreign.pid not in found
    assert processes.belonging_to(layout.root / "another") == []


def test_a_command_run_inside_the_sandbox_does_not_find_itself(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MARKER, str(layout.root))
    assert os.getpid() not in {p.pid for p in processes.belonging_to(layout.root)}


def test_the_log_has_what_the_server_writes(spawn: Spawn, layout: Layout) -> None:
    server = spawn("talker", "import sys; print('out'); print('err', file=sys.stderr)")
    processes.still_running_after([psutil.Process(server.pid)], 10)
    assert {"out", "err"} <= set((layout.logs / "talker.log").read_text().split())
