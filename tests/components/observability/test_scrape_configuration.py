"""What is measured in a cluster."""

import re
from typing import Any

import yaml

from mlops.observability.alert_rules import platform_rules
from mlops.observability.scrape_configuration import scrape_configuration


def configuration() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(scrape_configuration("demo-dev"))
    return loaded


def jobs() -> dict[str, dict[str, Any]]:
    return {job["job_name"]: job for job in configuration()["scrape_configs"]}


def relabelled(job: dict[str, Any], meta: dict[str, str]) -> dict[str, str] | None:
    """Labels of a target after relabelling as Prometheus does it, or None if it is dropped."""
    labels = {f"__meta_kubernetes_{name}": value for name, value in meta.items()}
    for rule in job["relabel_configs"]:
        value = ";".join(labels.get(name, "") for name in rule.get("source_labels", []))
        match = re.fullmatch(rule.get("regex", "(.*)"), value)
        if rule.get("action") == "keep":
            if not match:
                return None
        elif match:
            template = rule["replacement"].replace("$", "\\")
            labels[rule["target_label"]] = match.expand(template)
    return labels


def test_every_series_names_its_cluster() -> None:
    assert configuration()["global"]["external_labels"] == {"cluster": "demo-dev"}


def test_the_jobs_are_the_cluster_and_the_pods_that_ask() -> None:
    assert list(jobs()) == ["apiserver", "kubelet", "cadvisor", "kube-state-metrics", "pods"]


def test_the_text_is_plain_yaml_without_references() -> None:
    assert not re.search(r"[&*]id\d", scrape_configuration("demo-dev"))


def test_nodes_are_reached_through_the_api_server() -> None:
    for job, path in (("kubelet", "metrics"), ("cadvisor", "metrics/cadvisor")):
        labels = relabelled(jobs()[job], {"node_name": "node-1"})
        assert labels is not None
        assert labels["__address__"] == "kubernetes.default.svc:443"
        assert labels["__metrics_path__"] == f"/api/v1/nodes/node-1/proxy/{path}"


def test_the_api_server_is_one_service_of_one_namespace() -> None:
    api = {
        "namespace": "default",
        "service_name": "kubernetes",
        "endpoint_port_name": "https",
    }
    assert relabelled(jobs()["apiserver"], api) is not None
    assert relabelled(jobs()["apiserver"], {**api, "namespace": "team"}) is None


def test_a_running_pod_is_scraped_where_its_annotations_say() -> None:
    pod = {
        "pod_annotation_prometheus_io_scrape": "true",
        "pod_annotation_prometheus_io_port": "5000",
        "pod_annotation_prometheus_io_path": "/prometheus",
        "pod_phase": "Running",
        "pod_ip": "10.10.1.2",
        "namespace": "demo-dev",
        "pod_name": "tracking-1",
        "pod_label_app_kubernetes_io_name": "tracking",
    }
    job = jobs()["pods"]
    labels = relabelled(job, pod)
    assert labels is not None
    assert labels["__address__"] == "10.10.1.2:5000"
    assert labels["__metrics_path__"] == "/prometheus"
    assert (labels["namespace"], labels["pod"], labels["app"]) == (
        "demo-dev",
        "tracking-1",
        "tracking",
    )
    assert relabelled(job, {**pod, "pod_annotation_prometheus_io_scrape": "false"}) is None
    assert relabelled(job, {**pod, "pod_phase": "Succeeded"}) is None


def test_a_pod_cannot_pose_as_another_namespace() -> None:
    assert jobs()["pods"]["honor_labels"] is False
    assert jobs()["kube-state-metrics"]["honor_labels"] is True


def test_what_the_alert_rules_ask_for_is_kept() -> None:
    kept = [
        rule["regex"] for job in jobs().values() for rule in job.get("metric_relabel_configs", [])
    ]
    for rule in platform_rules("tracking"):
        for metric in re.findall(r"\b(?:kube|kubelet|container|apiserver)_\w+", rule.expression):
            assert any(re.fullmatch(regex, metric) for regex in kept), metric


def test_what_nobody_asks_for_is_not_paid_for() -> None:
    (kubelet,) = jobs()["kubelet"]["metric_relabel_configs"]
    assert re.fullmatch(kubelet["regex"], "kubelet_volume_stats_used_bytes")
    assert not re.fullmatch(kubelet["regex"], "kubelet_runtime_operations_total")
