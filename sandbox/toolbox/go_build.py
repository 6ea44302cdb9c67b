"""Fourth way: build the programs from their Go modules, for networks that serve nothing else.

The modules' hashes stand in `modules/<group>/go.sum`, so what a module proxy serves is verified.
"""

import json
import os
import re
import shutil
import signal
import subprocess
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.toolbox.bounded import ANSWER_SECONDS, run_bounded
from sandbox.toolbox.cache import alone, tool_cache
from sandbox.toolbox.download import this_platform
from sandbox.toolbox.failure import WayFailed
from sandbox.toolbox.home import user_home
from sandbox.toolbox.progress import Report, Step
from sandbox.toolbox.versions import ToolSet

MODULES = Path(__file__).parent / "modules"
GO_CACHES = "go"
"""Directory in the tool cache, and name of the lock that its users hold."""
QUOTED_LINES = 4
"""How much of Go's last words an error message repeats."""
SETTINGS = ("GOFLAGS", "GOHOSTARCH", "GOHOSTOS", "GOTOOLCHAIN", "GOVERSION")


@dataclass(frozen=True)
class Go:
    """A Go that can build, and the variables it runs with."""

    program: str
    environment: Mapping[str, str]


def find_go(source: Path, cache: Path, environment: Mapping[str, str]) -> Go:
    """Return the Go on `PATH` if it is new enough for the modules in `source`."""
    needed = required_go(source)
    program = shutil.which("go", path=environment.get("PATH", ""))
    if program is None:
        raise WayFailed(f"no `go` on PATH (Go {needed} or later is needed)")
    environment = _keeping_out_of_home(cache / GO_CACHES, environment)
    settings = _settings(program, cache, environment)
    found = settings["GOVERSION"].removeprefix("go")
    may_replace_itself = not settings["GOTOOLCHAIN"].startswith("local")
    if _numbers(found) < _numbers(needed) and not may_replace_itself:
        raise WayFailed(f"{program} is Go {found}, but {needed} or later is needed")
    return Go(program, _build_environment(settings, cache, environment))


def go_build(tools: ToolSet, go: Go, source: Path, directory: Path, step: Step) -> None:
    """Put the programs of a group into `directory`. The caller is `alone` with the Go caches."""
    flags = "-s -w"
    if tools.go.version_variable:
        flags += f" -X {tools.go.version_variable}={tools.go.version_value}"
    work = directory / "go-build"
    work.mkdir()
    command = [go.program, "build", "-mod=readonly", "-trimpath", f"-ldflags={flags}"]
    command += ["-v"]  # names each package when it is compiled: the progress to show
    command += ["-o", f"{directory}{os.sep}", *tools.go.packages]
    _run(command, source, {**go.environment, "GOTMPDIR": str(work)}, step)
    shutil.rmtree(work)
    for package, program in zip(tools.go.packages, tools.programs, strict=True):
        (directory / _default_name(package)).rename(directory / program)


def required_go(source: Path) -> str:
    """Return the Go version that a module asks for."""
    match = re.search(r"^go (\S+)$", (source / "go.mod").read_text(), re.MULTILINE)
    if match is None:
        raise ValueError(f"{source / 'go.mod'} has no `go` line")
    return match[1]


def drop_go_caches(report: Report, environment: Mapping[str, str] = os.environ) -> None:
    """Remove downloaded modules and compiled packages from the tool cache; programs stay.

    Caches that `GOCACHE` or `GOMODCACHE` name are the user's and stay too.
    """
    cache = tool_cache(environment)
    caches, doomed = cache / GO_CACHES, cache / f"{GO_CACHES}.dropped"
    if not (caches.exists() or doomed.exists()):
        return
    with alone(GO_CACHES, cache, report), report.step("Remove downloaded Go modules"):
        if doomed.exists():  # of a process that was killed here
            _remove(doomed)
        # Go takes half a module for a whole one, so the caches go at once or not at all.
        if caches.exists():
            caches.rename(doomed)
            _remove(doomed)


def _remove(directory: Path) -> None:
    """Remove a directory even if parts are read-only, as Go leaves its toolchains in any case."""
    for inner, _, _ in os.walk(directory):
        Path(inner).chmod(0o700)
    shutil.rmtree(directory)


def _settings(go: str, cache: Path, environment: Mapping[str, str]) -> dict[str, str]:
    try:
        answer = run_bounded(
            [go, "env", "-json", *SETTINGS],
            environment,
            ANSWER_SECONDS,
            directory=cache,  # no go.mod there that could ask for another version of Go
        )
        return dict(json.loads(answer.stdout))
    except (OSError, ValueError) as error:
        raise WayFailed(f"{go} does not work ({error})") from error


def _keeping_out_of_home(caches: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Let Go count its own use in the tool cache, and still read the user's settings.

    Both stand in one directory of the user's, which cannot be moved on macOS.
    """
    if this_platform()[0] == "darwin":
        return dict(environment)
    user = environment.get("XDG_CONFIG_HOME") or user_home(environment) / ".config"
    own = str(caches / "config")
    return {"GOENV": f"{user}/go/env", **environment, "XDG_CONFIG_HOME": own}


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:3]]


def _build_environment(
    settings: Mapping[str, str], cache: Path, environment: Mapping[str, str]
) -> dict[str, str]:
    """Return variables that keep whatever Go writes inside the tool cache."""
    caches = cache / GO_CACHES
    # Without -modcacherw the modules are read-only and the tool cache could not be removed.
    own_modules = "" if "GOMODCACHE" in environment else " -modcacherw"
    return {
        "GOCACHE": str(caches / "build"),
        "GOMODCACHE": str(caches / "modules"),
        "GOPATH": str(caches / "path"),
        **environment,
        "CGO_ENABLED": "0",
        "GOFLAGS": settings["GOFLAGS"] + own_modules,
        "GOOS": settings["GOHOSTOS"],
        "GOARCH": settings["GOHOSTARCH"],
        "GOWORK": "off",
    }


def _run(command: list[str], source: Path, environment: Mapping[str, str], step: Step) -> None:
    """Run Go, tell how far it is, and quote its last words if it fails."""
    downloaded = compiled = 0
    said: deque[str] = deque(maxlen=QUOTED_LINES)
    with subprocess.Popen(
        command,
        cwd=source,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        process_group=0,
    ) as go:
        try:
            for line in go.stderr or ():
                if line.startswith("go: downloading "):
                    downloaded += 1
                elif re.fullmatch(r"[\w.~/-]+\n?", line):
                    compiled += 1
                elif line.rstrip() not in said:
                    said.append(line.rstrip())
                step.advance(f"{downloaded} modules downloaded, {compiled} packages compiled")
        except BaseException:
            os.killpg(go.pid, signal.SIGTERM)  # its compilers too; else this would wait for them
            raise
    if go.returncode != 0:
        words = "\n".join(said) or "it said nothing"
        raise WayFailed(f"`go build` failed with exit code {go.returncode}:\n{words}")


def _default_name(package: str) -> str:
    """Return what Go calls the program of a package."""
    return re.sub(r"/v\d+$", "", package).rpartition("/")[2]
