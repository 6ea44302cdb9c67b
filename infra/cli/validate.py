"""`mlops validate`: say everything that is wrong with stack files."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.console import FINDING, AsJson, Console, WrongUsage
from infra.cli.options import StacksDir

if TYPE_CHECKING:
    from infra.cli.project import Project
    from infra.config.findings import Finding
    from infra.config.view import View


class Format(StrEnum):
    """For whom findings are written."""

    TEXT = "text"
    GITHUB = "github"


def validate(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE|STACK",
            help="Stack files, or names of stacks.",
            show_default="every stack file",
        ),
    ] = None,
    *,
    style: Annotated[
        Format, typer.Option("--format", help="github: annotations of a workflow.")
    ] = Format.TEXT,
    stacks_dir: StacksDir = None,
    as_json: AsJson = False,
) -> None:
    """Check stack files and say everything that is wrong with them, at once.

    Ends with 1 if something is. The organisation's defaults.yaml stands for every stack file.
    """
    console = Console(as_json=as_json)
    with console.explained():
        views = {
            file: project.view(file) for file, project in _chosen(what or [], stacks_dir).items()
        }
        findings = _distinct(views.values())
        for line in _annotations(findings) if style is Format.GITHUB else _lines(findings):
            console.line(line)
        wrong = sum(bool(view.findings) for view in views.values())
        console.line(_summary(len(views), wrong, len(findings)))
        _document(console, views, wrong, len(findings))
    if findings:
        raise typer.Exit(FINDING)


def _chosen(what: Sequence[str], stacks_dir: Path | None) -> "dict[Path, Project]":
    """Return the stack files that are meant, each with the folder it is read in."""
    from infra.cli.project import Project, shown  # noqa: PLC0415
    from infra.config import files  # noqa: PLC0415

    chosen: dict[Path, Project] = {}
    for name in what:
        file = Path(name)
        if file.suffix not in (".yaml", ".yml") and not file.exists():
            project = Project.find(stacks_dir)
            chosen[project.file_of(name)] = project
        elif not file.is_file():
            raise WrongUsage(f"{name} is no file; name stack files or stacks.")
        elif file.name == files.ORGANISATION_FILE:
            chosen |= _all(Project(file.parent))
        elif file.name != files.file_of(files.stack_name(file)).name:
            raise WrongUsage(
                f"{name} is no stack file: its name tells the stack, as Pulumi.fraud-dev.yaml does."
            )
        else:
            chosen[file] = Project(file.parent)
    if not what:
        project = Project.find(stacks_dir)
        chosen = _all(project)
        if not chosen:
            raise WrongUsage(
                f"There is no stack file in {shown(project.folder)}; `mlops new` makes one."
            )
    return chosen


def _all(project: "Project") -> "dict[Path, Project]":
    return dict.fromkeys(project.stack_files, project)


def _distinct(views: "Iterable[View]") -> "list[Finding]":
    """Return the findings by place, and what every stack finds in the defaults only once."""
    found = {finding for view in views for finding in view.findings}
    return sorted(found, key=lambda each: (each.label, each.line or 0, each.key))


def _lines(findings: "Sequence[Finding]") -> Iterator[str]:
    for _, of_one_file in groupby(findings, key=lambda finding: finding.label):
        yield from map(str, of_one_file)
        yield ""


def _annotations(findings: "Sequence[Finding]") -> Iterator[str]:
    """Yield workflow commands; what would end them early is escaped as GitHub wants it."""
    for finding in findings:
        file = _escaped(finding.label).replace(":", "%3A").replace(",", "%2C")
        place = f"file={file}" + (f",line={finding.line}" if finding.line else "")
        yield f"::error {place}::{_escaped(f'{finding.key} {finding.problem}'.strip())}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _summary(files: int, wrong: int, findings: int) -> str:
    checked = f"{files} stack file{'' if files == 1 else 's'} checked"
    if not findings:
        return f"{checked}, nothing is wrong."
    return f"{checked}, {wrong} wrong, {findings} finding{'' if findings == 1 else 's'}."


def _document(console: Console, views: "dict[Path, View]", wrong: int, findings: int) -> None:
    from infra.cli.entries import finding_entry, kind_of  # noqa: PLC0415
    from infra.cli.project import shown  # noqa: PLC0415

    console.document(
        {
            "ok": not findings,
            "counts": {"files": len(views), "wrong": wrong, "findings": findings},
            "files": [
                {
                    "file": shown(file),
                    "stack": view.stack,
                    "kind": kind_of(view),
                    "ok": not view.findings,
                    "findings": list(map(finding_entry, view.findings)),
                }
                for file, view in views.items()
            ],
        }
    )
