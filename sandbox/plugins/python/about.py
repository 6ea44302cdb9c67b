"""What an interpreter says about itself."""

import json
import subprocess

from sandbox.plugins.python.interpreter import Interpreter


def python_version(chosen: Interpreter) -> tuple[str, str]:
    """Return the executable and its version."""
    script = "import sys, platform; print(sys.executable); print(platform.python_version())"
    executable, version = subprocess.run(
        [str(chosen.python), "-c", script],
        env=chosen.environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return executable, version


def dependencies(chosen: Interpreter, *, transitive: bool) -> list[tuple[str, str]]:
    """Return name and version of the packages that the interpreter can import."""
    listing = ["-m", "pip", "list", "--format", "json"]
    result = subprocess.run(
        [str(chosen.python), *listing, *([] if transitive else ["--not-required"])],
        env=chosen.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return [(package["name"], package["version"]) for package in json.loads(result.stdout)]
