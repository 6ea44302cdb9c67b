"""One stack file becomes one environment."""

import pulumi

from infra import assemble, outputs
from infra.config import program
from infra.providers import Providers, Sandbox
from mlops.environment import Environment
from mlops.platform import Platform
from mlops.platform_services import PlatformServices

config = program.read()
providers = Providers(config.region, assemble.tags(config), Sandbox.from_environment())
site = providers.site()
on_aws = pulumi.ResourceOptions(provider=providers.aws)

platform = Platform("platform", assemble.platform(config, site), on_aws)

cluster = providers.kubernetes(providers.kubeconfig(platform.kubeconfig), platform.cluster_arn)
services = PlatformServices(
    "platform-services",
    assemble.platform_services(config, platform),
    pulumi.ResourceOptions(provider=cluster),
)
environment = Environment(
    "environment",
    assemble.environment(config, site, platform, services),
    pulumi.ResourceOptions(providers=[providers.aws, cluster]),
)

outputs.export(config, providers, platform, environment)
