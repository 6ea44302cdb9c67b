"""`run`: any command with the engine's environment, where the engine works."""

import shutil
import signal
import subprocess
from collections.abc import Sequence

from sandbox import lock
from sandbox.environment import for_engine
from sandbox.errors import SandboxError
from sandbox.layout import Layout
from sandbox.toolbox import Group, Silent, obtain

ENGINE = "pulumi"
"""The one command that need not be on `PATH`: the sandbox has its own."""


def run_inside(layout: Layout, arguments: Sequence[str]) -> int:
    """Run a command and return its exit code."""
    if not arguments:
        raise SandboxError("Say what to run, for example: python -m sandbox run -- pulumi preview")
    if not layout.engine_project.exists():
        raise SandboxError("There is no sandbox here; `make up` makes one.")
    environment = for_engine(layout)
    command = arguments[0]
    if command == ENGINE:
        program = str(obtain(Group.PULUMI, Silent())[ENGINE])
    else:
        program = shutil.which(command, path=environment["PATH"]) or ""
    if not program:
        raise SandboxError(f"There is no program {command!r} on PATH.")
    with lock.held(layout, f"run {command}"):
        child = subprocess.Popen(
            [program, *arguments[1:]], cwd=layout.engine_project, env=environment
        )
        # A Ctrl-C in the terminal is the command's to answer; this process waits for it.
        ignored = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            return child.wait()
        finally:
            signal.signal(signal.SIGINT, ignored)
