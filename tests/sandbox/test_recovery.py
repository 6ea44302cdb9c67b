"""After a kill: the servers stay, the engine stops in an orderly way, strays go."""

import pytest

from sandbox import emulated_aws, recovery
from sandbox.engine import ENGINE
from sandbox.layout import Layout
from sandbox.record import Record
from sandbox.toolbox import Silent
from tests.sandbox.conftest import Spawn
from tests.sandbox.test_engine_state import write_checkpoint, write_history

ORDERLY = """
import signal, sys
def stop(*_):
    print("asked", flush=True)
    sys.exit()
signal.signal(signal.SIGINT, stop)
print("at work", flush=True)
signal.pause()
"""


def test_servers_stay_and_strays_go(layout: Layout, spawn: Spawn) -> None:
    record = Record.load(layout.record)
    server, stray, foreign = spawn("ministack"), spawn("stray"), spawn("foreign", marked=False)
    record.remember(server, 4566)
    recovery.stop_leftovers(layout, record, Silent())
    assert server.running() is not None
    assert stray.running() is None
    assert foreign.running() is not None


def test_the_engine_of_a_killed_run_is_asked_to_stop(layout: Layout, spawn: Spawn) -> None:
    record = Record.load(layout.record)
    engine = spawn(ENGINE, ORDERLY)
    record.remember(engine)
    log = layout.logs / f"{ENGINE}.log"
    while "at work" not in log.read_text():
        assert engine.running() is not None
    recovery.stop_leftovers(layout, record, Silent())
    assert engine.running() is None
    assert "asked" in log.read_text()
    assert ENGINE not in Record.load(layout.record).processes


@pytest.fixture
def aws_intact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the emulated AWS seem to have run on."""
    monkeypatch.setattr(emulated_aws, "is_intact", lambda _record: True)


def reason(layout: Layout) -> str:
    """Say why the sandbox would start afresh."""
    return recovery.reason_to_start_afresh(layout, Record.load(layout.record))


def test_a_new_sandbox_has_no_reason_to_start_afresh(layout: Layout) -> None:
    assert reason(layout) == ""


def test_a_state_whose_emulated_aws_has_died_is_of_no_use(layout: Layout) -> None:
    write_checkpoint(layout)
    assert "emulated AWS" in reason(layout)


@pytest.mark.usefixtures("aws_intact")
def test_an_intact_state_is_gone_on_with(layout: Layout) -> None:
    write_checkpoint(layout)
    assert reason(layout) == ""


@pytest.mark.usefixtures("aws_intact")
def test_a_creation_cut_off_before_all_was_up_once_starts_afresh(layout: Layout) -> None:
    write_checkpoint(layout, ("creating", "aws:rds/instance:Instance", "database"))
    assert "database" in reason(layout)


@pytest.mark.usefixtures("aws_intact")
def test_a_creation_cut_off_later_does_not_throw_away_what_there_is(layout: Layout) -> None:
    write_checkpoint(layout, ("creating", "aws:rds/instance:Instance", "database"))
    write_history(layout, "update", "succeeded")
    assert reason(layout) == ""
