"""`up` ends well if the engine makes one resource after the other."""

import pytest

from tests.engine.conftest import NewSandbox
from tests.engine.sandboxes import SandboxUnderTest

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def sandbox(new_sandbox: NewSandbox) -> SandboxUnderTest:
    """Return a sandbox for the slowest order."""
    return new_sandbox()


def test_up_makes_one_resource_at_a_time(sandbox: SandboxUnderTest) -> None:
    assert set(sandbox.up("--parallel", "1")["changes"]) == {"create"}


def test_down_takes_away_a_stack_that_is_still_up(sandbox: SandboxUnderTest) -> None:
    assert sandbox.command("down").returncode == 0
    sandbox.assert_gone()
