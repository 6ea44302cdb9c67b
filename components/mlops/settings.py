"""What a platform and an environment are told, part by part."""

from typing import NotRequired, TypedDict

import pulumi

from mlops.access.ci_roles import StateStoreArgs
from mlops.observability.monitoring import WatchedDatabase


class NetworkSettings(TypedDict):
    """The VPC."""

    cidr: str
    """Private IPv4 range of the VPC, /16 to /21."""
    availability_zones: list[str]
    """Two or three zone names; only append."""
    nat: str
    """`one`, `per_zone` or `none`."""


class NetworkConnection(TypedDict):
    """The network a platform stands in, made with it or before."""

    vpc_id: pulumi.Input[str]
    """The VPC."""
    vpc_cidr: pulumi.Input[str]
    """Address range of the VPC."""
    private_subnet_ids: pulumi.Input[list[str]]
    """Subnets of nodes, pods and the metrics scraper, in two zones at least."""
    private_cidrs: pulumi.Input[list[str]]
    """Address ranges of these subnets."""
    database_subnet_ids: pulumi.Input[list[str]]
    """Subnets of the database, in two zones at least."""
    database_cidrs: pulumi.Input[list[str]]
    """Address ranges of these subnets."""


class ClusterSettings(TypedDict):
    """The Kubernetes cluster."""

    name: str
    """Physical name."""
    version: str
    """Minor version of Kubernetes."""
    public_access_cidrs: list[str]
    """Networks that reach the API server over the internet; empty: none."""
    admin_principal_arns: list[str]
    """Who may administer the cluster; empty: whoever IAM lets take the administrator role."""
    addons: dict[str, str]
    """Add-ons from the EKS catalogue: name to exact version."""
    on_destroy: str
    """`delete`, or `retain`: AWS then refuses to delete the cluster."""


class DatabaseSettings(TypedDict):
    """The PostgreSQL server."""

    identifier: str
    """Physical name."""
    engine_version: str
    """PostgreSQL version."""
    major_upgrade: NotRequired[str]
    """`refuse` or `now`: whether another major version is given on purpose. Default `refuse`."""
    instance_class: str
    """Instance class."""
    storage_gib: int
    """Storage at the start."""
    max_storage_gib: int
    """Size to which storage may grow by itself."""
    multi_az: bool
    """Whether a standby waits in another zone."""
    backup_retention_days: int
    """Days back to which the database can be restored."""
    on_destroy: str
    """`delete` or `retain`."""


class DatabaseConnection(TypedDict):
    """The PostgreSQL server of a platform, made with it or before."""

    host: pulumi.Input[str]
    """Address of the server."""
    port: pulumi.Input[int]
    """Port of the server."""
    cidrs: pulumi.Input[list[str]]
    """Address ranges in which it is found."""
    master_secret_arn: pulumi.Input[str]
    """Secret of its master user: JSON with `username` and `password`."""
    master_secret_key_arn: pulumi.Input[str]
    """Key that encrypts that secret."""
    watched: WatchedDatabase
    """What its alarms are made from."""


class PlatformConnection(TypedDict):
    """The platform the environment stands on: its outputs, from this stack or another one."""

    cluster_name: pulumi.Input[str]
    """Cluster the team works in."""
    cluster_arn: pulumi.Input[str]
    """ARN of that cluster."""
    cluster_admin_role_arn: pulumi.Input[str]
    """Role that deploying takes to reach the cluster."""
    system_namespace: pulumi.Input[str]
    """Namespace of the platform's own jobs."""
    database_cidrs: pulumi.Input[list[str]]
    """Address ranges in which the database is found."""
    scraper_cidrs: pulumi.Input[list[str]]
    """Address ranges metrics are collected from."""
    database_host: pulumi.Input[str]
    """Address of the PostgreSQL server."""
    database_port: pulumi.Input[int]
    """Port of the PostgreSQL server."""
    database_master_secret_arn: pulumi.Input[str]
    """Secret of its master user."""
    database_master_secret_key_arn: pulumi.Input[str]
    """Key that encrypts that secret."""
    kms_key_arn: pulumi.Input[str]
    """Key of the platform."""
    alert_topic_arn: pulumi.Input[str]
    """Topic that hears of the budget."""
    vpc_id: pulumi.Input[str]
    """The network."""
    metrics_endpoint: pulumi.Input[str]
    """Prometheus API of the metrics workspace."""
    github_identity_provider_arn: NotRequired[pulumi.Input[str]]
    """The account's identity provider for GitHub. Default: the environment makes it or is told."""


class ArtifactSettings(TypedDict):
    """The bucket for models, runs and data files."""

    on_destroy: str
    """`delete` or `retain`."""
    noncurrent_days: int
    """Days an overwritten or deleted object version is kept."""
    object_lock_days: int
    """Days in which no version can be removed; 0: no lock."""


class TrackingSettings(TypedDict):
    """The MLflow server."""

    image: str
    """Image of the server."""
    replicas: int
    """Number of pods."""


class CiSettings(TypedDict):
    """The team's repository."""

    github_repository: str
    """`owner/name`."""
    github_repository_id: str
    """The repository's number."""
    oidc_provider_arn: NotRequired[pulumi.Input[str]]
    """The account's identity provider for GitHub. Default: it is made here."""
    owns_key: NotRequired[bool]
    """Whether the stack made its key, so that the deploy role may tag it. Default true."""
    state_store: NotRequired[StateStoreArgs]
    """State bucket, of which the roles get the stack's part. Default: no access."""


class MemberSettings(TypedDict):
    """IAM roles of the team's people."""

    developer_role_arns: list[str]
    """Enter the namespace as developers."""
    viewer_role_arns: list[str]
    """Enter the namespace as viewers."""


class RoleSettings(TypedDict):
    """Where the IAM roles of an environment lie and what bounds them."""

    role_path: str
    """IAM path of every role."""
    permissions_boundary_arn: NotRequired[pulumi.Input[str]]
    """Policy that bounds every role. Default: none."""
