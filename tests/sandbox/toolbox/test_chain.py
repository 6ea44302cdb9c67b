"""The first way that works wins, and if none does the message says what to do."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.errors import SandboxError
from sandbox.toolbox import Group, ToolUnavailable, obtain
from sandbox.toolbox.chain import obtain_tools
from sandbox.toolbox.versions import TOOL_SETS, Release, ToolSet
from tests.sandbox.toolbox.conftest import Machine, Recorder, Vendor

CLOSED_PORT = "http://127.0.0.1:1"


def content(programs: dict[str, Path]) -> dict[str, str]:
    assert all(os.access(path, os.X_OK) for path in programs.values())
    return {name: path.read_text() for name, path in programs.items()}


def publish_both(vendor: Vendor) -> None:
    vendor.publish("one", b"release of one")
    vendor.publish("two", b"release of two")


def unreachable(tools: ToolSet) -> ToolSet:
    release = Release(
        url=f"{CLOSED_PORT}/{{program}}", checksums=f"{CLOSED_PORT}/SHA256SUMS", systems=("linux",)
    )
    return replace(tools, release=release)


def test_programs_on_path_win_and_nothing_is_asked_or_written(
    machine: Machine, vendor: Vendor, tools: ToolSet, report: Recorder, modules: Path
) -> None:
    publish_both(vendor)
    expected = {name: machine.add_program(name, "1.3.0") for name in ("one", "two")}

    assert obtain_tools(tools, report, machine.environment, modules) == expected
    assert vendor.asked == []
    assert not machine.cache.exists()


def test_release_is_used_when_path_has_an_old_program(
    machine: Machine, vendor: Vendor, tools: ToolSet, report: Recorder, modules: Path
) -> None:
    publish_both(vendor)
    machine.add_program("one", "1.1.9")
    machine.add_program("two", "1.3.0")
    machine.add_go()

    programs = obtain_tools(tools, report, machine.environment, modules)

    assert content(programs) == {"one": "release of one", "two": "release of two"}
    assert programs["one"] == machine.cache / "etcd-1.2.3" / "one"
    assert report.steps == ["Download etcd 1.2.3"]
    [said] = report.said
    assert said.startswith(f"Not taken from PATH: {machine.bin / 'one'} is version 1.1.9")
    assert report.news[-1] == "two: 0.0 of 0.0 MiB"


def test_cache_is_used_without_asking_the_vendor_again(
    machine: Machine, vendor: Vendor, tools: ToolSet, report: Recorder, modules: Path
) -> None:
    publish_both(vendor)
    first = obtain_tools(tools, report, machine.environment, modules)
    vendor.asked.clear()

    assert obtain_tools(tools, report, machine.environment, modules) == first
    assert vendor.asked == []
    assert len(report.steps) == 1
    assert report.said == []


@pytest.mark.parametrize("reachable", [True, False])
def test_go_builds_what_no_release_gives(
    machine: Machine,
    vendor: Vendor,
    tools: ToolSet,
    report: Recorder,
    modules: Path,
    *,
    reachable: bool,
) -> None:
    machine.add_go()
    if reachable:
        vendor.publish("one", b"changed on its way", checksum="0" * 64)
    else:
        tools = unreachable(tools)

    programs = obtain_tools(tools, report, machine.environment, modules)

    assert content(programs) == {"one": "built by go", "two": "built by go"}
    assert report.steps == ["Download etcd 1.2.3", "Build etcd 1.2.3 from Go modules"]


def test_no_network_and_no_go_says_which_download_failed_and_what_to_do(
    machine: Machine, tools: ToolSet, report: Recorder, modules: Path
) -> None:
    with pytest.raises(ToolUnavailable) as caught:
        obtain_tools(unreachable(tools), report, machine.environment, modules)

    message = str(caught.value)
    assert isinstance(caught.value, SandboxError)
    assert "etcd 1.2.3 (one, two) cannot be obtained" in message
    assert "on PATH: no one there" in message
    assert f"{CLOSED_PORT}/SHA256SUMS could not be reached (Connection refused)" in message
    assert "no `go` on PATH (Go 1.25.2 or later is needed)" in message
    assert "install one, two 1.2 or a later 1.x on PATH" in message
    assert "install Go 1.25.2 or later" in message
    assert f"place the executables of version 1.2.3 at {machine.cache}/etcd-1.2.3/one" in message
    assert f"they come from {CLOSED_PORT}/one, {CLOSED_PORT}/two" in message
    assert not (machine.cache / "etcd-1.2.3").exists()


def test_placed_programs_are_taken_as_the_message_promises(
    machine: Machine, tools: ToolSet, report: Recorder, modules: Path
) -> None:
    home = machine.cache / "etcd-1.2.3"
    home.mkdir(parents=True)
    for name in tools.programs:
        (home / name).touch(mode=0o755)

    programs = obtain_tools(unreachable(tools), report, machine.environment, modules)

    assert programs == {"one": home / "one", "two": home / "two"}


def test_a_group_without_release_goes_straight_to_go(
    machine: Machine, tools: ToolSet, report: Recorder, modules: Path
) -> None:
    machine.add_go()

    obtain_tools(replace(tools, release=None), report, machine.environment, modules)

    assert report.steps == ["Build etcd 1.2.3 from Go modules"]


def test_half_an_installation_is_not_taken_for_a_whole_one(
    machine: Machine, vendor: Vendor, tools: ToolSet, report: Recorder, modules: Path
) -> None:
    publish_both(vendor)
    for half in ("etcd-1.2.3", "etcd-1.2.3.part-killed"):
        (machine.cache / half).mkdir(parents=True)
        (machine.cache / half / "one").touch(mode=0o755)

    programs = obtain_tools(tools, report, machine.environment, modules)

    assert content(programs) == {"one": "release of one", "two": "release of two"}
    assert list(machine.cache.glob("*.part-*")) == []


def test_two_at_once_download_once(
    machine: Machine, vendor: Vendor, tools: ToolSet, report: Recorder, modules: Path
) -> None:
    publish_both(vendor)
    start = threading.Barrier(4)
    answers: list[dict[str, Path]] = []

    def run() -> None:
        start.wait()
        answers.append(obtain_tools(tools, report, machine.environment, modules))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 4
    assert all(answer == answers[0] for answer in answers)
    assert vendor.asked.count("/one") == 1


def test_obtain_reads_the_table(machine: Machine, report: Recorder) -> None:
    home = machine.cache / f"kwok-{TOOL_SETS[Group.KWOK].version}"
    home.mkdir(parents=True)
    for name in ("kwok", "kwokctl"):
        (home / name).touch(mode=0o755)

    assert set(obtain(Group.KWOK, report, machine.environment)) == {"kwok", "kwokctl"}
