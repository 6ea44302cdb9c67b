"""Shows people that a long step still moves: what it does, how far it is, since when."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

PLAIN_LINE_EVERY_SECONDS = 15.0


class Step(Protocol):
    """A long step under way."""

    def advance(self, text: str) -> None:
        """Tell how far it is, as often as one likes: `12 of 40 MiB`."""


class Report(Protocol):
    """Where long steps tell of themselves."""

    def step(self, title: str) -> AbstractContextManager[Step]:
        """Show a step until the block ends, well or by an exception."""

    def say(self, text: str) -> None:
        """Tell something that is worth a line of its own."""


class Silent:
    """Shows nothing."""

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:  # noqa: ARG002  # part of the protocol
        """Run the block."""
        yield self

    def advance(self, text: str) -> None:
        """Forget it."""

    def say(self, text: str) -> None:
        """Forget it."""


class Live:
    """One live line for a terminal, which becomes a line with the time taken."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Show spinner, title, elapsed time and the latest news."""
        started = time.monotonic()
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[news]}"),
        )
        mark, outcome = "[red]✗[/]", "stopped"
        try:
            with Progress(*columns, console=self._console, transient=True) as progress:
                yield _LiveStep(progress, progress.add_task(title, total=None, news=""))
            mark, outcome = "[green]✓[/]", ""
        except Exception as error:
            outcome = _first_line(error)
            raise
        finally:
            text = f"{title}: {outcome}" if outcome else title
            taken = elapsed(time.monotonic() - started)
            self._console.print(f"{mark} {escape(text)} [dim]({taken})[/]", highlight=False)

    def say(self, text: str) -> None:
        """Print the line."""
        self._console.print(escape(text), highlight=False, soft_wrap=True)


class _LiveStep:
    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def advance(self, text: str) -> None:
        self._progress.update(self._task, news=escape(text))


class Plain:
    """Lines for a log: start, one now and then, end."""

    def __init__(self, stream: TextIO, every_seconds: float = PLAIN_LINE_EVERY_SECONDS) -> None:
        self._stream = stream
        self._every_seconds = every_seconds

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Write the lines; the ones in between come even if the step tells nothing."""
        started = time.monotonic()
        news = _News()
        ended = threading.Event()

        def say(what: str) -> None:
            taken = elapsed(time.monotonic() - started)
            print(f"{title}: {what} ({taken})", file=self._stream, flush=True)

        def keep_talking() -> None:
            while not ended.wait(self._every_seconds):
                say(news.text or "still running")

        talker = threading.Thread(target=keep_talking, daemon=True)
        print(f"{title} …", file=self._stream, flush=True)
        talker.start()
        outcome = "stopped"
        try:
            yield news
            outcome = "done"
        except Exception as error:
            outcome = _first_line(error)
            raise
        finally:
            ended.set()
            talker.join()
            say(outcome)

    def say(self, text: str) -> None:
        """Write the line."""
        print(text, file=self._stream, flush=True)


class _News:
    text = ""

    def advance(self, text: str) -> None:
        self.text = text


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def report_for(stream: TextIO | None = None) -> Report:
    """Return the fitting display for standard error, or the given stream."""
    stream = stream or sys.stderr
    console = Console(file=stream)
    return Live(console) if console.is_terminal else Plain(stream)


def elapsed(seconds: float) -> str:
    """Return a duration the way people say it: `8 s`, `3 min 05 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
