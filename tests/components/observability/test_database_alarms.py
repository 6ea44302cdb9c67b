"""Which values of a database are alarming, and who hears of it."""

import pytest

from mlops.observability.database_alarms import (
    DatabaseAlarms,
    DatabaseAlarmsArgs,
    database_limits,
)
from mlops.observability.database_limits import memory_bytes, nominal_connections
from tests.conftest import Deploy

GIB = 2**30
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alerts"
ARGS: DatabaseAlarmsArgs = {
    "instance_identifier": "registry",
    "instance_class": "db.t4g.small",
    "storage_gib": 20,
    "topic_arn": TOPIC,
}
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


def test_each_limit_is_an_alarm_on_this_instance(deploy: Deploy) -> None:
    graph = deploy(lambda: DatabaseAlarms("database", ARGS))
    component = graph.named("database")
    alarms = graph.of_type(ALARM)
    assert {(a.name, a.inputs["metricName"]) for a in alarms} == {
        ("database-cpu", "CPUUtilization"),
        ("database-free-storage", "FreeStorageSpace"),
        ("database-connections", "DatabaseConnections"),
        ("database-free-memory", "FreeableMemory"),
        ("database-transaction-ids", "MaximumUsedTransactionIDs"),
    }
    for alarm in alarms:
        assert alarm.parent == component.urn
        assert alarm.inputs["namespace"] == "AWS/RDS"
        assert alarm.inputs["dimensions"] == {"DBInstanceIdentifier": "registry"}
        assert alarm.inputs["name"] == alarm.name.replace("database", "registry", 1)
        assert alarm.inputs["alarmDescription"]
    assert len(graph.component_outputs[component.urn]["alarmArns"]) == len(alarms)


def test_the_topic_hears_of_an_alarm_and_of_its_end(deploy: Deploy) -> None:
    for alarm in deploy(lambda: DatabaseAlarms("database", ARGS)).of_type(ALARM):
        assert alarm.inputs["alarmActions"] == [TOPIC]
        assert alarm.inputs["okActions"] == [TOPIC]


def test_what_runs_out_alarms_below_and_what_piles_up_alarms_above(deploy: Deploy) -> None:
    graph = deploy(lambda: DatabaseAlarms("database", ARGS))
    below = {
        a.name
        for a in graph.of_type(ALARM)
        if a.inputs["comparisonOperator"] == "LessThanThreshold"
    }
    assert below == {"database-free-storage", "database-free-memory"}


def test_limits_follow_the_size_of_the_instance() -> None:
    small = database_limits("db.t4g.small", 20)
    large = database_limits("db.m7g.large", 100)
    assert small["free-storage"].threshold == 2 * GIB
    assert large["free-storage"].threshold == 10 * GIB
    for role in ("connections", "free-memory"):
        assert large[role].threshold == pytest.approx(4 * small[role].threshold, rel=0.01)
    assert small["cpu"] == large["cpu"]


def test_even_the_smallest_class_alarms_before_it_refuses_connections() -> None:
    really_accepted_by_micro = 81
    assert database_limits("db.t4g.micro", 20)["connections"].threshold < really_accepted_by_micro


@pytest.mark.parametrize(
    ("instance_class", "gib"),
    [
        ("db.t4g.micro", 1),
        ("db.t3.2xlarge", 32),
        ("db.m7g.large", 8),
        ("db.m6i.xlarge", 16),
        ("db.m7g.4xlarge", 64),
        ("db.r7g.large", 16),
        ("db.r6gd.16xlarge", 512),
    ],
)
def test_memory_is_told_from_the_name(instance_class: str, gib: int) -> None:
    assert memory_bytes(instance_class) == gib * GIB


def test_connections_are_capped() -> None:
    assert nominal_connections("db.t4g.micro") == 112
    assert nominal_connections("db.r7g.16xlarge") == 5000


@pytest.mark.parametrize(
    "instance_class", ["", "m7g.large", "db.x9.large", "db.m7g", "db.m7g.tiny", "db.t4g.4xlarge"]
)
def test_an_unknown_class_is_refused_with_examples(instance_class: str) -> None:
    with pytest.raises(ValueError, match=r"is not known; choose one of .* db\.t4g\.medium"):
        memory_bytes(instance_class)
