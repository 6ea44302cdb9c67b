"""A launcher starts its plug-in wherever the clone lies."""

import subprocess
import sys
from pathlib import Path

from sandbox.plugins import write_script


def test_paths_may_have_spaces(tmp_path: Path) -> None:
    python = tmp_path / "a clone" / "python"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    launcher = write_script(tmp_path / "its plug-ins" / "plugin", python=python, module="this")
    done = subprocess.run([launcher], capture_output=True, text=True, check=True)  # noqa: S603
    assert "Explicit is better" in done.stdout
