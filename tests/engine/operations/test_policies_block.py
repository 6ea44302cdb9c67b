"""The policy pack stops what breaks a rule before anything is made."""

import pytest

from tests.engine import projects
from tests.engine.conftest import NewSandbox
from tests.engine.sandboxes import STACK

pytestmark = pytest.mark.engine


def test_a_violation_blocks_up(
    new_sandbox: NewSandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = projects.write(
        tmp_path_factory.mktemp("open") / "a project", projects.OPEN_BUCKET, policies=True
    )
    sandbox = new_sandbox(project=project)
    done = sandbox.command("up", STACK)
    assert done.returncode == 1
    assert "[mandatory]" in done.stdout
    assert "BucketPublicAccessBlock: open" in done.stdout
    assert sandbox.aws("s3").list_buckets()["Buckets"] == []
    assert sandbox.command("down").returncode == 0
    sandbox.assert_gone()
