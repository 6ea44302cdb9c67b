"""What a stack file may say: a shared platform, or an environment with a platform or without.

No default stands here: every value comes from a layer (see `layers`), so each has an origin.
"""

from typing import Annotated

from pydantic import Field

from infra.config.blocks import (
    Artifacts,
    Block,
    Budget,
    Ci,
    Cluster,
    Encryption,
    Iam,
    Logs,
    Members,
    Monitoring,
    NamespaceCi,
    Network,
    Owner,
    Quota,
    Registry,
    Tracking,
)
from infra.config.choices import Stage, Tenancy
from infra.config.shapes import ApiVersion, PlatformName, StackName, TagKey, TagValue, TeamName


class PlatformSettings(Block):
    """Network, cluster, database server and monitoring: what an environment stands on."""

    network: Network = Field(description="The VPC.")
    cluster: Cluster = Field(description="The Kubernetes cluster.")
    registry: Registry = Field(description="The database of runs and registered models.")
    monitoring: Monitoring = Field(description="Metrics and alarms.")
    logs: Logs = Field(description="Every log group.")


class StackSettings(Block):
    """What every stack is told."""

    api_version: ApiVersion = Field(
        description="Version of the shape of these settings; `mlops migrate` rewrites older ones."
    )
    stage: Stage = Field(description="Selects the defaults; never changed later.")
    owner: Owner = Field(description="Who answers for it and who pays for it.")
    budget: Budget = Field(description="What it may cost.")
    iam: Iam = Field(description="Rules of the account for every role made here.")
    encryption: Encryption = Field(description="The key of everything that is encrypted.")
    tags: Annotated[dict[TagKey, TagValue], Field(max_length=40)] = Field(
        description="Further tags for every AWS resource, which takes 50 with the package's own."
    )


class TeamSettings(StackSettings):
    """What is one team's own, on whatever platform."""

    team: TeamName = Field(description="Name of the team; never changed later.")
    tenancy: Tenancy = Field(description="Whom network, cluster and database serve.")
    members: Members = Field(description="The team's people.")
    quota: Quota = Field(description="What the team's pods may request together.")
    artifacts: Artifacts = Field(description="The bucket for models, runs and data files.")
    tracking: Tracking = Field(description="The MLflow server.")

    @property
    def name(self) -> str:
        """Whose stack it is."""
        return self.team


class DedicatedEnvironment(PlatformSettings, TeamSettings):
    """One team's complete MLOps environment in one stage, on a platform of its own."""

    ci: Ci = Field(description="Where the team's pipelines run.")


class SharedEnvironment(TeamSettings):
    """One team's MLOps environment in one stage, on a platform it shares with others."""

    platform: StackName = Field(description="Stack of the platform; never changed later.")
    ci: NamespaceCi = Field(description="Where the team's pipelines run.")


class Platform(PlatformSettings, StackSettings):
    """What the teams of one stage share."""

    name: PlatformName = Field(description="Name of the platform; never changed later.")
    ci: Ci = Field(description="Where the platform team's pipelines run.")


WithPlatform = DedicatedEnvironment | Platform
"""Stacks that make a platform."""
WithTeam = DedicatedEnvironment | SharedEnvironment
"""Stacks that make a team's environment."""
Settings = DedicatedEnvironment | SharedEnvironment | Platform
"""What a stack is told, after all layers."""
