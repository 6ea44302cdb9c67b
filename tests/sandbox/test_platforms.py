"""A sandbox has one cluster, so the stacks in it share one platform."""

import json
from pathlib import Path

import pytest

from sandbox.errors import SandboxError
from sandbox.layout import REPOSITORY, Layout
from sandbox.platforms import platform_of, refuse_another_platform
from sandbox.project import Project

PROJECT = Project.read(REPOSITORY)
SHARED = """\
config:
  aws:region: eu-west-1
  mlops:environment:
    team: fraud
    stage: dev
    tenancy: shared
    owner: {email: fraud-ml@example.com, cost_center: "4711"}
    ci: {github: {repository: example/fraud-models, repository_id: "123456789"}}
    budget: {monthly_usd: 800}
"""


def write_state(layout: Layout, stack: str) -> None:
    """Write a state in which the stack has a resource."""
    file = layout.state / ".pulumi" / "stacks" / "mlops" / f"{stack}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"checkpoint": {"latest": {"resources": [{"urn": "urn"}]}}}))


def project_with(folder: Path, text: str) -> Project:
    (folder / "Pulumi.yaml").write_text("name: mlops\nstackConfigDir: stacks\n")
    (folder / "stacks").mkdir()
    (folder / "stacks" / "Pulumi.fraud-dev.yaml").write_text(text)
    return Project.read(folder)


@pytest.mark.parametrize(
    ("stack", "platform"),
    [("demo-dev", "demo-dev"), ("platform-dev", "platform-dev"), ("fraud-dev", "platform-dev")],
)
def test_a_stack_stands_on_its_own_platform_or_on_the_shared_one(stack: str, platform: str) -> None:
    assert platform_of(PROJECT, stack) == platform


def test_defaults_of_the_organisation_count(tmp_path: Path) -> None:
    project = project_with(tmp_path, SHARED.replace("    tenancy: shared\n", ""))
    assert platform_of(project, "fraud-dev") == "fraud-dev"
    (tmp_path / "stacks" / "defaults.yaml").write_text(
        "config: {mlops:environment: {tenancy: shared, platform: platform-eu-dev}}\n"
    )
    assert platform_of(project, "fraud-dev") == "platform-eu-dev"


def test_a_refused_stack_file_is_told_with_its_line(tmp_path: Path) -> None:
    project = project_with(tmp_path, SHARED.replace("tenancy: shared", "tenancy: common"))
    with pytest.raises(SandboxError, match=r"stacks/Pulumi\.fraud-dev\.yaml:6: tenancy is"):
        platform_of(project, "fraud-dev")


def test_a_program_that_asks_for_something_else_is_left_alone(tmp_path: Path) -> None:
    project = project_with(tmp_path, "config: {}\n")
    assert platform_of(project, "fraud-dev") == "fraud-dev"


def test_a_platform_of_another_project_cannot_be_had(tmp_path: Path) -> None:
    elsewhere = "    platform: acme/base/platform-dev\n"
    project = project_with(tmp_path, SHARED + elsewhere)
    with pytest.raises(SandboxError, match="fraud-dev stands on acme/base/platform-dev"):
        platform_of(project, "fraud-dev")


def test_teams_on_one_platform_share_a_sandbox_and_others_do_not(layout: Layout) -> None:
    write_state(layout, "platform-dev")
    refuse_another_platform(layout, PROJECT, "platform-dev")
    with pytest.raises(SandboxError, match=r"holds platform-dev, .* `make down` removes it"):
        refuse_another_platform(layout, PROJECT, "demo-dev")
    write_state(layout, "fraud-dev")
    refuse_another_platform(layout, PROJECT, "platform-dev")
