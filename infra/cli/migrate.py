"""`mlops migrate`: rewrite stack files of older versions."""

from pathlib import Path
from typing import Annotated

import typer

from infra.cli.console import AsJson, CommandFailed, Console


def migrate(
    files: Annotated[
        list[Path],
        typer.Argument(help="Stack files, or the organisation's defaults.", show_default=False),
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Rewrite stack files of older versions in the current one; comments stay.

    A file that cannot be rewritten is left as it was; those named before it are done.
    """
    from infra.cli.project import shown  # noqa: PLC0415
    from infra.config.migrations.runner import migrate_file  # noqa: PLC0415
    from infra.config.migrations.stack_text import MigrationError  # noqa: PLC0415

    console = Console(as_json=as_json)
    done: list[dict[str, object]] = []
    with console.explained():
        for file in files:
            try:
                notes = migrate_file(file, dry_run=dry_run).notes
            except (MigrationError, UnicodeDecodeError) as error:
                raise CommandFailed(str(error), {"dry_run": dry_run, "files": done}) from None
            done.append({"file": shown(file), "notes": list(notes)})
            console.line(f"{shown(file)}: {'; '.join(notes) or 'is of the current version'}")
        console.document({"dry_run": dry_run, "files": done})
