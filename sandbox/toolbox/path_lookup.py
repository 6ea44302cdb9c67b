"""First way: programs on `PATH` that are new enough."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from sandbox.toolbox.bounded import ANSWER_SECONDS, run_bounded
from sandbox.toolbox.failure import WayFailed
from sandbox.toolbox.versions import OnPath, ToolSet

Version = tuple[int, int, int]


class PassedOver(WayFailed):
    """There is a program, but not one that will do."""


def find_on_path(tools: ToolSet, environment: Mapping[str, str]) -> dict[str, Path]:
    """Return the programs of a group if `PATH` has them all, new enough and of one version."""
    if tools.on_path is None:
        raise WayFailed("not looked for there, since this program does not tell its version")
    paths = {name: _which(name, environment) for name in tools.programs}
    versions = {name: _version(path, tools.on_path, environment) for name, path in paths.items()}
    major, minor = tools.on_path.at_least
    for name, version in versions.items():
        if version[0] != major or version[1] < minor:
            raise PassedOver(
                f"{paths[name]} is version {_dotted(version)}, "
                f"but {major}.{minor} or a later {major}.x is needed"
            )
    if len(set(versions.values())) > 1:
        different = ", ".join(f"{name} {_dotted(version)}" for name, version in versions.items())
        raise PassedOver(f"the programs there are of different versions ({different})")
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
            command = [str(program), *rule.version_arguments]
            done = run_bounded(command, {**environment, **quiet}, ANSWER_SECONDS)
    except OSError as error:
        raise PassedOver(f"{program} does not tell its version ({error})") from error
    if done.returncode:
        raise PassedOver(f"{program} does not tell its version (it ended with {done.returncode})")
    said = done.stdout + done.stderr
    match = re.search(r"(\d+)\.(\d+)\.(\d+)", said)
    if match is None:
        raise PassedOver(f"{program} does not tell its version (it said {said.strip()!r})")
    major, minor, patch = (int(part) for part in match.groups())
    return major, minor, patch


def _dotted(version: Version) -> str:
    return ".".join(str(part) for part in version)
