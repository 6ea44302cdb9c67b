"""Stand-in for `pulumi-language-python`: runs programs and policy packs for the engine."""

from pathlib import Path

from sandbox.plugins import write_script

EXECUTABLE = "pulumi-language-python"


def write_launcher(directory: Path, *, python: Path) -> Path:
    """Write the executable that the engine looks for on its `PATH`; return its path."""
    return write_script(directory / EXECUTABLE, python=python, module="sandbox.plugins.python")
