"""Run a command that must not take for ever."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

ANSWER_SECONDS = 10.0
"""How long a program may take to tell about itself."""

Done = subprocess.CompletedProcess[str]


def run_bounded(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    seconds: float,
    *,
    directory: Path | None = None,
    text: str = "",
) -> Done:
    """Give `text` to a command, and return its exit code and what it wrote.

    One that takes longer is ended with all that it started: what a wrapper script leaves behind
    would hold its output open, and whoever reads that would wait on. Raises `TimeoutError` then,
    and `OSError` for a command that cannot be started.
    """
    with subprocess.Popen(
        command,
        cwd=directory,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            out, err = process.communicate(text, seconds)
        except BaseException as error:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise TimeoutError(f"it did not end within {seconds:g} s") from None
            raise
    return Done(command, process.returncode, out, err)
