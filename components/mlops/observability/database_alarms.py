"""Alarms on a PostgreSQL instance: busy, full, crowded, or short of memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

import pulumi
from pulumi_aws import cloudwatch

from mlops.observability.database_limits import BYTES_PER_GIB, memory_bytes, nominal_connections

PERIOD_SECONDS = 300


class DatabaseAlarmsArgs(TypedDict):
    """Which instance, how large it is, and where alarms go."""

    instance_identifier: pulumi.Input[str]
    """Identifier of the RDS instance."""
    instance_class: str
    """Class of the instance, such as `db.t4g.medium`: decides memory and connections."""
    storage_gib: int
    """Storage the instance starts with, in GiB."""
    topic_arn: pulumi.Input[str]
    """Topic that hears of an alarm and of its end."""


@dataclass(frozen=True)
class Limit:
    """When a metric of the instance is alarming."""

    metric: str
    """Metric name in the namespace AWS/RDS."""
    threshold: float
    """Value beyond which it is alarming, in the metric's unit."""
    too_low: bool
    """True if smaller values are the bad ones."""
    periods: int
    """Periods of five minutes the value has to last."""
    what_to_do: str
    """For whoever is woken up by it."""


class DatabaseAlarms(pulumi.ComponentResource):
    """CPU, free storage, connections, free memory and transaction ids of one instance."""

    alarm_arns: pulumi.Output[list[str]]
    """ARNs of the alarms, for dashboards and composite alarms."""

    def __init__(
        self, name: str, args: DatabaseAlarmsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:DatabaseAlarms", name, {**args}, opts)
        alarms = [
            cloudwatch.MetricAlarm(
                f"{name}-{role}",
                name=pulumi.Output.concat(args["instance_identifier"], "-", role),
                alarm_description=limit.what_to_do,
                namespace="AWS/RDS",
                metric_name=limit.metric,
                dimensions={"DBInstanceIdentifier": args["instance_identifier"]},
                statistic="Average",
                period=PERIOD_SECONDS,
                evaluation_periods=limit.periods,
                comparison_operator=(
                    "LessThanThreshold" if limit.too_low else "GreaterThanThreshold"
                ),
                threshold=limit.threshold,
                # An instance that is stopped or being replaced sends nothing, and that is no alarm.
                treat_missing_data="missing",
                alarm_actions=[args["topic_arn"]],
                ok_actions=[args["topic_arn"]],
                opts=pulumi.ResourceOptions(parent=self),
            )
            for role, limit in database_limits(args["instance_class"], args["storage_gib"]).items()
        ]

        self.alarm_arns = pulumi.Output.all(*[alarm.arn for alarm in alarms])
        self.register_outputs({"alarmArns": self.alarm_arns})


def database_limits(instance_class: str, storage_gib: int) -> Mapping[str, Limit]:
    """Alarming values for an instance of this size, by role."""
    return {
        "cpu": Limit(
            "CPUUtilization",
            80,
            too_low=False,
            periods=3,
            what_to_do="The database is busy: find slow queries in Performance Insights, "
            "or choose a larger instance class.",
        ),
        "free-storage": Limit(
            "FreeStorageSpace",
            0.1 * storage_gib * BYTES_PER_GIB,
            too_low=True,
            periods=3,
            what_to_do="Less than a tenth of the storage is free and automatic growth has not "
            "helped: raise the maximum storage.",
        ),
        "connections": Limit(
            "DatabaseConnections",
            # Four fifths of what the smallest classes really accept.
            0.6 * nominal_connections(instance_class),
            too_low=False,
            periods=3,
            what_to_do="Most of the possible connections are open: look for a leaking client, "
            "or choose a larger instance class.",
        ),
        "free-memory": Limit(
            "FreeableMemory",
            0.05 * memory_bytes(instance_class),
            too_low=True,
            periods=3,
            what_to_do="Hardly any memory is free and the database will swap: close idle "
            "connections, or choose a larger instance class.",
        ),
        "transaction-ids": Limit(
            "MaximumUsedTransactionIDs",
            1_000_000_000,
            too_low=False,
            periods=1,
            what_to_do="Half of the transaction ids are used: vacuum is not keeping up, and at "
            "two billion the database stops accepting writes. Find what blocks autovacuum.",
        ),
    }
