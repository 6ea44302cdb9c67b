"""People see that a long step moves, on a terminal and in a log."""

import io
import threading

import pytest
from rich.console import Console

from sandbox.toolbox.progress import Live, Plain, Silent, elapsed, report_for


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59.4, "59 s"), (65, "1 min 05 s"), (600, "10 min 00 s")]
)
def test_elapsed_time_reads_well(seconds: float, text: str) -> None:
    assert elapsed(seconds) == text


def test_log_gets_start_news_now_and_then_and_end() -> None:
    class Signalling(io.StringIO):
        def write(self, text: str) -> int:
            if "half" in text:
                told.set()
            return super().write(text)

    told = threading.Event()
    stream = Signalling()
    with Plain(stream, every_seconds=0.01).step("Build it") as step:
        step.advance("half of it")
        assert told.wait(timeout=5)
    lines = stream.getvalue().splitlines()
    assert lines[0] == "Build it …"
    assert "Build it: half of it (0 s)" in lines
    assert lines[-1] == "Build it: done (0 s)"


def test_failure_is_told_in_one_line_and_goes_on() -> None:
    stream = io.StringIO()
    with pytest.raises(ValueError, match="no way"), Plain(stream).step("Build it"):
        raise ValueError("no way\nand more")
    assert stream.getvalue().splitlines()[-1] == "Build it: no way (0 s)"


def test_terminal_keeps_one_line_for_each_step() -> None:
    stream = io.StringIO()
    live = Live(Console(file=stream, force_terminal=True, color_system=None, width=80))
    with live.step("Build [it]") as step:
        step.advance("1 of [2]")
    with pytest.raises(ValueError, match="no way"), live.step("Build more"):
        raise ValueError("no way")
    assert "✓ Build [it] (0 s)" in stream.getvalue()
    assert "✗ Build more: no way (0 s)" in stream.getvalue()


def test_a_line_of_its_own_is_told_as_it_is() -> None:
    log, terminal = io.StringIO(), io.StringIO()
    Plain(log).say("Not [taken]")
    Live(Console(file=terminal, force_terminal=True, color_system=None, width=80)).say(
        "Not [taken]"
    )
    assert log.getvalue() == terminal.getvalue() == "Not [taken]\n"


def test_log_is_chosen_where_there_is_no_terminal() -> None:
    assert isinstance(report_for(io.StringIO()), Plain)


def test_silent_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Silent().step("Build it") as step:
        step.advance("half")
    assert capsys.readouterr().out == ""
