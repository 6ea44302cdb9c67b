"""The record of every connection in a VPC, kept encrypted for a fixed time."""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import cloudwatch, ec2, iam


class FlowLogsArgs(TypedDict):
    """Which VPC is recorded, where, and for how long."""

    vpc_id: pulumi.Input[str]
    """VPC whose accepted and rejected connections are recorded."""
    account_id: str
    """Account of the VPC: only its flow logs may use the role made here."""
    region: str
    """Region of the VPC."""
    log_group_name: str
    """Name of the log group to create."""
    retention_days: int
    """Days a record is kept."""
    kms_key_arn: pulumi.Input[str]
    """Key that encrypts the records; its policy must admit CloudWatch Logs."""
    role_path: NotRequired[str]
    """IAM path of the role made here. Default `/`."""
    permissions_boundary_arn: NotRequired[pulumi.Input[str]]
    """Policy that bounds the role made here."""


class FlowLogs(pulumi.ComponentResource):
    """Flow log of one VPC into a log group of its own."""

    log_group_name: pulumi.Output[str]
    """Log group with one stream for each network interface."""

    def __init__(
        self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:FlowLogs", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = cloudwatch.LogGroup(
            f"{name}-log-group",
            name=args["log_group_name"],
            retention_in_days=args["retention_days"],
            kms_key_id=args["kms_key_arn"],
            opts=child,
        )
        role = iam.Role(
            f"{name}-role",
            description="Lets VPC flow logs write to their log group",
            path=args.get("role_path", "/"),
            permissions_boundary=args.get("permissions_boundary_arn"),
            assume_role_policy=pulumi.Output.json_dumps(_trust(args["account_id"], args["region"])),
            opts=child,
        )
        permission = iam.RolePolicy(
            f"{name}-role-policy",
            role=role.name,
            policy=pulumi.Output.json_dumps(
                _permission(group.arn, args["account_id"], args["region"])
            ),
            opts=child,
        )
        ec2.FlowLog(
            f"{name}-flow-log",
            vpc_id=args["vpc_id"],
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=60,
            tags={"Name": name},
            # Without the permission the flow log is accepted but stays silent.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permission]),
        )

        self.log_group_name = group.name
        self.register_outputs({"logGroupName": self.log_group_name})


def _trust(account_id: str, region: str) -> dict[str, object]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": account_id},
                    "ArnLike": {
                        "aws:SourceArn": f"arn:aws:ec2:{region}:{account_id}:vpc-flow-log/*"
                    },
                },
            }
        ],
    }


def _permission(group_arn: pulumi.Output[str], account_id: str, region: str) -> dict[str, object]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "WriteRecords",
                "Effect": "Allow",
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                "Resource": [group_arn, pulumi.Output.concat(group_arn, ":*")],
            },
            {
                "Sid": "FindLogGroup",
                "Effect": "Allow",
                "Action": "logs:DescribeLogGroups",
                "Resource": f"arn:aws:logs:{region}:{account_id}:log-group:*",
            },
        ],
    }
