"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

StacksDir = Annotated[
    Path | None,
    typer.Option(
        "--stacks-dir",
        help="Folder of the stack files.",
        show_default="that of the project we are in",
    ),
]
