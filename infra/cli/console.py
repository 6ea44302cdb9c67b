"""What every command shares: where it writes, and how it ends when something is wrong.

Exit codes: 0 all is well, 1 a finding or a refusal, 2 wrong usage, 130 interrupted. Results go to
standard output, errors to standard error; with `--json` standard output holds one document and
nothing else, also when the command fails.
"""

import json
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console as RichConsole
from rich.markup import escape
from rich.table import Table

FINDING = 1
USAGE = 2
INTERRUPTED = 128 + signal.SIGINT
_WIDTH_OF_A_FILE = 160

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


class CommandFailed(Exception):  # noqa: N818  # reads as the sentence that it is
    """The command ends here with exit code 1; the text is a sentence for the caller.

    `document` is what `--json` prints beside the sentence.
    """

    exit_code = FINDING

    def __init__(self, text: str, document: Mapping[str, Any] | None = None) -> None:
        super().__init__(text)
        self.document = document or {}


class WrongUsage(CommandFailed):
    """The same with exit code 2: called like this, the command cannot work."""

    exit_code = USAGE


class Console:
    """One command's output; with `as_json` only documents reach standard output."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._results = _console(stderr=False)
        self._errors = _console(stderr=True)

    def line(self, text: str = "") -> None:
        """Print a line as it is, unless a document is wanted; it is never wrapped."""
        self.styled(escape(text))

    def styled(self, markup: str) -> None:
        """Print a line with styles in it, unless a document is wanted; it is never wrapped."""
        if not self._as_json:
            self._results.print(markup, soft_wrap=True)

    def table(self, table: Table) -> None:
        """Print a table, unless a document is wanted."""
        if not self._as_json:
            self._results.print(table)

    def document(self, content: Mapping[str, Any]) -> None:
        """Print the document, if one is wanted."""
        if self._as_json:
            print(json.dumps(content, indent=2))

    @contextmanager
    def explained(self) -> Iterator[None]:
        """End the command with one sentence and an exit code instead of a traceback."""
        try:
            yield
        except CommandFailed as failure:
            self._fail(str(failure), failure.document)
            raise typer.Exit(failure.exit_code) from None
        except OSError as error:
            self._fail(f"{error.filename or 'the system'}: {error.strerror or error}", {})
            raise typer.Exit(FINDING) from None
        except KeyboardInterrupt:
            self._fail("Interrupted.", {})
            raise typer.Exit(INTERRUPTED) from None

    def _fail(self, text: str, document: Mapping[str, Any]) -> None:
        self.document({**document, "error": text})
        self._errors.print(f"[bold red]Error:[/] {escape(text)}", soft_wrap=True)


def _console(*, stderr: bool) -> RichConsole:
    """Return a terminal as wide as it is, and a file as wide as need be."""
    console = RichConsole(stderr=stderr, highlight=False, emoji=False)
    if console.is_terminal:
        return console
    return RichConsole(stderr=stderr, highlight=False, emoji=False, width=_WIDTH_OF_A_FILE)
