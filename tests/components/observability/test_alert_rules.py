"""The first alert rules and where they lead."""

import re
from typing import Any

import pytest
import yaml

from mlops.observability.alert_rules import (
    AlertRule,
    alert_routing,
    platform_rules,
    rule_groups,
)

RULES = platform_rules("tracking")


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(rule_groups(RULES))["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def test_the_rule_file_holds_every_rule_once() -> None:
    assert [rule["alert"] for rule in rules()] == [
        "PodCrashLooping",
        "TrackingServerDown",
        "QuotaNearlyUsed",
        "VolumeNearlyFull",
        "MetricsMissing",
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_waits_and_says_how_bad_it_is_and_what_to_do(rule: AlertRule) -> None:
    assert re.fullmatch(r"\d+m", rule.lasting)
    assert rule.severity in {"critical", "warning"}
    assert rule.what_to_do.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_summary_uses_only_labels_that_its_expression_keeps(rule: AlertRule) -> None:
    used = set(re.findall(r"\$labels\.(\w+)", rule.summary))
    kept = re.search(r"\bby \(([^)]*)\)", rule.expression)
    if kept:
        assert used <= set(re.split(r",\s*", kept[1]))
    else:
        assert used <= {"namespace"}


def test_a_tracking_server_that_is_asleep_is_not_down() -> None:
    (down,) = (rule for rule in RULES if rule.name == "TrackingServerDown")
    assert 'deployment=~"tracking"' in down.expression
    assert "kube_deployment_spec_replicas > 0" in down.expression


def test_every_alert_goes_to_the_topic_with_its_severity() -> None:
    topic = "arn:aws:sns:eu-west-1:123456789012:alerts"
    definition = yaml.safe_load(alert_routing(topic, "eu-west-1"))
    assert set(definition) == {"alertmanager_config"}
    routing = yaml.safe_load(definition["alertmanager_config"])
    assert "severity" in routing["route"]["group_by"], "else the attribute could be empty"
    (receiver,) = routing["receivers"]
    assert routing["route"]["receiver"] == receiver["name"]
    (sns,) = receiver["sns_configs"]
    assert sns["topic_arn"] == topic
    assert sns["sigv4"] == {"region": "eu-west-1"}
    assert sns["attributes"] == {"severity": "{{ .CommonLabels.severity }}"}
    assert sns["send_resolved"] is True
