"""The engine sees the project, and writes into none of its files."""

from pathlib import Path

import pytest

from sandbox.errors import SandboxError
from sandbox.layout import Layout
from sandbox.project import Project, link

PROJECT = "name: mlops\nruntime: python\nmain: infra\nstackConfigDir: stacks\n"
STACK = "config:\n  # why\n  aws:region: eu-west-1\n"
SALT = "encryptionsalt: v1:abc=:v1:def\n"


@pytest.fixture
def project(layout: Layout) -> Project:
    """Return a project with two stacks and shared defaults."""
    (layout.project / "Pulumi.yaml").write_text(PROJECT)
    (layout.project / "infra").mkdir()
    (layout.project / "infra" / "__main__.py").write_text("")
    stacks = layout.project / "stacks"
    stacks.mkdir()
    (stacks / "Pulumi.demo-dev.yaml").write_text(STACK)
    (stacks / "Pulumi.demo-prod.yaml").write_text(STACK)
    (stacks / "defaults.yaml").write_text("{}\n")
    return Project.read(layout.project)


def copy_of(layout: Layout, stack: str = "demo-dev") -> Path:
    """Return the engine's file of a stack."""
    return layout.engine_project / "stacks" / f"Pulumi.{stack}.yaml"


def test_every_stack_with_a_file_is_found(project: Project) -> None:
    assert list(project.stacks()) == ["demo-dev", "demo-prod"]
    assert project.stack_file("demo-dev").read_text() == STACK


def test_a_stack_without_a_file_is_refused_with_those_there_are(project: Project) -> None:
    with pytest.raises(SandboxError) as refused:
        project.stack_file("demo-deb")
    assert "Did you mean demo-dev?" in str(refused.value)
    assert "demo-dev, demo-prod" in str(refused.value)


@pytest.mark.parametrize("name", ["../stacks/demo-dev", "defaults", ""])
def test_what_is_no_stack_name_is_refused(project: Project, name: str) -> None:
    with pytest.raises(SandboxError, match="There is no stack"):
        project.stack_file(name)


def test_a_directory_without_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match=r"no Pulumi\.yaml"):
        Project.read(tmp_path)


def test_the_engine_sees_the_project_under_the_same_names(project: Project, layout: Layout) -> None:
    link(project, "demo-dev", layout)
    view = layout.engine_project
    assert (view / "Pulumi.yaml").read_text() == PROJECT
    assert (view / "infra" / "__main__.py").samefile(layout.project / "infra" / "__main__.py")
    assert (view / "stacks" / "defaults.yaml").exists()
    assert copy_of(layout).read_text() == STACK


def test_what_the_engine_writes_does_not_reach_the_committed_file(
    project: Project, layout: Layout
) -> None:
    link(project, "demo-dev", layout)
    with copy_of(layout).open("a") as file:
        file.write(SALT)
    assert project.stack_file("demo-dev").read_text() == STACK


def test_the_salt_stays_and_the_rest_follows_the_committed_file(
    project: Project, layout: Layout
) -> None:
    link(project, "demo-dev", layout)
    copy_of(layout).write_text(SALT + STACK)
    changed = STACK.replace("eu-west-1", "eu-central-1")
    project.stack_file("demo-dev").write_text(changed)
    link(project, "demo-dev", layout)
    assert copy_of(layout).read_text() == changed + SALT


def test_another_stack_of_the_same_sandbox_keeps_its_own_copy(
    project: Project, layout: Layout
) -> None:
    link(project, "demo-dev", layout)
    copy_of(layout).write_text(STACK + SALT)
    link(project, "demo-prod", layout)
    assert copy_of(layout).read_text() == STACK + SALT
    assert not copy_of(layout, "demo-prod").is_symlink()


def test_a_sandbox_inside_the_project_is_not_linked_into_itself(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: flat\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    layout = Layout(root=tmp_path / ".sandbox", project=tmp_path)
    link(Project.read(tmp_path), "dev", layout)
    assert not (layout.engine_project / ".sandbox").exists()
    assert (layout.engine_project / "Pulumi.yaml").exists()
    assert not (layout.engine_project / "Pulumi.dev.yaml").is_symlink()


def test_a_file_that_is_no_yaml_is_refused_by_line(project: Project) -> None:
    file = project.directory / "stacks" / "Pulumi.demo-dev.yaml"
    file.write_text("config:\n  aws:region: eu-west-1\n  mlops:environment: {team: demo\n")
    with pytest.raises(SandboxError, match=r"Pulumi\.demo-dev\.yaml:4:1 is no YAML: "):
        project.stack_file("demo-dev")
