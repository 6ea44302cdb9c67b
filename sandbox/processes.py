"""Start, recognise and stop the sandbox's processes.

A process id alone says little: the system gives it to somebody else after a crash. So a process
is remembered together with its start time, and processes nobody remembered (their parent was
killed before it could write them down) are found by the marker in their environment.
"""

import os
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from sandbox.environment import MARKER

SAME_START_SECONDS = 2.0
"""The system derives a start time from its clock, which may be adjusted meanwhile."""
GRACE_SECONDS = 10.0
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class ProcessIdentity:
    """One process on this machine, never another one that got its number."""

    name: str
    pid: int
    started: float
    """Seconds since the epoch."""

    @classmethod
    def of(cls, process: psutil.Process, name: str | None = None) -> "ProcessIdentity":
        """Return the identity of a process that runs now."""
        return cls(name or process.name(), process.pid, process.create_time())

    def running(self) -> psutil.Process | None:
        """Return the process if it still is this one and has not ended."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) <= SAME_START_SECONDS
        except psutil.NoSuchProcess:
            return None
        return process if same and not _has_ended(process) else None


def start(
    name: str, arguments: Sequence[str | os.PathLike[str]], env: Mapping[str, str], log: Path
) -> ProcessIdentity:
    """Start a server that outlives this command and a Ctrl-C in its terminal."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(
            arguments,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            close_fds=True,
        )
    return ProcessIdentity.of(psutil.Process(child.pid), name)


def belonging_to(root: Path) -> list[psutil.Process]:
    """Return every process of the sandbox in `root`, except this one and its ancestors."""
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    return [p for p in psutil.process_iter() if p.pid not in own and _marker_of(p) == str(root)]


def _marker_of(process: psutil.Process) -> str | None:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return process.environ().get(MARKER)
    except psutil.Error:
        return None  # gone meanwhile, or another user's: in neither case one of ours


def stop(running: Iterable[psutil.Process], grace_seconds: float = GRACE_SECONDS) -> None:
    """Ask processes to end and wait; end by force what does not listen."""
    processes = list(running)
    for process in processes:
        _signal(process, force=False)
    deaf = still_running_after(processes, grace_seconds)
    for process in deaf:
        _signal(process, force=True)
    still_running_after(deaf, grace_seconds)


def still_running_after(
    processes: Iterable[psutil.Process], timeout_seconds: float
) -> list[psutil.Process]:
    """Wait until all have ended or the time is over; return those that have not."""
    deadline = time.monotonic() + timeout_seconds
    remaining = [process for process in processes if not _has_ended(process)]
    while remaining and time.monotonic() < deadline:
        # A process whose parent does not collect it never disappears, so `wait_procs` alone
        # would wait for it in vain.
        _, present = psutil.wait_procs(remaining, timeout=POLL_SECONDS)
        remaining = [process for process in present if not _has_ended(process)]
    return remaining


def _has_ended(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _signal(process: psutil.Process, *, force: bool) -> None:
    try:
        process.kill() if force else process.terminate()
    except psutil.NoSuchProcess:
        return


def describe_age(identity: ProcessIdentity) -> str:
    """Return since when a process runs, as a clock time of today or a date."""
    started = time.localtime(identity.started)
    today = time.localtime()[:3] == started[:3]
    return time.strftime("%H:%M:%S" if today else "%Y-%m-%d %H:%M", started)
