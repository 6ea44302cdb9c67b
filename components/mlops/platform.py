"""What every team of a stage stands on: network, key, cluster, registry database, monitoring.

Everything here is AWS. What the cluster needs inside is in `platform_services`, because it takes a
Kubernetes provider, which can only be made from the cluster.
"""

from typing import NotRequired, TypedDict

import pulumi

from mlops.cluster.cluster import Cluster
from mlops.network.network import Network
from mlops.observability.monitoring import Monitoring
from mlops.platform_parts import database_connection, network_connection
from mlops.settings import (
    ClusterSettings,
    DatabaseConnection,
    DatabaseSettings,
    NetworkConnection,
    NetworkSettings,
    RoleSettings,
)
from mlops.storage.encryption_key import EncryptionKey
from mlops.storage.registry_database import RegistryDatabase

KEY_SERVICES = ["logs", "cloudwatch", "aps", "budgets"]
"""Services that use the platform's key on their own."""
CONTROL_PLANE_LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"]


class PlatformArgs(TypedDict):
    """One stage in one account and region."""

    title: str
    """What people call it, such as `fraud-dev`: in descriptions and as name of the metrics."""
    account_id: str
    """Account everything is made in."""
    region: str
    """Region everything is made in."""
    key_alias: str
    """Alias of the platform's key, without `alias/`."""
    kms_key_arn: NotRequired[pulumi.Input[str]]
    """Key to use as it is; its policy must admit `logs`, `cloudwatch`, `aps` and `budgets`.
    Default: one is made."""
    log_group_prefix: str
    """Start of log group names, without a slash at the end."""
    log_retention_days: int
    """Days every log line is kept."""
    alert_emails: list[str]
    """Addresses that get every alert."""
    network: NotRequired[NetworkSettings]
    """The VPC to make. This or `existing_network` is needed."""
    existing_network: NotRequired[NetworkConnection]
    """The VPC to use as it is. Default: `network` is made."""
    cluster: ClusterSettings
    """The Kubernetes cluster."""
    database: NotRequired[DatabaseSettings]
    """The PostgreSQL server to make. This or `existing_database` is needed."""
    existing_database: NotRequired[DatabaseConnection]
    """The PostgreSQL server to use as it is. Default: `database` is made."""
    role_path: str
    """IAM path of every role made here."""
    permissions_boundary_arn: NotRequired[pulumi.Input[str]]
    """Policy that bounds every role made here. Default: none."""


class Platform(pulumi.ComponentResource):
    """One network, one cluster, one database server and their monitoring, under one key."""

    vpc_id: pulumi.Output[str]
    """The VPC."""
    vpc_cidr: pulumi.Output[str]
    """Address range of the VPC."""
    database_cidrs: pulumi.Output[list[str]]
    """Address ranges in which the database is found."""
    private_cidrs: pulumi.Output[list[str]]
    """Address ranges of nodes, pods and the metrics scraper."""
    private_subnet_ids: pulumi.Output[list[str]]
    """Subnets of nodes, pods and the metrics scraper."""
    kms_key_arn: pulumi.Output[str]
    """Key of cluster, nodes, database, logs and alerts."""
    cluster_name: pulumi.Output[str]
    """Name of the cluster."""
    cluster_arn: pulumi.Output[str]
    """ARN of the cluster."""
    cluster_admin_role_arn: pulumi.Output[str]
    """The role that administers the cluster."""
    cluster_security_group_id: pulumi.Output[str]
    """Security group of control plane and nodes."""
    node_role_name: pulumi.Output[str]
    """Role of the nodes."""
    kubeconfig: pulumi.Output[str]
    """How the administrator role reaches the cluster; a secret without a token."""
    database_host: pulumi.Output[str]
    """Address of the PostgreSQL server."""
    database_port: pulumi.Output[int]
    """Port of the PostgreSQL server."""
    database_master_secret_arn: pulumi.Output[str]
    """Secret of its master user, made and rotated by RDS."""
    database_master_secret_key_arn: pulumi.Output[str]
    """Key that encrypts that secret."""
    metrics_endpoint: pulumi.Output[str]
    """Prometheus API of the metrics workspace, signed requests only."""
    alert_topic_arn: pulumi.Output[str]
    """Topic of alarms and budgets."""

    def __init__(
        self, name: str, args: PlatformArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        _check(args)
        super().__init__("mlops:index:Platform", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        place = _Place(account_id=args["account_id"], region=args["region"])
        roles = RoleSettings(role_path=args["role_path"])
        if "permissions_boundary_arn" in args:
            roles["permissions_boundary_arn"] = args["permissions_boundary_arn"]

        key_arn: pulumi.Input[str] = (
            args["kms_key_arn"]
            if "kms_key_arn" in args
            else EncryptionKey(
                f"{name}-key",
                {
                    **place,
                    "alias": args["key_alias"],
                    "description": f"Cluster, database, logs and alerts of {args['title']}",
                    "on_destroy": "retain" if _keeps_data(args) else "delete",
                    "services": KEY_SERVICES,
                },
                child,
            ).key_arn
        )
        network = (
            args["existing_network"]
            if "existing_network" in args
            else network_connection(
                Network(
                    f"{name}-network",
                    {
                        **place,
                        **roles,
                        **args["network"],
                        "kms_key_arn": key_arn,
                        "log_group_prefix": args["log_group_prefix"],
                        "flow_log_retention_days": args["log_retention_days"],
                    },
                    child,
                )
            )
        )
        cluster = Cluster(
            f"{name}-cluster",
            {
                **place,
                **roles,
                "cluster_name": args["cluster"]["name"],
                "version": args["cluster"]["version"],
                "subnet_ids": network["private_subnet_ids"],
                "public_access_cidrs": args["cluster"]["public_access_cidrs"],
                "admin_principal_arns": args["cluster"]["admin_principal_arns"],
                "kms_key_arn": key_arn,
                "log_types": CONTROL_PLANE_LOGS,
                "log_retention_days": args["log_retention_days"],
                "deletion_protection": args["cluster"]["on_destroy"] == "retain",
                "addons": args["cluster"]["addons"],
            },
            child,
        )
        database = (
            args["existing_database"]
            if "existing_database" in args
            else database_connection(
                RegistryDatabase(
                    f"{name}-database",
                    {
                        **place,
                        **roles,
                        **args["database"],
                        "vpc_id": network["vpc_id"],
                        "subnet_ids": network["database_subnet_ids"],
                        "client_security_group_id": cluster.security_group_id,
                        "kms_key_arn": key_arn,
                        "log_retention_days": args["log_retention_days"],
                    },
                    child,
                ),
                args["database"],
                network["database_cidrs"],
                key_arn,
            )
        )
        monitoring = Monitoring(
            f"{name}-monitoring",
            {
                **place,
                "alias": args["title"],
                "cluster_name": cluster.cluster_name,
                "cluster_arn": cluster.cluster_arn,
                "cluster_security_group_id": cluster.security_group_id,
                "subnet_ids": network["private_subnet_ids"],
                "kms_key_arn": key_arn,
                "log_group_prefix": args["log_group_prefix"],
                "log_retention_days": args["log_retention_days"],
                "database": database["watched"],
                "alert_emails": args["alert_emails"],
            },
            child,
        )

        self.vpc_id = pulumi.Output.from_input(network["vpc_id"])
        self.vpc_cidr = pulumi.Output.from_input(network["vpc_cidr"])
        self.database_cidrs = pulumi.Output.from_input(database["cidrs"])
        self.private_cidrs = pulumi.Output.from_input(network["private_cidrs"])
        self.private_subnet_ids = pulumi.Output.from_input(network["private_subnet_ids"])
        self.kms_key_arn = pulumi.Output.from_input(key_arn)
        self.cluster_name = cluster.cluster_name
        self.cluster_arn = cluster.cluster_arn
        self.cluster_admin_role_arn = cluster.admin_role_arn
        self.cluster_security_group_id = cluster.security_group_id
        self.node_role_name = cluster.node_role_name
        self.kubeconfig = cluster.kubeconfig
        self.database_host = pulumi.Output.from_input(database["host"])
        self.database_port = pulumi.Output.from_input(database["port"])
        self.database_master_secret_arn = pulumi.Output.from_input(database["master_secret_arn"])
        self.database_master_secret_key_arn = pulumi.Output.from_input(
            database["master_secret_key_arn"]
        )
        self.metrics_endpoint = monitoring.metrics_endpoint
        self.alert_topic_arn = monitoring.alert_topic_arn
        self.register_outputs(
            {
                "vpcId": self.vpc_id,
                "vpcCidr": self.vpc_cidr,
                "databaseCidrs": self.database_cidrs,
                "privateCidrs": self.private_cidrs,
                "privateSubnetIds": self.private_subnet_ids,
                "kmsKeyArn": self.kms_key_arn,
                "clusterName": self.cluster_name,
                "clusterArn": self.cluster_arn,
                "clusterAdminRoleArn": self.cluster_admin_role_arn,
                "clusterSecurityGroupId": self.cluster_security_group_id,
                "nodeRoleName": self.node_role_name,
                "kubeconfig": self.kubeconfig,
                "databaseHost": self.database_host,
                "databasePort": self.database_port,
                "databaseMasterSecretArn": self.database_master_secret_arn,
                "databaseMasterSecretKeyArn": self.database_master_secret_key_arn,
                "metricsEndpoint": self.metrics_endpoint,
                "alertTopicArn": self.alert_topic_arn,
            }
        )


class _Place(TypedDict):
    account_id: str
    region: str


def _keeps_data(args: PlatformArgs) -> bool:
    parts = [args["cluster"], *([args["database"]] if "database" in args else [])]
    return any(part["on_destroy"] == "retain" for part in parts)


def _check(args: PlatformArgs) -> None:
    """Refuse what is neither to be made nor there."""
    for part in ("network", "database"):
        if part not in args and f"existing_{part}" not in args:
            raise ValueError(f"there is no {part}; give `{part}`, or `existing_{part}`")
