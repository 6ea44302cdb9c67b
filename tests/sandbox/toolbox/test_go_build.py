"""Go builds from locked modules and keeps to the tool cache."""

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from sandbox.toolbox import drop_go_caches
from sandbox.toolbox.chain import obtain_tools
from sandbox.toolbox.failure import ToolUnavailable, WayFailed
from sandbox.toolbox.go_build import Go, find_go, go_build
from sandbox.toolbox.versions import GoModules, Group, ToolSet
from tests.sandbox.toolbox.conftest import Machine, Recorder


@pytest.fixture
def unpublished(tools: ToolSet) -> ToolSet:
    return replace(tools, release=None)


def call(machine: Machine) -> Any:
    return json.loads((machine.bin / "go-call.json").read_text())


def test_go_writes_into_the_tool_cache_only(
    machine: Machine, unpublished: ToolSet, report: Recorder, modules: Path
) -> None:
    machine.add_go()
    machine.environment |= {"FAKE_GOFLAGS": "-buildvcs=false", "XDG_CONFIG_HOME": "/u/config"}
    obtain_tools(unpublished, report, machine.environment, modules)

    environment = call(machine)["env"]
    for name in ("GOCACHE", "GOMODCACHE", "GOPATH", "XDG_CONFIG_HOME", "GOTMPDIR"):
        assert Path(environment[name]).is_relative_to(machine.cache), name
    assert environment["GOFLAGS"] == "-buildvcs=false -modcacherw"
    assert environment["GOENV"] == "/u/config/go/env"
    assert environment["CGO_ENABLED"] == "0"


def test_caches_that_the_user_names_are_used_as_they_are(
    machine: Machine, unpublished: ToolSet, report: Recorder, modules: Path
) -> None:
    machine.add_go()
    machine.environment |= {"GOCACHE": "/u/build", "GOMODCACHE": "/u/modules", "FAKE_GOFLAGS": "-x"}
    obtain_tools(unpublished, report, machine.environment, modules)

    environment = call(machine)["env"]
    assert environment["GOCACHE"] == "/u/build"
    assert environment["GOMODCACHE"] == "/u/modules"
    assert environment["GOFLAGS"] == "-x"


def test_build_is_locked_small_and_knows_its_version(
    machine: Machine, unpublished: ToolSet, report: Recorder, modules: Path
) -> None:
    machine.add_go()
    named = replace(
        unpublished.go, version_variable="example.invalid/version.V", version_value="v1.2.3"
    )
    obtain_tools(replace(unpublished, go=named), report, machine.environment, modules)

    arguments = call(machine)["args"]
    assert {"-mod=readonly", "-trimpath"} <= set(arguments)
    assert "-ldflags=-s -w -X example.invalid/version.V=v1.2.3" in arguments
    assert report.news[-1] == "1 modules downloaded, 2 packages compiled"


def test_program_is_named_by_the_table_not_by_its_package(
    machine: Machine, unpublished: ToolSet, report: Recorder, modules: Path
) -> None:
    machine.add_go()
    renamed = replace(
        unpublished, programs=("bridge",), go=GoModules(packages=("example.invalid/dynamic",))
    )
    obtained = obtain_tools(renamed, report, machine.environment, modules)
    assert obtained == {"bridge": machine.cache / "etcd-1.2.3" / "bridge"}
    assert [path.name for path in (machine.cache / "etcd-1.2.3").iterdir()] == ["bridge"]


def test_failed_build_is_quoted_and_leaves_nothing(
    machine: Machine, unpublished: ToolSet, report: Recorder, modules: Path
) -> None:
    machine.add_go()
    machine.environment["FAKE_FAILURE"] = "go: example.invalid/x: dial tcp: no such host"
    with pytest.raises(ToolUnavailable, match=r"example\.invalid/x: dial tcp: no such host"):
        obtain_tools(unpublished, report, machine.environment, modules)
    assert [path.name for path in machine.cache.iterdir() if path.is_dir()] == []


@pytest.mark.parametrize(("toolchain", "accepted"), [("local", False), ("auto", True)])
def test_old_go_is_taken_only_if_it_may_fetch_a_newer_one(
    toolchain: str, machine: Machine, modules: Path, *, accepted: bool
) -> None:
    machine.add_go()
    machine.cache.mkdir()
    old = machine.environment | {"FAKE_GOVERSION": "go1.25.1", "FAKE_GOTOOLCHAIN": toolchain}
    if accepted:
        assert find_go(modules / Group.ETCD, machine.cache, old)
    else:
        with pytest.raises(WayFailed, match=r"is Go 1\.25\.1, but 1\.25\.2 or later is needed"):
            find_go(modules / Group.ETCD, machine.cache, old)


def test_interrupted_build_takes_its_compilers_along(
    machine: Machine, unpublished: ToolSet, modules: Path, tmp_path: Path
) -> None:
    waiting = machine.bin / "waiting-go"
    waiting.write_text(
        f"#!{sys.executable}\n"
        "import os, signal, sys\n"
        "os.fork()\n"
        "print(os.getpid(), file=sys.stderr, flush=True)\n"
        "signal.pause()\n"
    )
    waiting.chmod(0o755)

    class Interrupted(Recorder):
        def advance(self, text: str) -> None:
            super().advance(text)
            if len(self.news) == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        go_build(unpublished, Go(str(waiting), {}), modules / Group.ETCD, tmp_path, Interrupted())
    left = [
        p for p in psutil.process_iter(["cmdline"]) if str(waiting) in (p.info["cmdline"] or ())
    ]
    _, alive = psutil.wait_procs(left, timeout=5)
    assert alive == []


def test_dropping_go_caches_keeps_the_programs(
    machine: Machine, unpublished: ToolSet, report: Recorder, modules: Path
) -> None:
    machine.add_go()
    programs = obtain_tools(unpublished, report, machine.environment, modules)
    for interrupted_or_whole in ("go.dropped", "go"):
        (machine.cache / interrupted_or_whole / "build").mkdir(parents=True)

    drop_go_caches(report, machine.environment)
    drop_go_caches(report, machine.environment)

    assert [path.name for path in machine.cache.iterdir() if path.is_dir()] == ["etcd-1.2.3"]
    assert report.steps[1:] == ["Remove downloaded Go modules"]
    assert all(path.is_file() for path in programs.values())


NEEDS_GO = pytest.mark.skipif(shutil.which("go") is None, reason="no go on PATH")


@pytest.fixture(scope="module")
def users_build_cache() -> str:
    """Return where Go has its runtime compiled: to do that takes as long as all else here."""
    asked = ["go", "env", "GOCACHE"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


@NEEDS_GO
def test_the_real_go_builds_a_module_without_a_network(
    machine: Machine,
    unpublished: ToolSet,
    report: Recorder,
    modules: Path,
    users_build_cache: str,
) -> None:
    source = modules / Group.ETCD
    (source / "go.mod").write_text("module toolbox.invalid/tiny\n\ngo 1.21\n")
    (source / "main.go").write_text(
        'package main\n\nvar version = "?"\n\nfunc main() { println("tiny", version) }\n'
    )
    tiny = replace(
        unpublished,
        programs=("renamed",),
        go=GoModules(
            packages=("toolbox.invalid/tiny",),
            version_variable="main.version",
            version_value="v1.2.3",
        ),
    )
    environment = machine.environment | {
        "PATH": f"{machine.bin}:{os.environ['PATH']}",
        "GOCACHE": users_build_cache,
        "GOPROXY": "off",
    }
    program = obtain_tools(tiny, report, environment, modules)["renamed"]

    said = subprocess.run([program], capture_output=True, text=True, check=True)  # noqa: S603  # just built
    assert said.stderr == "tiny v1.2.3\n"
    assert sorted(path.name for path in source.iterdir()) == ["go.mod", "main.go"]
    assert list((machine.bin.parent / "home").iterdir()) == []


def publish_module(proxy: Path) -> None:
    """Make a module proxy of files that serves one module."""
    versions = proxy / "example.invalid" / "dependency" / "@v"
    versions.mkdir(parents=True)
    (versions / "v1.0.0.info").write_text('{"Version": "v1.0.0"}')
    (versions / "v1.0.0.mod").write_text("module example.invalid/dependency\n")
    with zipfile.ZipFile(versions / "v1.0.0.zip", "w") as module:
        inside = "example.invalid/dependency@v1.0.0"
        module.writestr(f"{inside}/go.mod", "module example.invalid/dependency\n")
        module.writestr(f"{inside}/dependency.go", 'package dependency\n\nconst Word = "tiny"\n')


def lock_tiny_program(source: Path, environment: Mapping[str, str]) -> None:
    """Write a program with a dependency and let Go lock it, which leaves read-only modules."""
    (source / "go.mod").write_text("module toolbox.invalid/tiny\n\ngo 1.21\n")
    (source / "main.go").write_text(
        'package main\n\nimport "example.invalid/dependency"\n\n'
        "func main() { println(dependency.Word) }\n"
    )
    subprocess.run(
        ["go", "get", "example.invalid/dependency@v1.0.0"],  # noqa: S607
        cwd=source,
        env=dict(environment),
        check=True,
        capture_output=True,
    )


@NEEDS_GO
def test_what_the_real_go_downloaded_is_dropped(
    machine: Machine,
    unpublished: ToolSet,
    report: Recorder,
    modules: Path,
    tmp_path: Path,
    *,
    users_build_cache: str,
    as_ordinary_user: list[str],
) -> None:
    publish_module(tmp_path / "proxy")
    caches = machine.cache / "go"
    environment = machine.environment | {
        "PATH": f"{machine.bin}:{os.environ['PATH']}",
        "GOPROXY": f"file://{tmp_path / 'proxy'}",
        "GOSUMDB": "off",
        "GOCACHE": users_build_cache,
    }
    own_caches = {"GOMODCACHE": str(caches / "modules"), "GOPATH": str(caches / "path")}
    lock_tiny_program(modules / Group.ETCD, environment | own_caches)
    tiny = replace(
        unpublished, programs=("tiny",), go=GoModules(packages=("toolbox.invalid/tiny",))
    )
    program = obtain_tools(tiny, report, environment | {"GOPROXY": "off"}, modules)["tiny"]
    [module] = caches.rglob("dependency@v1.0.0")
    assert module.stat().st_mode & stat.S_IWUSR == 0

    dropping = "from sandbox.toolbox import Silent, drop_go_caches; drop_go_caches(Silent())"
    subprocess.run(  # noqa: S603  # our own program
        [*as_ordinary_user, sys.executable, "-c", dropping], env=environment, check=True
    )
    assert [path.name for path in machine.cache.iterdir() if path.is_dir()] == ["etcd-1.2.3"]
    said = subprocess.run([program], capture_output=True, text=True, check=True)  # noqa: S603  # just built
    assert said.stderr == "tiny\n"
    assert Path(users_build_cache).is_dir()
