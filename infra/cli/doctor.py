"""`mlops doctor`: look whether everything is here that one needs."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.console import AsJson, CommandFailed, Console

if TYPE_CHECKING:
    from infra.cli.prerequisites.checks import Check


def doctor(
    *,
    offline: Annotated[
        bool, typer.Option("--offline", help="Skip what needs the network.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check programs, credentials and state: what is there, what is missing, what to do.

    Ends with 1 if something is missing that `pulumi up` needs.
    """
    from infra.cli.prerequisites.checks import judge  # noqa: PLC0415
    from infra.cli.prerequisites.facts import find_out  # noqa: PLC0415

    console = Console(as_json=as_json)
    with console.explained():
        checks = judge(find_out(offline=offline))
        document = {"checks": [asdict(check) for check in checks]}
        _show(console, checks)
        in_the_way = [check.name for check in checks if check.stands_in_the_way]
        if in_the_way:
            message = f"`pulumi up` cannot work yet, because of: {', '.join(in_the_way)}."
            raise CommandFailed(message, document)
        console.document(document)


def _show(console: Console, checks: "list[Check]") -> None:
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table("Check", "Status", "Found", box=None, pad_edge=False)
    advice = Table.grid("", "", padding=(0, 2))
    for check in checks:
        table.add_row(check.name, f"[{_style(check)}]{check.status}[/]", escape(check.found))
        if check.advice:
            advice.add_row(f"  {check.name}", escape(check.advice))
    console.table(table)
    if advice.row_count:
        console.line("\nWhat to do:")
        console.table(advice)
        console.line()


def _style(check: "Check") -> str:
    if check.stands_in_the_way:
        return "bold red"
    return {"ok": "green", "not checked": "dim"}.get(check.status, "yellow")
