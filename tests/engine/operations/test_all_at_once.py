"""`up` ends well if the engine makes everything at once that can be."""

import pytest

from tests.engine.conftest import NewSandbox

pytestmark = pytest.mark.engine


def test_up_makes_everything_at_once_that_can_be(new_sandbox: NewSandbox) -> None:
    sandbox = new_sandbox()
    assert set(sandbox.up("--parallel", "64")["changes"]) == {"create"}
    assert sandbox.command("down").returncode == 0
    sandbox.assert_gone()
