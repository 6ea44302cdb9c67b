"""`down` leaves no process and no file, however the sandbox was left."""

import shutil
import sys

import pytest

from sandbox.down import clear, down
from sandbox.layout import Layout
from sandbox.lock import SandboxBusyError
from sandbox.record import Record
from tests.sandbox.conftest import Spawn
from tests.sandbox.test_lock import holder


def test_everything_that_was_remembered_or_marked_stops(layout: Layout, spawn: Spawn) -> None:
    remembered, stray = spawn("ministack"), spawn("stray")
    foreign = spawn("foreign", marked=False)
    Record.load(layout.record).remember(remembered, 4566)
    result = down(layout)
    assert result.directory_removed
    assert {p.pid: p.name for p in result.stopped}[remembered.pid] == "ministack"
    assert stray.pid in {p.pid for p in result.stopped}
    assert remembered.running() is None
    assert stray.running() is None
    assert foreign.running() is not None
    assert not layout.root.exists()


def test_a_number_that_another_process_has_now_is_left_alone(layout: Layout, spawn: Spawn) -> None:
    foreign = spawn("foreign", marked=False)
    stale = type(foreign)("etcd", foreign.pid, foreign.started - 3600)
    Record.load(layout.record).remember(stale, 2379)
    assert down(layout).stopped == []
    assert foreign.running() is not None


def test_a_second_down_finds_nothing(layout: Layout) -> None:
    down(layout)
    result = down(layout)
    assert not result.directory_removed
    assert result.stopped == []


def test_processes_go_even_if_somebody_removed_the_directory(layout: Layout, spawn: Spawn) -> None:
    stray = spawn("stray")
    shutil.rmtree(layout.root)
    assert [p.pid for p in down(layout).stopped] == [stray.pid]


def test_a_sandbox_that_a_command_works_on_is_left_alone(layout: Layout) -> None:
    with holder(layout.root) as other:
        try:
            with pytest.raises(SandboxBusyError, match=str(other.pid)):
                down(layout)
            assert layout.root.exists()
        finally:
            other.kill()


def test_force_stops_that_command_first(layout: Layout) -> None:
    with holder(layout.root) as other:
        assert down(layout, force=True).directory_removed
        assert other.wait(10) is not None
    assert not layout.root.exists()


def test_clear_keeps_only_the_lock(layout: Layout, spawn: Spawn) -> None:
    server = spawn("ministack")
    layout.lock.write_text("")
    layout.owner.write_text("{}")
    (layout.root / "link").symlink_to(sys.executable)
    record = clear(layout)
    assert record.processes == {}
    assert server.running() is None
    assert {path.name for path in layout.root.iterdir()} == {"lock", "owner.json"}
