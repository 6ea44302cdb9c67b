"""`destroy` ends, and leaves nothing of the stack in AWS or in the cluster."""

import pytest

from tests.engine import census
from tests.engine.sandboxes import SandboxUnderTest

# By its name the last of its directory: what the others look at is gone afterwards.
pytestmark = pytest.mark.engine


def test_the_census_misses_no_kind(environment: SandboxUnderTest) -> None:
    """Without this, an empty census would prove nothing."""
    assert [kind for kind, found in census.take(environment).items() if not found] == []


def test_destroy_leaves_nothing_behind(environment: SandboxUnderTest) -> None:
    done = environment.pulumi("destroy", "--yes", "--skip-preview")
    assert done.returncode == 0, done.stdout[-6000:]
    assert {kind: found for kind, found in census.take(environment).items() if found} == {}
    assert environment.resources() == []


def test_down_leaves_no_process_and_no_file(environment: SandboxUnderTest) -> None:
    done = environment.command("down")
    assert done.returncode == 0, done.stderr
    assert "Stopped etcd" in done.stderr
    environment.assert_gone()
