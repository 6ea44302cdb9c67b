"""What one command writes down the next one reads, whatever happened between them."""

from sandbox.layout import Layout
from sandbox.processes import ProcessIdentity
from sandbox.record import Record
from tests.sandbox.conftest import Spawn

GONE = ProcessIdentity("gone", pid=4_000_000, started=1.0)


def test_processes_and_ports_are_remembered(layout: Layout, spawn: Spawn) -> None:
    server = spawn("ministack")
    Record.load(layout.record).remember(server, 4566)
    loaded = Record.load(layout.record)
    assert loaded.processes == {"ministack": server}
    assert loaded.ports == {"ministack": 4566}
    found = loaded.running("ministack")
    assert found is not None
    assert found.pid == server.pid


def test_what_is_forgotten_is_forgotten(layout: Layout) -> None:
    record = Record.load(layout.record)
    record.remember(GONE, 1)
    record.forget("gone")
    record.forget("never known")
    assert Record.load(layout.record) == Record(layout.record)


def test_a_process_that_ended_or_was_never_known_is_not_running(layout: Layout) -> None:
    record = Record.load(layout.record)
    record.remember(GONE)
    assert record.running("gone") is None
    assert record.running("never known") is None


def test_half_a_file_counts_as_none(layout: Layout) -> None:
    layout.record.write_text('{"processes": {"ministack"')
    assert Record.load(layout.record) == Record(layout.record)
