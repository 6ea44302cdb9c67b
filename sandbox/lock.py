"""One command at a time works on a sandbox."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import filelock
import psutil

from sandbox.errors import SandboxError
from sandbox.layout import Layout
from sandbox.processes import ProcessIdentity, describe_age


class SandboxBusyError(SandboxError):
    """Another command works on this sandbox."""

    def __init__(self, message: str, owner: ProcessIdentity | None) -> None:
        super().__init__(message)
        self.owner = owner


@contextmanager
def held(layout: Layout, command: str) -> Iterator[None]:
    """Hold the sandbox's lock; the system drops it if this process dies, however it dies."""
    layout.root.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(layout.lock)
    try:
        lock.acquire(blocking=False)
    except filelock.Timeout:
        raise _busy(layout) from None
    try:
        own = ProcessIdentity.of(psutil.Process(), name=command)
        layout.owner.write_text(json.dumps(asdict(own)))
        yield
    finally:
        layout.owner.unlink(missing_ok=True)
        lock.release()


def _busy(layout: Layout) -> SandboxBusyError:
    try:
        owner = ProcessIdentity(**json.loads(layout.owner.read_text()))
    except (FileNotFoundError, json.JSONDecodeError):
        # It has just taken the lock, or is just giving it back.
        return SandboxBusyError("Another command works on this sandbox; try again.", None)
    return SandboxBusyError(
        f"`{owner.name}` works on this sandbox ({layout.root}): process {owner.pid}, since "
        f"{describe_age(owner)}. Wait for it, or stop it with Ctrl-C there.",
        owner,
    )
