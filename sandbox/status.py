"""`status`: what of the sandbox is there and runs."""

from dataclasses import dataclass

from sandbox import control_plane, emulated_aws
from sandbox.layout import Layout
from sandbox.record import Record


@dataclass(frozen=True)
class ServerStatus:
    """One server of the sandbox."""

    name: str
    pid: int
    running: bool
    address: str
    """URL, if others talk to it directly."""


def status(layout: Layout) -> list[ServerStatus]:
    """Return the servers that the sandbox has started, in the order they were started in."""
    record = Record.load(layout.record)
    return [
        ServerStatus(name, known.pid, known.running() is not None, _address(record, name))
        for name, known in record.processes.items()
    ]


def _address(record: Record, name: str) -> str:
    if name == control_plane.API_SERVER:
        return control_plane.endpoint(record)
    emulator = {e.name: e for e in emulated_aws.EMULATORS}.get(name)
    return emulated_aws.endpoint(record, emulator) if emulator else ""
