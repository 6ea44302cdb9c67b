"""Which platform a stack stands on. A sandbox has one cluster, so it holds one platform."""

from infra.config.document import from_file
from infra.config.files import ORGANISATION_FILE
from infra.config.findings import ConfigError
from infra.config.load import NO_DEFAULTS, load
from infra.config.model import SharedEnvironment
from sandbox.engine_state import EngineState
from sandbox.errors import SandboxError
from sandbox.layout import DIRECTORY_VARIABLE, Layout
from sandbox.project import Project


def platform_of(project: Project, stack: str) -> str:
    """Return the stack that makes the platform: another one with shared tenancy, else its own."""
    file = project.stack_file(stack)
    given = from_file(file, project.label(file))
    if not given.findings and given.object_key not in given.config:
        return stack  # the program of another project, which asks for something else
    organisation = file.parent / ORGANISATION_FILE
    everywhere = (
        from_file(organisation, project.label(organisation))
        if organisation.exists()
        else NO_DEFAULTS
    )
    try:
        settings = load(stack, given, everywhere).settings
    except ConfigError as error:
        raise SandboxError(f"{error}") from None
    if not isinstance(settings, SharedEnvironment):
        return stack
    if "/" in settings.platform:
        raise SandboxError(
            f"{stack} stands on {settings.platform}, a stack of another project, which this "
            "sandbox cannot bring up."
        )
    return settings.platform


def refuse_another_platform(layout: Layout, project: Project, platform: str) -> None:
    """Two platforms would both want to furnish the one cluster there is."""
    others = [
        name
        for name in EngineState(layout).stacks_with_resources()
        if platform_of(project, name) != platform
    ]
    if others:
        raise SandboxError(
            f"This sandbox holds {', '.join(others)}, and a sandbox holds one platform at a time. "
            f"`make down` removes it; or set {DIRECTORY_VARIABLE} to another directory for a "
            "second sandbox."
        )
