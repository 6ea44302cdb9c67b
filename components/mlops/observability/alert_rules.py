"""First alert rules of every cluster, and who hears of them. Pure: text in, text out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

RULES_NAME = "platform"


@dataclass(frozen=True)
class AlertRule:
    """One alert: when it fires and what whoever gets it should do."""

    name: str
    """Name in the message; part of how alerts are grouped."""
    expression: str
    """PromQL that yields a series for each thing that is wrong."""
    lasting: str
    """How long it has to be wrong, as a Prometheus duration."""
    severity: str
    """`critical`: somebody is cut off now; `warning`: somebody will be."""
    summary: str
    """What is wrong, with the series' labels."""
    what_to_do: str
    """First step."""


def platform_rules(tracking_deployments: str) -> tuple[AlertRule, ...]:
    """Rules every cluster starts with; the pattern is of the names of tracking deployments."""
    return (
        AlertRule(
            "PodCrashLooping",
            "max by (namespace, pod, container) "
            '(kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff"}) > 0',
            "15m",
            "warning",
            "Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} "
            "keeps crashing.",
            "Read the logs of the previous container: kubectl logs --previous.",
        ),
        AlertRule(
            "TrackingServerDown",
            "kube_deployment_status_replicas_available"
            f'{{deployment=~"{tracking_deployments}"}} == 0'
            " and on (namespace, deployment) kube_deployment_spec_replicas > 0",
            "5m",
            "critical",
            "No tracking server answers in namespace {{ $labels.namespace }}.",
            "Look at the pods and events of the deployment, then at the registry database.",
        ),
        AlertRule(
            "QuotaNearlyUsed",
            'sum by (namespace, resource) (kube_resourcequota{type="used"}) / '
            'sum by (namespace, resource) (kube_resourcequota{type="hard"} > 0) > 0.9',
            "30m",
            "warning",
            "Namespace {{ $labels.namespace }} uses {{ $value | humanizePercentage }} of its "
            "{{ $labels.resource }}.",
            "Delete what is not needed, or raise the quota in the stack file.",
        ),
        AlertRule(
            "VolumeNearlyFull",
            "max by (namespace, persistentvolumeclaim) "
            "(kubelet_volume_stats_used_bytes / kubelet_volume_stats_capacity_bytes) > 0.9",
            "15m",
            "critical",
            "Volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is "
            "{{ $value | humanizePercentage }} full.",
            "Free space or raise the storage request of the claim.",
        ),
        AlertRule(
            "MetricsMissing",
            'absent(up{job="kube-state-metrics"} == 1)',
            "15m",
            "critical",
            "No metrics about the cluster's objects arrive, so the other alerts are blind.",
            "Check the scraper's status, then the kube-state-metrics add-on.",
        ),
    )


def rule_groups(rules: Sequence[AlertRule]) -> str:
    """YAML of a rule file with one group."""
    return yaml.safe_dump(
        {"groups": [{"name": RULES_NAME, "rules": [_as_prometheus(rule) for rule in rules]}]},
        sort_keys=False,
        width=1000,
    )


def alert_routing(topic_arn: str, region: str) -> str:
    """YAML of an alert manager definition that sends every alert to one topic.

    Alerts of one kind and namespace come as one message; what goes on is repeated after half a
    day. The attribute `severity` lets a subscription filter.
    """
    routing = {
        "route": {
            "receiver": "alert-topic",
            "group_by": ["alertname", "severity", "namespace"],
            "group_wait": "30s",
            "group_interval": "5m",
            "repeat_interval": "12h",
        },
        "receivers": [
            {
                "name": "alert-topic",
                "sns_configs": [
                    {
                        "topic_arn": topic_arn,
                        "sigv4": {"region": region},
                        "send_resolved": True,
                        "attributes": {"severity": "{{ .CommonLabels.severity }}"},
                    }
                ],
            }
        ],
    }
    return yaml.safe_dump(
        {"alertmanager_config": yaml.safe_dump(routing, sort_keys=False)}, default_style="|"
    )


def _as_prometheus(rule: AlertRule) -> dict[str, Any]:
    return {
        "alert": rule.name,
        "expr": rule.expression,
        "for": rule.lasting,
        "labels": {"severity": rule.severity},
        "annotations": {"summary": rule.summary, "description": rule.what_to_do},
    }
