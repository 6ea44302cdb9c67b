"""What the commands say, and where: people read standard error, programs standard output."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sandbox.status import ServerStatus
from sandbox.toolbox import Report, report_for

NEXT_STEPS = "nextSteps"
WIDE = 160


class Show:
    """One command's display; `quiet` leaves standard output to a JSON document."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.report: Report = report_for(sys.stderr)
        self._console = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)

    def say(self, text: str) -> None:
        """Say one sentence."""
        self._console.print(escape(text))

    def pass_on(self, text: str) -> None:
        """Write what a program printed, as it is."""
        # Looked up anew each time: a live line redirects both streams while it stands.
        print(text, end="", file=sys.stderr if self.quiet else sys.stdout, flush=True)

    @property
    def is_terminal(self) -> bool:
        """Whether a person watches, who sees colours."""
        return self._console.is_terminal

    def fail(self, text: str) -> None:
        """Say why the command ends."""
        self._console.print(f"[bold red]Error:[/] {escape(text)}")

    def document(self, content: Mapping[str, Any]) -> None:
        """Print a JSON document for programs."""
        print(json.dumps(content, indent=2))

    def outputs(self, stack: str, outputs: Mapping[str, Any]) -> None:
        """Show the outputs of a stack, its next steps last."""
        table = Table(title=f"Outputs of {stack}", title_justify="left", show_header=False)
        table.add_column(style="bold", no_wrap=True)
        table.add_column(overflow="fold")
        for name, value in sorted(outputs.items()):
            if name != NEXT_STEPS:
                table.add_row(name, escape(_readable(value)))
        results = _results()
        results.print(table)
        steps = outputs.get(NEXT_STEPS, [])
        for number, step in enumerate([steps] if isinstance(steps, str) else steps, start=1):
            results.print(f"  {number}. {escape(step)}", soft_wrap=True)

    def servers(self, servers: Sequence[ServerStatus]) -> None:
        """Show what runs, and where."""
        table = Table("Server", "Process", "Runs", "Address")
        for server in servers:
            runs = "[green]yes[/]" if server.running else "[red]no[/]"
            table.add_row(server.name, str(server.pid), runs, server.address)
        _results().print(table)


def _results() -> Console:
    """Return where results are shown; a file is as wide as need be."""
    console = Console(highlight=False, emoji=False)
    return console if console.is_terminal else Console(highlight=False, emoji=False, width=WIDE)


def _readable(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2)
