"""The sandboxes of this tier. It runs the real engine; without its programs it says so."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.programs import fill_cache
from sandbox.toolbox import Silent, ToolUnavailable
from tests.engine.sandboxes import SandboxUnderTest

NewSandbox = Callable[..., SandboxUnderTest]
"""Returns a sandbox in a directory of its own; it is gone at the end of the session."""


@pytest.fixture(scope="session", autouse=True)
def _programs() -> None:
    """Skip the tier, with the reason, where its programs cannot be obtained."""
    try:
        fill_cache(Silent())
    except ToolUnavailable as missing:
        in_one_line = " ".join(str(missing).split())
        pytest.skip(f"the engine tier cannot run: {in_one_line}")


@pytest.fixture(scope="session")
def new_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewSandbox]:
    """Return a maker of sandboxes."""
    made: list[SandboxUnderTest] = []

    def make(**options: Any) -> SandboxUnderTest:
        # A short path, because sockets lie below it, with a space, because users' paths have some.
        made.append(SandboxUnderTest.at(tmp_path_factory.mktemp("s") / "a box", **options))
        return made[-1]

    yield make
    for sandbox in made:
        sandbox.command("down", "--force")


@pytest.fixture(scope="session")
def committed_stacks() -> dict[Path, bytes]:
    """Return the committed stack files as they are before anything ran."""
    return _committed()


def _committed() -> dict[Path, bytes]:
    stacks = SandboxUnderTest.at(Path()).layout.project / "stacks"
    return {file: file.read_bytes() for file in sorted(stacks.iterdir())}


@pytest.fixture(scope="session")
def up_result(new_sandbox: NewSandbox, committed_stacks: dict[Path, bytes]) -> dict[str, Any]:
    """Bring up the environment that most tests look at; return what `up` told, and the sandbox."""
    sandbox = new_sandbox()
    result = sandbox.up()
    assert _committed() == committed_stacks
    return {**result, "sandbox": sandbox}


@pytest.fixture(scope="session")
def environment(up_result: dict[str, Any]) -> SandboxUnderTest:
    """Return the sandbox in which the stack is up."""
    found: SandboxUnderTest = up_result["sandbox"]
    return found


@pytest.fixture(scope="session")
def resources(environment: SandboxUnderTest) -> list[dict[str, Any]]:
    """Return the state of the environment."""
    return environment.resources()
