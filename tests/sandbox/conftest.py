"""A sandbox directory of its own for each test, and processes that end with it."""

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from sandbox import processes
from sandbox.environment import MARKER
from sandbox.layout import Layout
from sandbox.processes import ProcessIdentity

Spawn = Callable[..., ProcessIdentity]
"""Starts a Python program as a process of the sandbox; by default one that waits for ever."""

CAPABILITIES = "-dac_override,-dac_read_search"
"""What lets root write where nobody may."""

WAIT_FOR_EVER = "import signal; signal.pause()"


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """Return an empty sandbox of an empty project."""
    project = tmp_path / "project"
    project.mkdir()
    layout = Layout(root=tmp_path / "sandbox", project=project)
    layout.create()
    return layout


@pytest.fixture
def as_ordinary_user() -> list[str]:
    """Return what to write before a command, so that permissions hold even if root tests."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root may write everywhere, and there is no setpriv to forbid it")
    return [setpriv, f"--inh-caps={CAPABILITIES}", f"--bounding-set={CAPABILITIES}"]


@pytest.fixture
def busy_port() -> Iterator[int]:
    """Yield a port on which another program listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def spawn(layout: Layout) -> Iterator[Spawn]:
    """Start processes of the sandbox; whatever is left of them ends with the test."""

    def start(name: str, program: str = WAIT_FOR_EVER, *, marked: bool = True) -> ProcessIdentity:
        marker = {MARKER: str(layout.root)} if marked else {}
        command = [sys.executable, "-c", program]
        started = processes.start(
            name, command, {**os.environ, **marker}, layout.logs / f"{name}.log"
        )
        spawned.append(started)
        # The system shows a process a moment before its environment, by which it is recognised.
        with suppress(psutil.Error):
            while not psutil.Process(started.pid).environ():
                pass
        return started

    spawned: list[ProcessIdentity] = []
    yield start
    processes.stop((p for s in spawned if (p := s.running())), grace_seconds=0.5)
