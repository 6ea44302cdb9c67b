"""What a team's environment stands on: a platform made here, or one that another stack has made."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from infra import assemble
from infra.config.model import WithPlatform
from infra.existing.ground import existing
from infra.providers import Providers, Site
from mlops.platform import Platform
from mlops.platform_services import PlatformServices
from mlops.settings import PlatformConnection

CONNECTION_OUTPUT = "platformConnection"
"""Output of a platform's stack that holds everything in `PlatformConnection`."""
KUBECONFIG_OUTPUT = "kubeconfig"


@dataclass(frozen=True)
class Ground:
    """A platform and the way into its cluster."""

    connection: PlatformConnection
    """What an environment is told of it."""
    kubeconfig: pulumi.Output[str]
    """How the administrator role reaches the cluster; a secret."""
    cluster: kubernetes.Provider
    """Provider of the cluster."""


def made(settings: WithPlatform, site: Site, providers: Providers) -> Ground:
    """Make a platform in this stack, on what its file says is there."""
    network, database = existing(settings, providers)
    platform = Platform(
        "platform",
        assemble.platform(settings, site, network, database),
        pulumi.ResourceOptions(provider=providers.aws),
    )
    kubeconfig = providers.kubeconfig(platform.kubeconfig)
    cluster = providers.kubernetes(kubeconfig, platform.cluster_arn)
    services = PlatformServices(
        "platform-services",
        assemble.platform_services(settings, platform),
        pulumi.ResourceOptions(provider=cluster),
    )
    return Ground(assemble.connection(platform, services), kubeconfig, cluster)


def shared(stack: str, providers: Providers) -> Ground:
    """Take the platform that another stack exports; `stack` may carry organization and project."""
    platform = pulumi.StackReference(_full_name(stack))
    told = platform.get_output(CONNECTION_OUTPUT).apply(lambda value: _required(stack, value))
    connection: PlatformConnection = {  # type: ignore[assignment]  # the keys are those of the type
        key: told[key] for key in PlatformConnection.__annotations__
    }
    # A number that went through a state comes back as a float.
    connection["database_port"] = told["database_port"].apply(int)
    kubeconfig = providers.kubeconfig(platform.require_output(KUBECONFIG_OUTPUT))
    cluster = providers.kubernetes(kubeconfig, told["cluster_arn"])
    return Ground(connection, kubeconfig, cluster)


def _full_name(stack: str) -> str:
    if "/" in stack:
        return stack
    return f"{pulumi.get_organization()}/{pulumi.get_project()}/{stack}"


def _required(stack: str, told: object) -> object:
    if told is None:
        raise pulumi.RunError(
            f"the stack {stack} exports no {CONNECTION_OUTPUT}, so there is no platform to stand "
            f"on; bring it up first: pulumi up --stack {stack}"
        )
    return told
