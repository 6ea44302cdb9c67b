"""One stack file becomes a platform, an environment on a platform, or both at once."""

import pulumi

from infra import assemble, ground, outputs
from infra.config import program
from infra.config.model import Platform, SharedEnvironment
from infra.existing.key import check_key
from infra.providers import Providers, Sandbox
from mlops.environment import Environment
from mlops.platform_team import PlatformTeam

config = program.read()
settings = config.settings
providers = Providers(config.region, assemble.tags(settings), Sandbox.from_environment())
site = providers.site()
check_key(settings, site, providers)

platform = (
    ground.shared(settings.platform, providers)
    if isinstance(settings, SharedEnvironment)
    else ground.made(settings, site, providers)
)
on_platform = pulumi.ResourceOptions(providers=[providers.aws, platform.cluster])

if isinstance(settings, Platform):
    team = PlatformTeam(
        "platform-team", assemble.platform_team(settings, site, platform.connection), on_platform
    )
    outputs.export_platform(settings, providers, platform, team)
else:
    environment = Environment(
        "environment", assemble.environment(settings, site, platform.connection), on_platform
    )
    outputs.export_environment(settings, providers, platform, environment)

outputs.export_immutable(config)
