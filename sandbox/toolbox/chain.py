"""Tries one way after the other until one leads to the programs."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sandbox.toolbox.cache import alone, home_of, installed, installing, tool_cache
from sandbox.toolbox.download import download, hosts, urls
from sandbox.toolbox.failure import Attempt, ToolUnavailable, WayFailed
from sandbox.toolbox.go_build import GO_CACHES, MODULES, find_go, go_build, required_go
from sandbox.toolbox.path_lookup import PassedOver, find_on_path
from sandbox.toolbox.progress import Report
from sandbox.toolbox.versions import TOOL_SETS, Group, ToolSet


def obtain(
    group: Group, report: Report, environment: Mapping[str, str] = os.environ
) -> dict[str, Path]:
    """Return the absolute path of each program of a group, by program name.

    Ways, in order: `PATH`, tool cache, vendor's release, Go modules. The last two install into
    the tool cache, tell `report` how far they are, and may take minutes. Raises
    `ToolUnavailable` if no way leads there.
    """
    return obtain_tools(TOOL_SETS[group], report, environment)


def obtain_tools(
    tools: ToolSet,
    report: Report,
    environment: Mapping[str, str] = os.environ,
    modules: Path = MODULES,
) -> dict[str, Path]:
    """Return the programs of any tool set; see `obtain`."""
    try:
        return find_on_path(tools, environment)
    except WayFailed as failure:
        attempts = [Attempt("on PATH", str(failure))]
        if isinstance(failure, PassedOver):
            report.say(f"Not taken from PATH: {failure}")
    cache = tool_cache(environment)
    if programs := installed(tools, cache):
        return programs
    attempts.append(Attempt("in the tool cache", f"not there: {_places(tools, cache)}"))
    with alone(home_of(tools, cache).name, cache, report):
        if programs := installed(tools, cache):  # by the process that had the lock before
            return programs
        try:
            return _by_download(tools, cache, report)
        except WayFailed as failure:
            attempts.append(Attempt("the vendor's release", str(failure)))
        try:
            return _by_go(tools, cache, report, environment, modules / tools.group)
        except WayFailed as failure:
            attempts.append(Attempt("from Go modules", str(failure)))
    programs_too = "" if tools.programs == (tools.group,) else f" ({', '.join(tools.programs)})"
    raise ToolUnavailable(_name(tools) + programs_too, attempts, _remedies(tools, cache, modules))


def _by_download(tools: ToolSet, cache: Path, report: Report) -> dict[str, Path]:
    if tools.release is None:
        raise WayFailed("there is none that a published checksum could verify")
    home = home_of(tools, cache)
    with report.step(f"Download {_name(tools)}") as step, installing(home) as part:
        download(tools, tools.release, part, step)
    return {name: home / name for name in tools.programs}


def _by_go(
    tools: ToolSet, cache: Path, report: Report, environment: Mapping[str, str], source: Path
) -> dict[str, Path]:
    go = find_go(source, cache, environment)
    home = home_of(tools, cache)
    # One build after the other: two would only take each other's processors.
    with (
        alone(GO_CACHES, cache, report),
        report.step(f"Build {_name(tools)} from Go modules") as step,
        installing(home) as part,
    ):
        go_build(tools, go, source, part, step)
    return {name: home / name for name in tools.programs}


def _name(tools: ToolSet) -> str:
    return f"{tools.group} {tools.version}"


def _places(tools: ToolSet, cache: Path) -> str:
    return ", ".join(str(home_of(tools, cache) / name) for name in tools.programs)


def _remedies(tools: ToolSet, cache: Path, modules: Path) -> list[str]:
    place = f"place the executables of version {tools.version} at {_places(tools, cache)}"
    if tools.release:
        with suppress(WayFailed):  # where nothing is published for this platform
            place += f"; they come from {', '.join(urls(tools, tools.release))}"
    remedies = [
        f"install Go {required_go(modules / tools.group)} or later (https://go.dev/dl/), with a "
        "module proxy that can be reached (GOPROXY)",
        place,
    ]
    if tools.release:
        remedies.insert(0, f"allow access to {' and '.join(hosts(tools.release))}")
    if tools.on_path:
        major, minor = tools.on_path.at_least
        programs = ", ".join(tools.programs)
        remedies.insert(0, f"install {programs} {major}.{minor} or a later {major}.x on PATH")
    return remedies
