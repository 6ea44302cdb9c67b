"""`mlops diff`: say in what two stacks differ."""

from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from infra.cli.console import FINDING, AsJson, Console
from infra.cli.options import StacksDir
from infra.config.flow import flow


def diff(
    stack_a: Annotated[str, typer.Argument(help="Stack that has a file.", show_default=False)],
    stack_b: Annotated[str, typer.Argument(help="The other one.", show_default=False)],
    *,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 1 if they differ.")
    ] = False,
    stacks_dir: StacksDir = None,
    as_json: AsJson = False,
) -> None:
    """Say in which settings two stacks differ, and which layer said so.

    Ends with 0 whether or not they differ, and with 1 if one of the stack files is wrong.
    """
    from infra.cli.comparison import comparison  # noqa: PLC0415
    from infra.cli.project import Project  # noqa: PLC0415

    console = Console(as_json=as_json)
    with console.explained():
        document = comparison(Project.find(stacks_dir), stack_a, stack_b)
        _show(console, document)
        console.document(document)
    if exit_code and document["differences"]:
        raise typer.Exit(FINDING)


def _show(console: Console, document: dict[str, Any]) -> None:
    differences = document["differences"]
    if differences:
        table = Table("Key", document["a"], document["b"], box=None, pad_edge=False)
        for column in table.columns:
            column.overflow = "fold"
        for each in differences:
            table.add_row(escape(each["key"]), _cell(each["a"]), _cell(each["b"]))
        console.table(table)
        console.line()
    count, same = len(differences), document["same"]
    settings = "setting differs" if count == 1 else "settings differ"
    console.line(f"{count} {settings}, {same} {'is' if same == 1 else 'are'} the same.")


def _cell(said: dict[str, Any] | None) -> str:
    if said is None:
        return "[dim]not set[/]"
    return f"{escape(flow(said['value']))} [dim]({said['layer']})[/]"
