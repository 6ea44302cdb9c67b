"""`mlops bundle`: write the client settings of a team's environment."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from infra.cli.console import AsJson, CommandFailed, Console

SECRET_FILE = "kubeconfig"  # noqa: S105  # the name of the file


def bundle(
    stack: Annotated[str, typer.Argument(help="Stack of a team that is up.", show_default=False)],
    *,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write into.", show_default="bundles/STACK")
    ] = None,
    outputs: Annotated[
        Path | None,
        typer.Option(help="What `pulumi stack output --json` printed.", show_default="asks pulumi"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the client settings of a team's environment: .env, DVC, Spark, kubeconfig.

    They come from the outputs of the stack. Files of an older bundle are overwritten, others not.
    """
    from infra.cli import stack_outputs  # noqa: PLC0415
    from infra.cli.client import client_of  # noqa: PLC0415
    from infra.cli.client_files import client_files  # noqa: PLC0415
    from infra.cli.project import root, shown  # noqa: PLC0415

    console = Console(as_json=as_json)
    with console.explained():
        found = (
            stack_outputs.read_file(outputs) if outputs else stack_outputs.ask_engine(stack, root())
        )
        client = client_of(stack, found)
        folder = out or Path("bundles") / client.stack
        texts = client_files(client)
        _write(folder, texts)
        left_out = [] if SECRET_FILE in texts else [SECRET_FILE]
        console.line(f"Wrote {', '.join(texts)} to {shown(folder)}.")
        if left_out:
            console.line(f"Left out {SECRET_FILE}: {outputs} was printed without --show-secrets.")
        console.document(
            {
                "stack": client.stack,
                "folder": shown(folder),
                "files": list(texts),
                "left_out": left_out,
            }
        )


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    from infra.cli.client_files import FIRST_WORDS  # noqa: PLC0415
    from infra.cli.project import shown  # noqa: PLC0415

    foreign = [folder / path for path in texts if _is_foreign(folder / path, FIRST_WORDS)]
    if foreign:
        raise CommandFailed(
            f"{', '.join(map(shown, foreign))} is not from a bundle and would be lost; name "
            "another folder with --out, and take over what you need."
        )
    for path, text in texts.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        mode = 0o600 if path == SECRET_FILE else 0o644
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            os.fchmod(descriptor, mode)
            stream.write(text)


def _is_foreign(file: Path, first_words: str) -> bool:
    return file.exists() and not file.read_bytes().startswith(first_words.encode())
