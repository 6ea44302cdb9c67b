"""The engine plans nothing for a stack whose file moves what must not change."""

import pytest

from tests.engine import projects
from tests.engine.conftest import NewSandbox
from tests.engine.sandboxes import STACK, outputs_of

pytestmark = pytest.mark.engine


def test_a_change_of_what_is_deployed_is_refused(
    new_sandbox: NewSandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = projects.write(
        tmp_path_factory.mktemp("moved") / "project", projects.CONFIGURED, projects.SETTINGS
    )
    sandbox = new_sandbox(project=project)
    deployed = {
        "aws:region": "eu-west-1",
        "team": "demo",
        "stage": "dev",
        "tenancy": "dedicated",
        "network.cidr": "10.10.0.0/16",
        "iam.role_path": "/mlops/",
        "encryption.key_arn": "made",
        "network.existing.vpc_id": "made",
        "registry.existing.instance_identifier": "made",
    }
    assert sandbox.up()["outputs"]["immutableSettings"] == deployed
    assert sandbox.command("up", STACK).returncode == 0, "the same again"

    moved = projects.SETTINGS + "    network: {cidr: 10.77.0.0/16}\n"
    (project / "stacks" / f"Pulumi.{STACK}.yaml").write_text(moved)
    outputs_before = outputs_of(sandbox.resources(), "small-demo-dev")
    refused = sandbox.command("up", STACK)
    assert refused.returncode == 1
    problem = "network.cidr is 10.77.0.0/16, but was deployed as 10.10.0.0/16; a change would"
    assert problem in refused.stdout
    # The second try meets the same state: a refused run leaves what was deployed in it.
    unseen = sandbox.pulumi("up", "--yes", "--skip-preview")
    assert unseen.returncode != 0
    assert problem in unseen.stdout
    assert outputs_of(sandbox.resources(), "small-demo-dev") == outputs_before
