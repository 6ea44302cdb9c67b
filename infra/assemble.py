"""From configuration to component arguments: the only file that knows both vocabularies.

Pure: what it cannot know from the configuration comes as an argument.
"""

import pulumi

from infra import versions
from infra.config.choices import Tenancy
from infra.config.load import StackConfig
from infra.naming import Names
from infra.providers import Site
from mlops.access.ci_names import deploy_role_arn
from mlops.environment import EnvironmentArgs
from mlops.platform import Platform, PlatformArgs
from mlops.platform_services import PlatformServices, PlatformServicesArgs
from mlops.settings import CiSettings, PlatformConnection


def tags(config: StackConfig) -> dict[str, str]:
    """Tags of every AWS resource: whose it is, who pays, who may touch it."""
    environment = config.environment
    return {
        **environment.tags,
        "team": environment.team,
        "stage": environment.stage.value,
        # Team and stage in one, because a budget cannot ask for two tags at once.
        "environment": _names(config).environment,
        "owner": environment.owner.email,
        "cost-center": environment.owner.cost_center,
        "managed-by": "pulumi",
    }


def labels(config: StackConfig) -> dict[str, str]:
    """Labels of every namespace: the same facts, as far as Kubernetes allows them."""
    environment = config.environment
    return {
        "team": environment.team,
        "stage": environment.stage.value,
        "cost-center": environment.owner.cost_center,
    }


def platform(config: StackConfig, site: Site) -> PlatformArgs:
    """Return what the platform is told."""
    environment, names = config.environment, _names(config)
    args: PlatformArgs = {
        "title": names.environment,
        "account_id": site.account_id,
        "region": site.region,
        "key_alias": names.platform_key_alias,
        "log_group_prefix": names.log_group_prefix,
        "log_retention_days": environment.logs.retention_days.value,
        "alert_emails": [
            environment.owner.email,
            *(
                email
                for email in environment.monitoring.alerts.emails
                if email != environment.owner.email
            ),
        ],
        "network": {
            "cidr": environment.network.cidr,
            "availability_zones": site.first_zones(environment.network.availability_zones),
            "nat": environment.network.nat.value,
        },
        "cluster": {
            "name": names.cluster,
            "version": environment.cluster.version,
            "public_access_cidrs": list(environment.cluster.public_access_cidrs),
            "admin_principal_arns": _administrators(config, site),
            "addons": versions.CLUSTER_ADDONS,
            "on_destroy": environment.cluster.on_destroy.value,
        },
        "database": {
            "identifier": names.database_server,
            "engine_version": environment.registry.engine_version,
            "instance_class": environment.registry.instance_class,
            "storage_gib": environment.registry.storage_gib,
            "max_storage_gib": environment.registry.max_storage_gib,
            "multi_az": environment.registry.multi_az,
            "backup_retention_days": environment.registry.backup_retention_days,
            "on_destroy": environment.registry.on_destroy.value,
        },
        "role_path": names.role_path,
    }
    if environment.iam.permissions_boundary_arn:
        args["permissions_boundary_arn"] = environment.iam.permissions_boundary_arn
    return args


def platform_services(config: StackConfig, platform: Platform) -> PlatformServicesArgs:
    """Return what the inside of the cluster is told."""
    return {"database_cidrs": platform.database_cidrs, "labels": labels(config)}


def environment(
    config: StackConfig, site: Site, platform: Platform, services: PlatformServices
) -> EnvironmentArgs:
    """Return what the team's environment is told."""
    environment, names = config.environment, _names(config)
    args: EnvironmentArgs = {
        "team": environment.team,
        "stage": environment.stage.value,
        "account_id": site.account_id,
        "region": site.region,
        "platform": _connection(platform, services),
        "manages_platform": environment.tenancy is Tenancy.DEDICATED,
        "namespace": names.namespace,
        "labels": labels(config),
        "developer_group": names.developer_group,
        "viewer_group": names.viewer_group,
        "database": names.database,
        "key_alias": names.environment_key_alias,
        "artifacts": {
            "on_destroy": environment.artifacts.on_destroy.value,
            "noncurrent_days": environment.artifacts.noncurrent_days,
            "object_lock_days": environment.artifacts.object_lock_days,
        },
        "quota": {
            "cpu": environment.quota.cpu,
            "memory_gib": environment.quota.memory_gib,
            "pods": environment.quota.pods,
            "gpu": environment.quota.gpu,
            "storage_gib": environment.quota.storage_gib,
        },
        "tracking": {
            "image": versions.MLFLOW_IMAGE,
            "replicas": environment.tracking.replicas,
        },
        "ci": _ci(config),
        "members": {
            "developer_role_arns": list(environment.members.developer_role_arns),
            "viewer_role_arns": list(environment.members.viewer_role_arns),
        },
        "monthly_usd": environment.budget.monthly_usd,
        "budget_emails": [environment.owner.email],
        "role_path": names.role_path,
    }
    if environment.iam.permissions_boundary_arn:
        args["permissions_boundary_arn"] = environment.iam.permissions_boundary_arn
    return args


def _names(config: StackConfig) -> Names:
    return Names(config.environment.team, config.environment.stage.value)


def _administrators(config: StackConfig, site: Site) -> list[str]:
    """Return who may administer the cluster; with people named, CI must be named as well."""
    people = config.environment.cluster.admin_principal_arns
    if not people:
        return []
    strangers = [arn for arn in people if arn.split(":")[4] != site.account_id]
    if strangers:
        raise pulumi.RunError(
            f"cluster.admin_principal_arns names {', '.join(strangers)}, but the credentials in "
            f"use belong to account {site.account_id}; name roles and users of that account"
        )
    names = _names(config)
    return [*people, deploy_role_arn(site.account_id, names.role_path, names.team, names.stage)]


def _ci(config: StackConfig) -> CiSettings:
    ci = config.environment.ci
    settings: CiSettings = {
        "github_repository": ci.github.repository,
        "github_repository_id": ci.github.repository_id,
    }
    if ci.oidc_provider_arn:
        settings["oidc_provider_arn"] = ci.oidc_provider_arn
    if ci.state:
        settings["state_store"] = {
            "bucket_arn": ci.state.bucket_arn,
            "key_arn": ci.state.key_arn,
        }
    return settings


def _connection(platform: Platform, services: PlatformServices) -> PlatformConnection:
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
        "kms_key_arn": platform.kms_key_arn,
        "alert_topic_arn": platform.alert_topic_arn,
    }
