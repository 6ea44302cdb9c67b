"""Programs on `PATH` are taken only if they all are there, new enough and of one version."""

import pytest

from sandbox.toolbox import path_lookup
from sandbox.toolbox.failure import WayFailed
from sandbox.toolbox.path_lookup import find_on_path
from sandbox.toolbox.versions import ToolSet
from tests.sandbox.toolbox.conftest import Machine


@pytest.mark.parametrize("version", ["1.2.0", "1.2.3", "1.10.0"])
def test_same_or_later_minor_version_is_taken(
    version: str, machine: Machine, tools: ToolSet
) -> None:
    expected = {name: machine.add_program(name, version) for name in ("one", "two")}
    assert find_on_path(tools, machine.environment) == expected


@pytest.mark.parametrize("version", ["1.1.99", "0.9.0", "2.2.0"])
def test_older_minor_and_other_major_versions_are_not(
    version: str, machine: Machine, tools: ToolSet
) -> None:
    for name in ("one", "two"):
        machine.add_program(name, version)
    with pytest.raises(WayFailed, match=f"is version {version}, but 1.2 or a later 1.x is needed"):
        find_on_path(tools, machine.environment)


def test_mixed_versions_are_not_taken(machine: Machine, tools: ToolSet) -> None:
    machine.add_program("one", "1.2.3")
    machine.add_program("two", "1.3.0")
    with pytest.raises(WayFailed, match=r"different versions \(one 1\.2\.3, two 1\.3\.0\)"):
        find_on_path(tools, machine.environment)


def test_half_a_group_is_not_taken(machine: Machine, tools: ToolSet) -> None:
    machine.add_program("one", "1.2.3")
    with pytest.raises(WayFailed, match="no two there"):
        find_on_path(tools, machine.environment)


@pytest.mark.parametrize("script", ["#!/bin/sh\necho hello", "#!/bin/sh\nexit 3", "no program"])
def test_program_without_a_version_is_not_taken(
    script: str, machine: Machine, tools: ToolSet
) -> None:
    machine.add_program("one", "1.2.3").write_text(script)
    machine.add_program("two", "1.2.3")
    with pytest.raises(WayFailed, match="does not tell its version"):
        find_on_path(tools, machine.environment)


def test_program_that_hangs_is_not_waited_for(
    machine: Machine, tools: ToolSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(path_lookup, "ANSWER_SECONDS", 0.2)
    hanging = machine.add_program("one", "1.2.3")
    hanging.write_text("#!/bin/sh\n/bin/sleep 60\n")
    machine.add_program("two", "1.2.3")
    with pytest.raises(WayFailed, match=rf"{hanging} does not tell .* did not end within 0.2 s"):
        find_on_path(tools, machine.environment)
