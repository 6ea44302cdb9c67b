"""`mlops explain`: say what a stack is told, and who said it."""

from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from infra.cli.console import FINDING, AsJson, Console
from infra.cli.options import StacksDir
from infra.config.flow import flow

Entry = dict[str, Any]


def explain(
    stack: Annotated[str, typer.Argument(help="Stack that has a file.", show_default=False)],
    key: Annotated[
        str,
        typer.Argument(help="A key or a block, such as quota.cpu.", show_default="every key"),
    ] = "",
    *,
    stacks_dir: StacksDir = None,
    as_json: AsJson = False,
) -> None:
    """Say what a stack is told, and by whom: every key, or all about one of them.

    Layers, the weakest first: package default, stage profile, organisation, stack file.

    Maps merge, everything else replaces. Ends with 1 if the stack file is wrong.
    """
    from infra.cli.explanation import explanation  # noqa: PLC0415
    from infra.cli.project import Project  # noqa: PLC0415

    console = Console(as_json=as_json)
    with console.explained():
        document = explanation(Project.find(stacks_dir), stack, key)
        if key and [each["key"] for each in document["settings"]] == [key]:
            _show_one(console, document["settings"][0])
        else:
            _show_all(console, document)
        _show_findings(console, document["findings"])
        console.document(document)
    if document["findings"]:
        raise typer.Exit(FINDING)


def _show_all(console: Console, document: Entry) -> None:
    settings = document["settings"]
    if document["key"]:
        console.styled(f"[bold]{escape(document['key'])}: {escape(document['description'])}[/]")
        console.line(f"Allowed: {document['allowed']}.")
    else:
        kind = document["kind"] or "of an unknown kind"
        console.styled(f"[bold]{escape(document['stack'])}, {kind}[/]")
    for layer, file in {each["layer"]: each["file"] for each in settings if each["file"]}.items():
        console.line(f"{layer.capitalize()}: {file}")
    console.line()
    table = Table(box=None, pad_edge=False)
    table.add_column("Key", no_wrap=True)
    table.add_column("Value", overflow="fold")
    table.add_column("Layer", no_wrap=True)
    for each in settings:
        layer = each["layer"] + (f", line {each['line']}" if each["line"] else "")
        cells = (each["key"], flow(each["value"]), layer)
        table.add_row(*map(escape, cells), style="" if each["line"] else "dim")
    if settings:
        console.table(table)


def _show_one(console: Console, entry: Entry) -> None:
    console.styled(f"[bold]{escape(entry['key'])}: {escape(flow(entry['value']))}[/]")
    console.line(entry["description"] or "No key that this kind of stack knows.")
    console.line()
    console.line(f"from       {_said(entry)}")
    for weaker in entry["overrides"]:
        console.line(f"overrides  {flow(weaker['value'])}, {_said(weaker)}")
    console.line(f"default    {_defaults(entry['defaults'])}")
    if entry["allowed"]:
        console.line(f"allowed    {entry['allowed']}")


def _show_findings(console: Console, findings: list[Entry]) -> None:
    if not findings:
        return
    console.line()
    for each in findings:
        place = _place(each) or each["file"]
        problem = f"{each['key']} {each['problem']}".strip()
        console.styled(f"[red]{escape(place)}[/]: {escape(problem)}")


def _said(entry: Entry) -> str:
    place = _place(entry)
    return (entry["layer"] or "nobody, it is not set") + (f", {place}" if place else "")


def _place(entry: Entry) -> str:
    return f"{entry['file']}:{entry['line']}" if entry["line"] else ""


def _defaults(defaults: Entry) -> str:
    if not defaults:
        return "none"
    values = {stage: flow(value) for stage, value in defaults.items()}
    if len(set(values.values())) == 1:
        return f"{next(iter(values.values()))} in every stage"
    return ", ".join(f"{value} in {stage}" for stage, value in values.items())
