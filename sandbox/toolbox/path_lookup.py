"""First way: programs on `PATH` that are new enough."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from sandbox.toolbox.failure import WayFailed
from sandbox.toolbox.versions import OnPath, ToolSet

ANSWER_SECONDS = 10
"""A program that has not told its version by then is not taken."""

Version = tuple[int, int, int]


def find_on_path(tools: ToolSet, environment: Mapping[str, str]) -> dict[str, Path]:
    """Return the programs of a group if `PATH` has them all, new enough and of one version."""
    if tools.on_path is None:
        raise WayFailed("not looked for there, since this program does not tell its version")
    paths = {name: _which(name, environment) for name in tools.programs}
    versions = {name: _version(path, tools.on_path, environment) for name, path in paths.items()}
    major, minor = tools.on_path.at_least
    for name, version in versions.items():
        if version[0] != major or version[1] < minor:
            raise WayFailed(
                f"{paths[name]} is version {_dotted(version)}, "
                f"but {major}.{minor} or a later {major}.x is needed"
            )
    if len(set(versions.values())) > 1:
        different = ", ".join(f"{name} {_dotted(version)}" for name, version in versions.items())
        raise WayFailed(f"the programs there are of different versions ({different})")
    return paths


def _which(name: str, environment: Mapping[str, str]) -> Path:
    found = shutil.which(name, path=environment.get("PATH", ""))
    if found is None:
        raise WayFailed(f"no {name} there")
    return Path(found).absolute()


def _version(program: Path, rule: OnPath, environment: Mapping[str, str]) -> Version:
    try:
        # Asked for its version only, `pulumi` would also look for updates and keep a log.
        with TemporaryDirectory() as home:
            quiet = {"PULUMI_SKIP_UPDATE_CHECK": "true", "PULUMI_HOME": home}
            answer = subprocess.run(
                [program, *rule.version_arguments],
                env={**environment, **quiet},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=ANSWER_SECONDS,
                check=True,
            ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise WayFailed(f"{program} does not tell its version ({error})") from error
    match = re.search(r"(\d+)\.(\d+)\.(\d+)", answer)
    if match is None:
        raise WayFailed(f"{program} does not tell its version (it said {answer.strip()!r})")
    major, minor, patch = (int(part) for part in match.groups())
    return major, minor, patch


def _dotted(version: Version) -> str:
    return ".".join(str(part) for part in version)
