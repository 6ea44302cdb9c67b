"""The outputs of a stack, asked of the engine or read from a file."""

import json
import subprocess
from pathlib import Path
from typing import Any

from infra.cli.console import CommandFailed, WrongUsage

KUBECONFIG = "kubeconfig"
SECRET = "[secret]"  # noqa: S105  # what the engine prints in place of one


def ask_engine(stack: str, folder: Path) -> dict[str, Any]:
    """Return the outputs of a stack; the one secret that is shown is the kubeconfig."""
    outputs = _outputs(_pulumi(folder, stack, "--json"), f"pulumi stack output of {stack}")
    if KUBECONFIG in outputs:
        outputs[KUBECONFIG] = _pulumi(folder, stack, KUBECONFIG, "--show-secrets")
    return outputs


def read_file(file: Path) -> dict[str, Any]:
    """Return outputs that `pulumi stack output --json` has printed into a file."""
    try:
        return _outputs(file.read_text(encoding="utf-8"), str(file))
    except UnicodeDecodeError:
        raise WrongUsage(f"{file} is not text in UTF-8.") from None


def _outputs(text: str, source: str) -> dict[str, Any]:
    try:
        outputs = json.loads(text)
    except ValueError:
        outputs = None
    if not isinstance(outputs, dict):
        raise WrongUsage(
            f"{source} holds no outputs; `pulumi stack output --json --stack NAME` prints them."
        )
    return outputs


def _pulumi(folder: Path, stack: str, *arguments: str) -> str:
    command = ["pulumi", "stack", "output", "--non-interactive", "--stack", stack, *arguments]
    try:
        done = subprocess.run(  # noqa: S603  # a list of arguments, no shell
            command, cwd=folder, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise CommandFailed(
            "There is no pulumi on PATH. Install it, or print the outputs where it is and name the "
            f"file: pulumi stack output --json --show-secrets --stack {stack}, --outputs FILE."
        ) from None
    if done.returncode:
        said = " ".join(done.stderr.removeprefix("error:").split())
        raise CommandFailed(f"pulumi cannot tell the outputs of {stack}: {said}")
    return done.stdout
