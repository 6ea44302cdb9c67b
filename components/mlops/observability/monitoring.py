"""Metrics, alarms and alerts of one platform: cluster and database, and where alerts arrive."""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import amp

from mlops.observability.alert_topic import AlertTopic
from mlops.observability.database_alarms import DatabaseAlarms
from mlops.observability.metrics_workspace import MetricsWorkspace
from mlops.observability.scrape_configuration import scrape_configuration

TRACKING_DEPLOYMENTS = "(.+-)?(mlflow|tracking)(-.+)?"


class WatchedDatabase(TypedDict):
    """RDS instance that gets alarms."""

    instance_identifier: pulumi.Input[str]
    """Identifier of the instance."""
    instance_class: str
    """Class of the instance, such as `db.t4g.medium`."""
    storage_gib: int
    """Storage the instance starts with, in GiB."""


class MonitoringArgs(TypedDict):
    """What is watched and who hears of it."""

    alias: str
    """Name of the metrics workspace for people, such as `fraud-dev`."""
    account_id: str
    """Account whose services may publish alerts."""
    region: str
    """Region of everything watched."""
    cluster_name: pulumi.Input[str]
    """Name of the EKS cluster: a label of all its metrics."""
    cluster_arn: pulumi.Input[str]
    """ARN of the EKS cluster; its API needs private access and the VPC needs DNS."""
    cluster_security_group_id: pulumi.Input[str]
    """Security group under which the scraper reaches the API and the pods."""
    subnet_ids: pulumi.Input[list[str]]
    """Subnets in at least two zones of the cluster's VPC, for the scraper's network interfaces."""
    kms_key_arn: pulumi.Input[str]
    """Key of metrics, logs and alerts; its policy must admit `logs`, `cloudwatch`, `aps` and
    `budgets`."""
    log_group_prefix: str
    """Start of log group names, such as `/mlops/dev/fraud`, without a slash at the end."""
    log_retention_days: int
    """Days messages about failing rules are kept."""
    database: WatchedDatabase
    """Registry database that gets alarms."""
    alert_emails: NotRequired[list[str]]
    """Addresses that get every alert. Default none: the topic alone."""
    tracking_deployments: NotRequired[str]
    """Regular expression of the names that tracking servers' deployments have in all namespaces.
    Default: whatever has `mlflow` or `tracking` as a part of its name, between dashes."""
    scrape: NotRequired[bool]
    """Whether AWS collects the cluster's metrics without an agent. Default true; false where an
    agent writes to the workspace instead."""


class Monitoring(pulumi.ComponentResource):
    """Metrics workspace with rules, agentless scraper, alert topic and database alarms."""

    metrics_endpoint: pulumi.Output[str]
    """URL of the workspace's Prometheus API, signed requests only."""
    workspace_id: pulumi.Output[str]
    """Id of the metrics workspace."""
    workspace_arn: pulumi.Output[str]
    """ARN of the metrics workspace, for who writes or queries metrics."""
    alert_topic_arn: pulumi.Output[str]
    """Topic for alarms, metric alerts and budgets."""

    def __init__(
        self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:Monitoring", name, {**args}, opts)
        own = pulumi.ResourceOptions(parent=self)
        topic = AlertTopic(
            f"{name}-alerts",
            {
                "account_id": args["account_id"],
                "region": args["region"],
                "kms_key_arn": args["kms_key_arn"],
                "emails": args.get("alert_emails", []),
            },
            own,
        )
        metrics = MetricsWorkspace(
            f"{name}-metrics",
            {
                "alias": args["alias"],
                "region": args["region"],
                "kms_key_arn": args["kms_key_arn"],
                "log_group_prefix": args["log_group_prefix"],
                "log_retention_days": args["log_retention_days"],
                "topic_arn": topic.topic_arn,
                "tracking_deployments": args.get("tracking_deployments", TRACKING_DEPLOYMENTS),
            },
            own,
        )
        if args.get("scrape", True):
            self._scraper(name, args, metrics)
        DatabaseAlarms(f"{name}-database", {**args["database"], "topic_arn": topic.topic_arn}, own)

        self.metrics_endpoint = metrics.endpoint
        self.workspace_id = metrics.workspace_id
        self.workspace_arn = metrics.workspace_arn
        self.alert_topic_arn = topic.topic_arn
        self.register_outputs(
            {
                "metricsEndpoint": self.metrics_endpoint,
                "workspaceId": self.workspace_id,
                "workspaceArn": self.workspace_arn,
                "alertTopicArn": self.alert_topic_arn,
            }
        )

    def _scraper(self, name: str, args: MonitoringArgs, metrics: MetricsWorkspace) -> None:
        amp.Scraper(
            f"{name}-scraper",
            alias=args["alias"],
            source={
                "eks": {
                    "cluster_arn": args["cluster_arn"],
                    "subnet_ids": args["subnet_ids"],
                    "security_group_ids": [args["cluster_security_group_id"]],
                }
            },
            destination={"amp": {"workspace_arn": metrics.workspace_arn}},
            scrape_configuration=pulumi.Output.from_input(args["cluster_name"]).apply(
                scrape_configuration
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
