"""`mlops new`: write the smallest stack file of a team or a platform."""

import sys
from typing import Annotated

import typer

from infra.cli.console import AsJson, Console
from infra.cli.options import StacksDir


def new(
    team: Annotated[
        str,
        typer.Argument(
            help="Name of the team; platform, or a name that begins with platform-, makes a "
            "shared platform.",
            show_default=False,
        ),
    ],
    *,
    stage: Annotated[str | None, typer.Option(help="dev, stage or prod.")] = None,
    tenancy: Annotated[
        str | None,
        typer.Option(help="dedicated, or shared: on a platform.", show_default="dedicated"),
    ] = None,
    platform: Annotated[
        str | None, typer.Option(help="Stack of that platform.", show_default="platform-STAGE")
    ] = None,
    region: Annotated[str | None, typer.Option(help="AWS region.")] = None,
    email: Annotated[str | None, typer.Option(help="Mailbox of the team.")] = None,
    cost_center: Annotated[str | None, typer.Option(help="Who pays.")] = None,
    repository: Annotated[str | None, typer.Option(help="On GitHub, owner/name.")] = None,
    repository_id: Annotated[str | None, typer.Option(help="Its number on GitHub.")] = None,
    budget: Annotated[str | None, typer.Option(help="US dollars a month.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    stacks_dir: StacksDir = None,
    as_json: AsJson = False,
) -> None:
    """Write the smallest stack file of a team or a platform.

    On a terminal it asks for what is missing, except with --json.
    """
    from infra.cli import drafting  # noqa: PLC0415
    from infra.cli.project import Project, shown  # noqa: PLC0415

    flags = {
        "stage": stage,
        "tenancy": tenancy,
        "platform": platform,
        "aws:region": region,
        "owner.email": email,
        "owner.cost_center": cost_center,
        "ci.github.repository": repository,
        "ci.github.repository_id": repository_id,
        "budget.monthly_usd": budget,
    }
    console = Console(as_json=as_json)
    with console.explained():
        project = Project.find(stacks_dir)
        begun = drafting.begin(team, flags)
        ask = not as_json and sys.stdin.isatty()
        draft = drafting.complete(project, begun, ask=ask, force=force)
        file = drafting.write(project, draft)
        steps = drafting.next_steps(project, draft)
        text = file.read_text(encoding="utf-8")
        console.line(f"Wrote {shown(file)}:\n\n{text}\nNext:\n")
        for step in steps:
            console.line(f"  {step}")
        console.document(
            {"stack": draft.stack, "file": shown(file), "text": text, "next_steps": steps}
        )
