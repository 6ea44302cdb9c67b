"""One team's environment in one stage: read this file and you have read the architecture."""

from typing import NotRequired, TypedDict

import pulumi

from mlops.access.ci_names import preview_group
from mlops.access.ci_policies import DeployScope
from mlops.access.ci_roles import CiRoles
from mlops.access.preview_access import PreviewAccess
from mlops.access.team_members import TeamMembers
from mlops.observability.budget import Budget
from mlops.settings import (
    ArtifactSettings,
    CiSettings,
    MemberSettings,
    PlatformConnection,
    RoleSettings,
    TrackingSettings,
)
from mlops.storage.artifact_store import ArtifactStore
from mlops.storage.encryption_key import EncryptionKey
from mlops.tenancy.database_tenant import DatabaseTenant
from mlops.tenancy.isolated_namespace import NamespaceQuota
from mlops.tenancy.team_space import TeamSpace
from mlops.tracking.tracking_server import TrackingServer


class EnvironmentArgs(TypedDict):
    """One team in one stage."""

    team: str
    """Team."""
    stage: str
    """`dev`, `stage` or `prod`."""
    account_id: str
    """Account everything is made in."""
    region: str
    """Region everything is made in."""
    platform: PlatformConnection
    """What the environment stands on."""
    deploys: DeployScope
    """What the team's deploy role changes: the whole stack, or only what is in the namespace."""
    namespace: str
    """The team's namespace in the cluster."""
    labels: dict[str, str]
    """Labels of the namespace, such as team, stage and cost center."""
    developer_group: str
    """Kubernetes group of developers."""
    viewer_group: str
    """Kubernetes group of viewers."""
    database: str
    """The team's database on the PostgreSQL server, and the role that owns it."""
    key_alias: str
    """Alias of the team's key, without `alias/`."""
    kms_key_arn: NotRequired[pulumi.Input[str]]
    """Key to use as it is. Default: one is made."""
    artifacts: ArtifactSettings
    """The bucket."""
    quota: NamespaceQuota
    """Ceiling of the namespace."""
    tracking: TrackingSettings
    """The MLflow server."""
    ci: CiSettings
    """The team's repository."""
    members: MemberSettings
    """The team's people."""
    monthly_usd: int
    """Budget in US dollars for a calendar month."""
    budget_emails: list[str]
    """Addresses the budget warns."""
    role_path: str
    """IAM path of every role made here."""
    permissions_boundary_arn: NotRequired[pulumi.Input[str]]
    """Policy that bounds every role made here. Default: none."""


class Environment(pulumi.ComponentResource):
    """Key, bucket, namespace, database, tracking server, CI roles and budget of one team."""

    artifact_bucket_name: pulumi.Output[str]
    """Bucket for models, runs and data files."""
    namespace: pulumi.Output[str]
    """The team's namespace."""
    tracking_uri: pulumi.Output[str]
    """Where clients in the cluster find MLflow."""
    tracking_service_name: pulumi.Output[str]
    """Service of MLflow, for a port forward."""
    preview_role_arn: pulumi.Output[str]
    """Role for pull requests."""
    deploy_role_arn: pulumi.Output[str]
    """Role for deployments."""

    def __init__(
        self, name: str, args: EnvironmentArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:Environment", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args["platform"]
        cluster = _ClusterIdentity(
            cluster_name=platform["cluster_name"],
            cluster_arn=platform["cluster_arn"],
            account_id=args["account_id"],
        )
        roles = RoleSettings(role_path=args["role_path"])
        if "permissions_boundary_arn" in args:
            roles["permissions_boundary_arn"] = args["permissions_boundary_arn"]

        key_arn = args["kms_key_arn"] if "kms_key_arn" in args else self._key(name, args).key_arn
        artifacts = ArtifactStore(
            f"{name}-artifacts", {**args["artifacts"], "kms_key_arn": key_arn}, child
        )
        space = TeamSpace(
            f"{name}-team",
            {
                "namespace": args["namespace"],
                "labels": args["labels"],
                "quota": args["quota"],
                "database_cidrs": platform["database_cidrs"],
                "developer_group": args["developer_group"],
                "viewer_group": args["viewer_group"],
            },
            child,
        )
        TeamMembers(
            f"{name}-members",
            {
                **args["members"],
                "cluster_name": platform["cluster_name"],
                "developer_group": args["developer_group"],
                "viewer_group": args["viewer_group"],
            },
            child,
        )
        tenant = DatabaseTenant(
            f"{name}-database",
            {
                **cluster,
                **roles,
                "database": args["database"],
                "namespace": space.namespace,
                "system_namespace": platform["system_namespace"],
                "image": args["tracking"]["image"],
                "host": platform["database_host"],
                "port": platform["database_port"],
                "master_secret_arn": platform["database_master_secret_arn"],
                "kms_key_arn": platform["database_master_secret_key_arn"],
            },
            child,
        )
        tracking = TrackingServer(
            f"{name}-tracking",
            {
                **cluster,
                **roles,
                **args["tracking"],
                "namespace": space.namespace,
                "database_secret_name": tenant.secret_name,
                "database_ready": tenant.ready,
                "artifact_bucket_name": artifacts.bucket_name,
                "artifact_bucket_arn": artifacts.bucket_arn,
                "kms_key_arn": key_arn,
                "metrics_cidrs": platform["scraper_cidrs"],
            },
            child,
        )
        ci = CiRoles(
            f"{name}-ci",
            {
                **args["ci"],
                **roles,
                "team": args["team"],
                "stage": args["stage"],
                "account_id": args["account_id"],
                "region": args["region"],
                "bucket_arn": artifacts.bucket_arn,
                "kms_key_arn": key_arn,
                "cluster_name": platform["cluster_name"],
                "cluster_admin_role_arn": platform["cluster_admin_role_arn"],
                "deploys": args["deploys"],
                "deploy_group": args["developer_group"],
            },
            child,
        )
        makes_platform = args["deploys"] is DeployScope.STACK
        PreviewAccess(
            f"{name}-preview",
            {
                "group": preview_group(args["team"], args["stage"]),
                "namespaces": {} if makes_platform else {"team": space.namespace},
            },
            child,
        )
        Budget(
            f"{name}-budget",
            {
                "team": args["team"],
                "stage": args["stage"],
                "monthly_usd": args["monthly_usd"],
                "emails": args["budget_emails"],
                "topic_arn": platform["alert_topic_arn"],
                # The team's tag alone would count its other stages in the same account.
                "cost_tag_key": "environment",
                "cost_tag_value": f"{args['team']}-{args['stage']}",
            },
            child,
        )

        self.artifact_bucket_name = artifacts.bucket_name
        self.namespace = space.namespace
        self.tracking_uri = tracking.tracking_uri
        self.tracking_service_name = tracking.service_name
        self.preview_role_arn = ci.preview_role_arn
        self.deploy_role_arn = ci.deploy_role_arn
        self.register_outputs(
            {
                "artifactBucketName": self.artifact_bucket_name,
                "namespace": self.namespace,
                "trackingUri": self.tracking_uri,
                "trackingServiceName": self.tracking_service_name,
                "previewRoleArn": self.preview_role_arn,
                "deployRoleArn": self.deploy_role_arn,
            }
        )

    def _key(self, name: str, args: EnvironmentArgs) -> EncryptionKey:
        return EncryptionKey(
            f"{name}-key",
            {
                "alias": args["key_alias"],
                "description": f"Models, runs and data of {args['team']} in {args['stage']}",
                "account_id": args["account_id"],
                "region": args["region"],
                "on_destroy": args["artifacts"]["on_destroy"],
            },
            pulumi.ResourceOptions(parent=self),
        )


class _ClusterIdentity(TypedDict):
    cluster_name: pulumi.Input[str]
    cluster_arn: pulumi.Input[str]
    account_id: str
