"""`down`: stop every process of the sandbox and remove its directory."""

import shutil
from dataclasses import dataclass

from sandbox import control_plane, lock, processes
from sandbox.layout import Layout
from sandbox.lock import SandboxBusyError
from sandbox.processes import ProcessIdentity
from sandbox.record import Record


@dataclass(frozen=True)
class DownResult:
    """What was there to remove."""

    stopped: list[ProcessIdentity]
    directory_removed: bool


def down(layout: Layout, *, force: bool = False) -> DownResult:
    """Remove the sandbox; `force` first stops a command that works on it."""
    if not layout.root.exists():
        return DownResult(stopped=_stop_everything(layout), directory_removed=False)
    try:
        return _down(layout)
    except SandboxBusyError as busy:
        owner = busy.owner.running() if busy.owner else None
        if not force or owner is None:
            raise
        processes.stop([owner])
        return _down(layout)


def _down(layout: Layout) -> DownResult:
    with lock.held(layout, "down"):
        stopped = _stop_everything(layout)
        shutil.rmtree(layout.root)
    return DownResult(stopped, directory_removed=True)


def clear(layout: Layout) -> Record:
    """Stop everything and remove all but the lock, which the caller holds."""
    _stop_everything(layout)
    for entry in layout.root.iterdir():
        if entry in {layout.lock, layout.owner}:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    return Record.load(layout.record)


def _stop_everything(layout: Layout) -> list[ProcessIdentity]:
    record = Record.load(layout.record)
    names = {identity.pid: identity.name for identity in record.processes.values()}
    found = [
        ProcessIdentity.of(process, names.get(process.pid))
        for process in processes.belonging_to(layout.root)
    ]
    control_plane.stop(record)
    processes.stop(running for known in found if (running := known.running()))
    return found
