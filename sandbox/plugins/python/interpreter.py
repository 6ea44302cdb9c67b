"""Which Python runs a program or a policy pack, from the `runtime.options` of its project file."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TYPE_CHECKERS = ("mypy", "pyright")
PLUGIN_VIRTUALENV = "venv"
"""Plug-ins, other than programs and policy packs, never use the ambient Python."""


class OptionError(Exception):
    """A runtime option is not usable; the text says what was given and what to do."""


@dataclass(frozen=True)
class Interpreter:
    """A Python executable and the environment to start it with."""

    python: Path
    virtualenv: Path | None
    type_checker: str | None

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return this process's environment plus `extra`, with the virtualenv activated."""
        result = {**os.environ, **(extra or {})}
        if self.virtualenv:
            result.pop("PYTHONHOME", None)
            path = [str(self.virtualenv / "bin"), *filter(None, [result.get("PATH")])]
            result["PATH"] = os.pathsep.join(path)
            result["VIRTUAL_ENV"] = str(self.virtualenv)
        return result


def choose(root: Path, options: Mapping[str, Any], *, plugin: bool = False) -> Interpreter:
    """Return the interpreter that the options ask for.

    `virtualenv` is relative to the project's root. Without it the first `python3` or `python` on
    `PATH` is taken, as the official host does.
    """
    checker = options.get("typechecker")
    if checker is not None and checker not in TYPE_CHECKERS:
        raise OptionError(
            f"unsupported typechecker option: {checker!r}; allowed are {', '.join(TYPE_CHECKERS)}"
        )
    toolchain = options.get("toolchain", "pip")
    if toolchain != "pip":
        raise OptionError(
            f"unsupported toolchain option: {toolchain!r}; this stand-in knows pip only, "
            "install the official pulumi-language-python for others"
        )
    virtualenv = options.get("virtualenv") or (PLUGIN_VIRTUALENV if plugin else None)
    if virtualenv is None:
        return Interpreter(_ambient_python(), None, checker)
    if not isinstance(virtualenv, str):
        raise OptionError(f"virtualenv option must be a string, not {virtualenv!r}")
    return Interpreter(_virtualenv_python(root, virtualenv), root / virtualenv, checker)


def _virtualenv_python(root: Path, option: str) -> Path:
    directory = root / option
    python = directory / "bin" / "python"
    if python.is_file():
        return python
    fault = "doesn't appear to be a virtual environment" if directory.exists() else "doesn't exist"
    raise OptionError(
        f"The 'virtualenv' option is set to {option!r}, but {str(directory)!r} {fault}; "
        f"make it with `python3 -m venv {directory}` and install the requirements into it"
    )


def _ambient_python() -> Path:
    asked = os.environ.get("PULUMI_PYTHON_CMD")
    names = [asked] if asked else ["python3", "python"]
    for name in names:
        if found := shutil.which(name):
            return Path(found)
    raise OptionError(f"failed to locate any of {names} on PATH; install Python or set virtualenv")
