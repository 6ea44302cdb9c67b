"""What a Monitoring makes of its arguments."""

import re

import pytest
import yaml

from infra.recording import Graph
from mlops.observability.monitoring import TRACKING_DEPLOYMENTS, Monitoring, MonitoringArgs
from tests.conftest import Deploy

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
CLUSTER = "arn:aws:eks:eu-west-1:123456789012:cluster/demo-dev"
ARGS: MonitoringArgs = {
    "alias": "demo-dev",
    "account_id": "123456789012",
    "region": "eu-west-1",
    "cluster_name": "demo-dev",
    "cluster_arn": CLUSTER,
    "cluster_security_group_id": "sg-1",
    "subnet_ids": ["subnet-1", "subnet-2"],
    "kms_key_arn": KEY,
    "log_group_prefix": "/mlops/dev/demo",
    "log_retention_days": 14,
    "database": {
        "instance_identifier": "registry",
        "instance_class": "db.t4g.small",
        "storage_gib": 20,
    },
    "alert_emails": ["a@example.com"],
}


def run(deploy: Deploy, args: MonitoringArgs = ARGS) -> Graph:
    return deploy(lambda: Monitoring("monitoring", args))


def test_parts_are_named_by_role_and_parented(deploy: Deploy) -> None:
    graph = run(deploy)
    assert {(r.type, r.name) for r in graph.children_of(graph.named("monitoring").urn)} == {
        ("mlops:index:AlertTopic", "monitoring-alerts"),
        ("mlops:index:MetricsWorkspace", "monitoring-metrics"),
        ("mlops:index:DatabaseAlarms", "monitoring-database"),
        ("aws:amp/scraper:Scraper", "monitoring-scraper"),
    }
    assert {(r.type, r.name) for r in graph.children_of(graph.named("monitoring-metrics").urn)} == {
        ("aws:cloudwatch/logGroup:LogGroup", "monitoring-metrics-log-group"),
        ("aws:amp/workspace:Workspace", "monitoring-metrics-workspace"),
        (
            "aws:amp/alertManagerDefinition:AlertManagerDefinition",
            "monitoring-metrics-alert-manager",
        ),
        ("aws:amp/ruleGroupNamespace:RuleGroupNamespace", "monitoring-metrics-rules"),
    }


def test_metrics_and_their_log_are_encrypted_and_the_log_ends(deploy: Deploy) -> None:
    graph = run(deploy)
    workspace = graph.named("monitoring-metrics-workspace").inputs
    group = graph.named("monitoring-metrics-log-group").inputs
    assert workspace["kmsKeyArn"] == KEY
    assert workspace["alias"] == "demo-dev"
    assert group["kmsKeyId"] == KEY
    assert group["retentionInDays"] == 14
    assert group["name"] == "/aws/vendedlogs/mlops/dev/demo/metrics"
    assert workspace["loggingConfiguration"]["logGroupArn"].endswith(f"{group['name']}:*")


def test_the_scraper_takes_from_the_cluster_and_gives_to_the_workspace(deploy: Deploy) -> None:
    graph = run(deploy)
    scraper = graph.named("monitoring-scraper").inputs
    outputs = graph.component_outputs[graph.named("monitoring").urn]
    assert scraper["source"]["eks"] == {
        "clusterArn": CLUSTER,
        "subnetIds": ["subnet-1", "subnet-2"],
        "securityGroupIds": ["sg-1"],
    }
    assert scraper["destination"] == {"amp": {"workspaceArn": outputs["workspaceArn"]}}
    configuration = yaml.safe_load(scraper["scrapeConfiguration"])
    assert configuration["global"]["external_labels"] == {"cluster": "demo-dev"}


def test_collection_by_an_agent_leaves_out_the_scraper_and_nothing_else(deploy: Deploy) -> None:
    with_scraper = {r.name for r in run(deploy)}
    without = {r.name for r in run(deploy, {**ARGS, "scrape": False})}
    assert with_scraper - without == {"monitoring-scraper"}
    assert without <= with_scraper


def test_metric_alerts_and_database_alarms_arrive_at_one_topic(deploy: Deploy) -> None:
    graph = run(deploy)
    topic = graph.component_outputs[graph.named("monitoring").urn]["alertTopicArn"]
    definition = yaml.safe_load(
        graph.named("monitoring-metrics-alert-manager").inputs["definition"]
    )
    assert topic in definition["alertmanager_config"]
    alarm = graph.named("monitoring-database-cpu")
    assert alarm.inputs["alarmActions"] == [topic]
    policy = graph.named("monitoring-alerts-policy").urn
    assert policy in alarm.depends_on
    assert policy in graph.named("monitoring-metrics-alert-manager").depends_on


@pytest.mark.parametrize(
    ("deployment", "watched"),
    [
        ("mlflow", True),
        ("environment-tracking-server-1a2b3c4d", True),
        ("tracking", True),
        ("backtracking", False),
        ("predictor", False),
    ],
)
def test_tracking_servers_are_known_by_their_name(deployment: str, watched: bool) -> None:
    assert bool(re.fullmatch(TRACKING_DEPLOYMENTS, deployment)) is watched


def test_rules_watch_the_tracking_server_by_its_name(deploy: Deploy) -> None:
    graph = run(deploy, {**ARGS, "tracking_deployments": "registry-.+"})
    rules = graph.named("monitoring-metrics-rules").inputs
    assert rules["name"] == "platform"
    assert 'deployment=~"registry-.+"' in rules["data"]


def test_outputs_lead_to_the_workspace(deploy: Deploy) -> None:
    graph = run(deploy)
    outputs = graph.component_outputs[graph.named("monitoring").urn]
    assert outputs["workspaceArn"].endswith(outputs["workspaceId"])
    assert outputs["workspaceId"] in outputs["metricsEndpoint"]
