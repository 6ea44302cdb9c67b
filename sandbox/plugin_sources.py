"""Which plug-ins the engine gets: the official ones wherever they can be had, else stand-ins."""

import importlib.metadata
import os
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sandbox.layout import Layout
from sandbox.plugins import aws, kubernetes, python
from sandbox.toolbox import (
    Group,
    Report,
    obtain,
    run_bounded,
    terraform_provider_aws,
    tool_cache,
    user_home,
)

VENDOR = "https://get.pulumi.com/releases/plugins/"
ANSWER_SECONDS = 5.0
DOWNLOAD_SECONDS = 900.0
"""A plug-in has some 200 MB, and slow networks exist."""


@dataclass(frozen=True)
class PluginSource:
    """Where one plug-in of this sandbox comes from."""

    name: str
    official: bool
    why: str
    """One clause: where it was found, or why it could not be had."""


def choose(layout: Layout, pulumi: Path, report: Report) -> list[PluginSource]:
    """Install what the engine needs into its plug-in directory and tell what was taken.

    The engine is told to look there only, and not on `PATH` (see `environment`).
    """
    return [
        _language_host(layout, pulumi),
        _resource_plugin("aws", layout, pulumi, report, partial(_write_aws, report)),
        _resource_plugin("kubernetes", layout, pulumi, report, _write_kubernetes),
    ]


def _language_host(layout: Layout, pulumi: Path) -> PluginSource:
    name = python.EXECUTABLE
    # Its own one the engine takes from wherever it lies, before an installed one.
    if (pulumi.resolve().parent / name).exists():
        return PluginSource("python", official=True, why=f"beside {pulumi}")
    version = importlib.metadata.version("pulumi")
    program = layout.plugins / f"language-python-v{version}" / name
    program.unlink(missing_ok=True)
    if found := shutil.which(name):
        _link(program, Path(found))
        return PluginSource("python", official=True, why=f"on PATH ({found})")
    python.write_launcher(program.parent, python=Path(sys.executable))
    return PluginSource("python", official=False, why=f"no {name} beside pulumi or on PATH")


def _resource_plugin(
    name: str,
    layout: Layout,
    pulumi: Path,
    report: Report,
    write_stand_in: Callable[[Path], object],
) -> PluginSource:
    version = importlib.metadata.version(f"pulumi-{name}")
    executable = f"pulumi-resource-{name}"
    program = layout.plugins / f"resource-{name}-v{version}" / executable
    if program.exists():
        # A state written through one plug-in is not handed to another one half-way.
        official = program.is_symlink()
        if not official:
            write_stand_in(program.parent)
        return PluginSource(name, official=official, why="as in this sandbox's first run")
    if found := shutil.which(executable):
        _link(program, Path(found))
        return PluginSource(name, official=True, why=f"on PATH ({found})")
    try:
        installed = _installed(program) or _download(name, version, program, pulumi, report)
    except _NotToBeHadError as error:
        program.unlink(missing_ok=True)  # the link to one that was removed
        write_stand_in(program.parent)
        return PluginSource(name, official=False, why=str(error))
    _link(program, installed)
    return PluginSource(name, official=True, why=f"installed ({installed})")


def _link(program: Path, official: Path) -> None:
    program.parent.mkdir(parents=True, exist_ok=True)
    program.unlink(missing_ok=True)
    program.symlink_to(official.absolute())


class _NotToBeHadError(Exception):
    """Why an official plug-in cannot be had."""


def _cache() -> Path:
    return tool_cache() / "pulumi-home"


def _installed(program: Path) -> Path | None:
    """Return the same plug-in of the user's own engine, or an earlier download."""
    users_own = Path(os.environ.get("PULUMI_HOME") or user_home() / ".pulumi")
    for home in (users_own, _cache()):
        found = home / "plugins" / program.parent.name / program.name
        if found.exists():
            return found
    return None


def _download(name: str, version: str, program: Path, pulumi: Path, report: Report) -> Path:
    _expect_vendor()
    with report.step(f"Downloading the {name} plug-in {version}"):
        own = {"PULUMI_HOME": str(_cache()), "PULUMI_SKIP_UPDATE_CHECK": "true"}
        try:
            done = run_bounded(
                [pulumi, "plugin", "install", "resource", name, version],
                # It may need the user's proxy settings, so this one process keeps the environment.
                {**os.environ, **own},
                DOWNLOAD_SECONDS,
            )
        except TimeoutError as error:
            raise _NotToBeHadError(f"its download failed ({error})") from error
    downloaded = _installed(program)
    if done.returncode or downloaded is None:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise _NotToBeHadError(f"its download failed ({last})")
    return downloaded


def _expect_vendor() -> None:
    """Fail at once on a closed network, where the engine would try five times."""
    try:
        with urllib.request.urlopen(VENDOR, timeout=ANSWER_SECONDS):
            return
    except urllib.error.HTTPError:
        return  # it answered; a listing is not offered
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise _NotToBeHadError(f"{VENDOR} could not be reached ({reason})") from error


def _write_aws(report: Report, directory: Path) -> None:
    aws.write_launcher(
        directory,
        python=Path(sys.executable),
        bridge=obtain(Group.BRIDGE, report)["pulumi-terraform-bridge"],
        terraform_provider=terraform_provider_aws(report),
        cache=tool_cache() / "aws-plugin",
    )


def _write_kubernetes(directory: Path) -> None:
    kubernetes.write_launcher(directory, python=Path(sys.executable))
