"""The executable the engine looks for on `PATH`."""

import shlex
from pathlib import Path

EXECUTABLE = "pulumi-resource-aws"


def write_launcher(
    directory: Path, *, python: Path, bridge: Path, terraform_provider: Path, cache: Path
) -> Path:
    """Write an executable that runs this plug-in with the given programs; return its path.

    `cache` is a directory for what was learnt about the SDK's classes; it may be removed at will.
    """
    command = [
        str(python), "-P", "-m", "sandbox.plugins.aws",
        "--bridge", str(bridge),
        "--terraform-provider", str(terraform_provider),
        "--cache", str(cache),
    ]  # fmt: skip
    path = directory / EXECUTABLE
    directory.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return path
