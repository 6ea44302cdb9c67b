"""A plug-in as the engine starts it: a process that prints its port."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]

EXIT_WITHIN_S = 5.0
"""Only a bound for hanging tests; how fast a plug-in ends is asserted where it matters."""


@dataclass
class StartedPlugin:
    """A plug-in's process and a channel to it."""

    process: subprocess.Popen[str]
    channel: Any

    def stop(self, number: signal.Signals) -> tuple[int, float]:
        """Signal the process group, as the engine does; return exit code and seconds."""
        start = time.monotonic()
        os.killpg(self.process.pid, number)
        code = self.process.wait(EXIT_WITHIN_S)
        return code, time.monotonic() - start


@contextmanager
def started(launcher: Path, directory: Path, *arguments: str) -> Iterator[StartedPlugin]:
    """Start a plug-in through its launcher and stop it at the end."""
    process = subprocess.Popen(  # noqa: S603  the launcher under test
        [launcher, *arguments],
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    port = process.stdout.readline().strip()
    channel = grpc.insecure_channel(f"127.0.0.1:{port}")
    try:
        yield StartedPlugin(process, channel)
    finally:
        channel.close()
        if process.poll() is None:
            process.kill()
            process.wait(EXIT_WITHIN_S)
        process.stdout.close()
