"""From configuration to component arguments: the only file that knows both vocabularies.

Pure: what it cannot know from the configuration comes as an argument.
"""

import pulumi

from infra import versions
from infra.config.model import DedicatedEnvironment, Settings, WithPlatform, WithTeam
from infra.naming import Names
from infra.providers import Site
from mlops.access.ci_names import deploy_role_arn
from mlops.access.ci_policies import DeployScope
from mlops.cluster.node_pools import NodePoolsArgs
from mlops.environment import EnvironmentArgs
from mlops.platform import Platform, PlatformArgs
from mlops.platform_services import PlatformServices, PlatformServicesArgs
from mlops.platform_team import PlatformTeamArgs
from mlops.settings import (
    CiSettings,
    DatabaseConnection,
    NetworkConnection,
    PlatformConnection,
)


def tags(settings: Settings) -> dict[str, str]:
    """Tags of every AWS resource: whose it is, who pays, who may touch it."""
    return {
        **settings.tags,
        "team": settings.name,
        "stage": settings.stage.value,
        # Team and stage in one, because a budget cannot ask for two tags at once.
        "environment": _names(settings).environment,
        "owner": settings.owner.email,
        "cost-center": settings.owner.cost_center,
        "managed-by": "pulumi",
    }


def labels(settings: Settings) -> dict[str, str]:
    """Labels of every namespace: the same facts, as far as Kubernetes allows them."""
    return {
        "team": settings.name,
        "stage": settings.stage.value,
        "cost-center": settings.owner.cost_center,
    }


def platform(
    settings: WithPlatform,
    site: Site,
    network: NetworkConnection | None = None,
    database: DatabaseConnection | None = None,
) -> PlatformArgs:
    """Return what the platform is told; `network` and `database` are those that are there."""
    names = _names(settings)
    args: PlatformArgs = {
        "title": names.environment,
        "account_id": site.account_id,
        "region": site.region,
        "key_alias": names.platform_key_alias,
        "log_group_prefix": names.log_group_prefix,
        "log_retention_days": settings.logs.retention_days.value,
        "alert_emails": [
            settings.owner.email,
            *(
                email
                for email in settings.monitoring.alerts.emails
                if email != settings.owner.email
            ),
        ],
        "cluster": {
            "name": names.cluster,
            "version": settings.cluster.version,
            "public_access_cidrs": list(settings.cluster.public_access_cidrs),
            "admin_principal_arns": _administrators(settings, site),
            "addons": versions.CLUSTER_ADDONS,
            "on_destroy": settings.cluster.on_destroy.value,
        },
        "role_path": _role_path(settings),
    }
    if settings.iam.permissions_boundary_arn:
        args["permissions_boundary_arn"] = settings.iam.permissions_boundary_arn
    if settings.encryption.key_arn:
        args["kms_key_arn"] = settings.encryption.key_arn
    if network:
        args["existing_network"] = network
    else:
        args["network"] = {
            "cidr": settings.network.cidr,
            "availability_zones": site.first_zones(settings.network.availability_zones),
            "nat": settings.network.nat.value,
        }
    if database:
        args["existing_database"] = database
    else:
        args["database"] = {
            "identifier": names.database_server,
            "engine_version": settings.registry.engine_version,
            "major_upgrade": settings.registry.major_upgrade.value,
            "instance_class": settings.registry.instance_class,
            "storage_gib": settings.registry.storage_gib,
            "max_storage_gib": settings.registry.max_storage_gib,
            "multi_az": settings.registry.multi_az,
            "backup_retention_days": settings.registry.backup_retention_days,
            "on_destroy": settings.registry.on_destroy.value,
        }
    return args


def platform_services(settings: WithPlatform, platform: Platform) -> PlatformServicesArgs:
    """Return what the inside of the cluster is told."""
    every_tag = tags(settings)
    return {
        "database_cidrs": platform.database_cidrs,
        "labels": labels(settings),
        "node_pools": _node_pools(settings, platform),
        # These never change; the budget counts by them.
        "volume_tags": {tag: every_tag[tag] for tag in ("team", "stage", "environment")},
    }


def connection(platform: Platform, services: PlatformServices) -> PlatformConnection:
    """Return what an environment is told of the platform that the same stack makes."""
    return {
        "cluster_name": platform.cluster_name,
        "cluster_arn": platform.cluster_arn,
        "cluster_admin_role_arn": platform.cluster_admin_role_arn,
        "system_namespace": services.system_namespace,
        "database_cidrs": platform.database_cidrs,
        "scraper_cidrs": platform.private_cidrs,
        "database_host": platform.database_host,
        "database_port": platform.database_port,
        "database_master_secret_arn": platform.database_master_secret_arn,
        "database_master_secret_key_arn": platform.database_master_secret_key_arn,
        "kms_key_arn": platform.kms_key_arn,
        "alert_topic_arn": platform.alert_topic_arn,
        "vpc_id": platform.vpc_id,
        "metrics_endpoint": platform.metrics_endpoint,
    }


def platform_team(
    settings: WithPlatform, site: Site, connection: PlatformConnection
) -> PlatformTeamArgs:
    """Return what is told of the team that runs a shared platform."""
    args: PlatformTeamArgs = {
        "name": settings.name,
        "stage": settings.stage.value,
        "account_id": site.account_id,
        "region": site.region,
        "platform": connection,
        "ci": _ci(settings),
        "monthly_usd": settings.budget.monthly_usd,
        "budget_emails": [settings.owner.email],
        "role_path": _role_path(settings),
    }
    if settings.iam.permissions_boundary_arn:
        args["permissions_boundary_arn"] = settings.iam.permissions_boundary_arn
    return args


def environment(settings: WithTeam, site: Site, connection: PlatformConnection) -> EnvironmentArgs:
    """Return what the team's environment is told."""
    names = _names(settings)
    args: EnvironmentArgs = {
        "team": settings.team,
        "stage": settings.stage.value,
        "account_id": site.account_id,
        "region": site.region,
        "platform": connection,
        "deploys": DeployScope.STACK
        if isinstance(settings, DedicatedEnvironment)
        else DeployScope.NAMESPACE,
        "namespace": names.namespace,
        "labels": labels(settings),
        "developer_group": names.developer_group,
        "viewer_group": names.viewer_group,
        "database": names.database,
        "key_alias": names.environment_key_alias,
        "artifacts": {
            "on_destroy": settings.artifacts.on_destroy.value,
            "noncurrent_days": settings.artifacts.noncurrent_days,
            "object_lock_days": settings.artifacts.object_lock_days,
        },
        "quota": {
            "cpu": settings.quota.cpu,
            "memory_gib": settings.quota.memory_gib,
            "pods": settings.quota.pods,
            "gpu": settings.quota.gpu,
            "storage_gib": settings.quota.storage_gib,
        },
        "tracking": {
            "image": versions.MLFLOW_IMAGE,
            "replicas": settings.tracking.replicas,
        },
        "ci": _team_ci(settings, connection),
        "members": {
            "developer_role_arns": list(settings.members.developer_role_arns),
            "viewer_role_arns": list(settings.members.viewer_role_arns),
        },
        "monthly_usd": settings.budget.monthly_usd,
        "budget_emails": [settings.owner.email],
        "role_path": _role_path(settings),
    }
    if settings.iam.permissions_boundary_arn:
        args["permissions_boundary_arn"] = settings.iam.permissions_boundary_arn
    if settings.encryption.key_arn:
        args["kms_key_arn"] = settings.encryption.key_arn
    return args


def _names(settings: Settings) -> Names:
    return Names(settings.name, settings.stage.value)


def _role_path(settings: Settings) -> str:
    return _names(settings).role_path(below=settings.iam.role_path)


def _administrators(settings: WithPlatform, site: Site) -> list[str]:
    """Return who may administer the cluster; with people named, CI must be named as well."""
    people = settings.cluster.admin_principal_arns
    if not people:
        return []
    strangers = [arn for arn in people if arn.split(":")[4] != site.account_id]
    if strangers:
        raise pulumi.RunError(
            f"cluster.admin_principal_arns names {', '.join(strangers)}, but the credentials in "
            f"use belong to account {site.account_id}; name roles and users of that account"
        )
    team, stage = settings.name, settings.stage.value
    return [*people, deploy_role_arn(site.account_id, _role_path(settings), team, stage)]


def _node_pools(settings: WithPlatform, platform: Platform) -> NodePoolsArgs:
    pools = settings.cluster.pools
    return {
        "node_role_name": platform.node_role_name,
        "subnet_ids": platform.private_subnet_ids,
        "security_group_id": platform.cluster_security_group_id,
        "kms_key_arn": platform.kms_key_arn,
        "tags": tags(settings),
        "consolidation": settings.cluster.consolidation.value,
        "general": {
            "cpu_limit": pools.general.cpu_limit,
            "architectures": [kind.value for kind in pools.general.architectures],
        },
        "spot": {
            "cpu_limit": pools.spot.cpu_limit,
            "architectures": [kind.value for kind in pools.spot.architectures],
        },
        "gpu": {
            "gpu_limit": pools.gpu.gpu_limit,
            "instance_families": list(pools.gpu.instance_families),
        },
    }


def _team_ci(settings: WithTeam, connection: PlatformConnection) -> CiSettings:
    if isinstance(settings, DedicatedEnvironment):
        return _ci(settings)
    return {
        "github_repository": settings.ci.github.repository,
        "github_repository_id": settings.ci.github.repository_id,
        "oidc_provider_arn": connection["github_identity_provider_arn"],
    }


def _ci(settings: WithPlatform) -> CiSettings:
    ci = settings.ci
    told: CiSettings = {
        "github_repository": ci.github.repository,
        "github_repository_id": ci.github.repository_id,
    }
    if ci.oidc_provider_arn:
        told["oidc_provider_arn"] = ci.oidc_provider_arn
    if settings.encryption.key_arn:
        told["owns_key"] = False
    if ci.state:
        told["state_store"] = {
            "bucket_arn": ci.state.bucket_arn,
            "key_arn": ci.state.key_arn,
        }
    return told
