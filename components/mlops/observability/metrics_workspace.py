"""Managed Prometheus workspace with its alert rules and their way to people."""

from typing import TypedDict

import pulumi
from pulumi_aws import amp, cloudwatch

from mlops.observability.alert_rules import (
    RULES_NAME,
    alert_routing,
    platform_rules,
    rule_groups,
)

# Log deliveries of AWS may write to groups under this name without a resource policy for each.
VENDED_LOGS = "/aws/vendedlogs"


class MetricsWorkspaceArgs(TypedDict):
    """Where metrics are kept and who hears of bad ones."""

    alias: str
    """Name for people."""
    region: str
    """Region of workspace and topic."""
    kms_key_arn: pulumi.Input[str]
    """Key that encrypts metrics and logs; its policy must admit CloudWatch Logs."""
    log_group_prefix: str
    """Start of the name of the group for failing rules, such as `/mlops/dev/fraud`."""
    log_retention_days: int
    """Days such messages are kept."""
    topic_arn: pulumi.Input[str]
    """Topic that gets alerts; its policy must let `aps` publish."""
    tracking_deployments: str
    """Regular expression of the names of deployments whose absence is critical."""


class MetricsWorkspace(pulumi.ComponentResource):
    """Keeps the metrics of one cluster for 150 days and judges them."""

    workspace_id: pulumi.Output[str]
    """Id of the workspace."""
    workspace_arn: pulumi.Output[str]
    """ARN of the workspace, for who writes or queries metrics."""
    endpoint: pulumi.Output[str]
    """URL of the workspace's Prometheus API, signed requests only."""

    def __init__(
        self, name: str, args: MetricsWorkspaceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:MetricsWorkspace", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = cloudwatch.LogGroup(
            f"{name}-log-group",
            name=f"{VENDED_LOGS}{args['log_group_prefix']}/metrics",
            retention_in_days=args["log_retention_days"],
            kms_key_id=args["kms_key_arn"],
            opts=child,
        )
        workspace = amp.Workspace(
            f"{name}-workspace",
            alias=args["alias"],
            kms_key_arn=args["kms_key_arn"],
            logging_configuration={"log_group_arn": pulumi.Output.concat(group.arn, ":*")},
            opts=child,
        )
        amp.AlertManagerDefinition(
            f"{name}-alert-manager",
            workspace_id=workspace.id,
            definition=pulumi.Output.from_input(args["topic_arn"]).apply(
                lambda topic_arn: alert_routing(topic_arn, args["region"])
            ),
            opts=child,
        )
        amp.RuleGroupNamespace(
            f"{name}-rules",
            name=RULES_NAME,
            workspace_id=workspace.id,
            data=rule_groups(platform_rules(args["tracking_deployments"])),
            opts=child,
        )

        self.workspace_id = workspace.id
        self.workspace_arn = workspace.arn
        self.endpoint = workspace.prometheus_endpoint
        self.register_outputs(
            {
                "workspaceId": self.workspace_id,
                "workspaceArn": self.workspace_arn,
                "endpoint": self.endpoint,
            }
        )
