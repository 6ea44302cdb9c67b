"""The table of versions agrees with the build lists and with the locked SDK."""

import importlib.metadata

import pytest

from sandbox.toolbox.download import urls
from sandbox.toolbox.go_build import MODULES, required_go
from sandbox.toolbox.versions import TOOL_SETS, Group, ToolSet


@pytest.mark.parametrize("tools", TOOL_SETS.values(), ids=list(TOOL_SETS))
def test_build_list_has_the_version_of_the_table(tools: ToolSet) -> None:
    lines = (MODULES / tools.group / "go.mod").read_text().splitlines()
    direct = [line.split() for line in lines if line.startswith("require ") and "(" not in line]
    assert [version for _, _, version in direct] == [f"v{tools.version}"]
    module = direct[0][1]
    assert all(package.startswith(module) for package in tools.go.packages)
    assert (MODULES / tools.group / "go.sum").stat().st_size > 0
    assert required_go(MODULES / tools.group).startswith("1.")


@pytest.mark.parametrize("tools", TOOL_SETS.values(), ids=list(TOOL_SETS))
def test_build_list_names_the_programs_as_its_tools(tools: ToolSet) -> None:
    text = (MODULES / tools.group / "go.mod").read_text()
    named = {
        line.removeprefix("tool").strip()
        for line in text.splitlines()
        if line.removeprefix("tool").strip() in tools.go.packages
    }
    assert named == set(tools.go.packages)


OURS = [t for t in TOOL_SETS.values() if t.release and not isinstance(t.release.checksums, str)]


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize("tools", OURS, ids=lambda tools: tools.group)
def test_a_table_of_checksums_has_every_file(
    tools: ToolSet, machine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr("platform.system", lambda: "Linux")
    assert tools.release is not None
    files = {url.rpartition("/")[2] for url in urls(tools, tools.release)}
    assert files <= set(tools.release.checksums)


@pytest.mark.parametrize("tools", TOOL_SETS.values(), ids=list(TOOL_SETS))
def test_our_own_version_would_be_good_enough_on_path(tools: ToolSet) -> None:
    if tools.on_path is None:
        assert tools.group is Group.BRIDGE
        return
    major, minor, _ = (int(part) for part in tools.version.split("."))
    assert (major, minor) >= tools.on_path.at_least
    assert major == tools.on_path.at_least[0]


def test_engine_has_the_minor_version_of_the_sdk() -> None:
    engine = TOOL_SETS[Group.PULUMI]
    sdk = importlib.metadata.version("pulumi").split(".")[:2]
    assert engine.version.split(".")[:2] == sdk
    assert engine.on_path is not None
    assert [str(part) for part in engine.on_path.at_least] == sdk
