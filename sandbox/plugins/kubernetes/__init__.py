"""Stand-in for `pulumi-resource-kubernetes`: raw objects by server-side apply."""

from pathlib import Path

from sandbox.plugins import write_script

EXECUTABLE = "pulumi-resource-kubernetes"


def write_launcher(directory: Path, *, python: Path) -> Path:
    """Write the executable that the engine looks for on its `PATH`; return its path."""
    return write_script(directory / EXECUTABLE, python=python, module="sandbox.plugins.kubernetes")
