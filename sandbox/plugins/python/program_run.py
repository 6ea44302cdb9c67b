"""One run of a program: type check where asked for, then a process of its own."""

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.plugins.python.children import Children
from sandbox.plugins.python.interpreter import Interpreter

if TYPE_CHECKING:
    from pulumi.runtime.proto import language_pb2

EXECUTOR = Path(__file__).with_name("executor.py")

EXIT_MESSAGE_SHOWN = 32
"""The executor's exit code when the user has already seen what is wrong."""


class CheckError(Exception):
    """The type checker found something, or is missing."""


def command(
    request: "language_pb2.RunRequest", engine_address: str, chosen: Interpreter
) -> list[str]:
    """Return the command line that runs the program."""
    options = {
        "monitor": request.monitor_address,
        "engine": engine_address,
        "project": request.project,
        "root_directory": request.info.root_directory,
        "stack": request.stack,
        "pwd": request.pwd,
        "dry_run": str(request.dryRun).lower(),
        "parallel": str(request.parallel),
        "organization": request.organization,
    }
    given = [part for name, value in options.items() if value for part in (f"--{name}", value)]
    # -P: the directory of the executor must not lend its modules to the program.
    return [
        str(chosen.python),
        "-P",
        str(EXECUTOR),
        *given,
        request.info.entry_point,
        *request.args,
    ]


def configuration(request: "language_pb2.RunRequest") -> dict[str, str]:
    """Return the environment variables through which the SDK learns the stack's configuration."""
    variables = {}
    if request.config:
        variables["PULUMI_CONFIG"] = json.dumps(dict(request.config))
    if request.configSecretKeys:
        variables["PULUMI_CONFIG_SECRET_KEYS"] = json.dumps(list(request.configSecretKeys))
    return variables


def check_types(program_directory: str, chosen: Interpreter) -> None:
    """Run the type checker of the project's options over the program."""
    checker = chosen.type_checker
    if checker is None:
        return
    exclude = []
    if checker == "mypy" and chosen.virtualenv:
        exclude = ["--exclude", os.path.relpath(chosen.virtualenv, program_directory)]
    result = subprocess.run(
        [str(chosen.python), "-m", checker, *exclude, program_directory],
        env=chosen.environment(),
        cwd=program_directory,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        output = (result.stdout + result.stderr).strip()
        raise CheckError(f"{checker} failed: exit status {result.returncode}\n{output}")


def run_program(
    request: "language_pb2.RunRequest",
    *,
    engine_address: str,
    chosen: Interpreter,
    children: Children,
    context: Any,
) -> tuple[str, bool]:
    """Run the program; return the error for the engine and whether the user has seen it already."""
    check_types(request.info.program_directory, chosen)
    process = children.start(
        command(request, engine_address, chosen),
        environment=chosen.environment(configuration(request)),
    )
    context.add_callback(lambda: children.interrupt(process))
    code = children.wait(process)
    if code == 0:
        return "", False
    if code == EXIT_MESSAGE_SHOWN:
        return "", True
    if code < 0:
        return f"program exited unexpectedly: signal {-code}", False
    return f"program exited with non-zero exit code: {code}", False
