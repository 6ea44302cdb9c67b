"""Wait until a server answers; if it never does, say what it wrote last."""

import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import psutil

from sandbox.errors import SandboxError
from sandbox.processes import ProcessIdentity

POLL_SECONDS = 0.1
ANSWER_SECONDS = 5.0
TAIL_LINES = 12


def answers(url: str, authority: Path | None = None) -> bool:
    """Whether a GET of `url` succeeds; `authority` is the file with its TLS authority."""
    context = ssl.create_default_context(cafile=authority) if authority else None
    handlers = [urllib.request.ProxyHandler({})]
    tls = [urllib.request.HTTPSHandler(context=context)] if context else []
    opener = urllib.request.build_opener(*handlers, *tls)
    try:
        with opener.open(url, timeout=ANSWER_SECONDS) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_until_ready(
    server: ProcessIdentity, ready: Callable[[], bool], log: Path, timeout_seconds: float
) -> None:
    """Return as soon as `ready()`; an error with the end of the log if that never comes."""
    deadline = monotonic() + timeout_seconds
    while not ready():
        if _ended_within(server, POLL_SECONDS):
            raise SandboxError(f"{server.name} stopped while starting. {tail(log)}")
        if monotonic() > deadline:
            raise SandboxError(
                f"{server.name} did not answer within {timeout_seconds:.0f} s. {tail(log)}"
            )


def _ended_within(server: ProcessIdentity, seconds: float) -> bool:
    process = server.running()
    if process is None:
        return True
    try:
        process.wait(timeout=seconds)
    except psutil.TimeoutExpired:
        return False
    return True


def tail(log: Path) -> str:
    """Return the last lines of a log, introduced by its path."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join([f"The end of its log ({log}):", *lines[-TAIL_LINES:]])
