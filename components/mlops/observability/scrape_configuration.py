"""What is measured in a cluster, as the Prometheus configuration of the managed scraper.

Every stored sample is paid for, so each job of the cluster itself names the metrics it keeps.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

SCRAPE_INTERVAL = "30s"
# More than any well-behaved pod has; a pod that exceeds it is not scraped, and `up` shows it.
POD_SAMPLE_LIMIT = 20_000

APISERVER_METRICS = (
    "apiserver_request_total",
    "apiserver_request_duration_seconds_(sum|count)",
    "apiserver_current_inflight_requests",
    "apiserver_admission_webhook_rejection_count",
    "apiserver_storage_size_bytes",
)
KUBELET_METRICS = ("kubelet_volume_stats_.+", "kubelet_running_pods")
CONTAINER_METRICS = (
    "container_cpu_usage_seconds_total",
    "container_cpu_cfs_(throttled_)?periods_total",
    "container_memory_working_set_bytes",
    "container_oom_events_total",
    "container_network_(receive|transmit)_bytes_total",
    "container_fs_usage_bytes",
)
OBJECT_METRICS = (
    "kube_pod_(info|labels|owner|status_phase|status_ready)",
    "kube_pod_container_resource_(requests|limits)",
    "kube_pod_container_status_(restarts_total|waiting_reason|last_terminated_reason)",
    "kube_deployment_(spec_replicas|status_replicas_available)",
    "kube_statefulset_(replicas|status_replicas_ready)",
    "kube_job_(status_failed|status_succeeded|status_start_time|owner)",
    "kube_cronjob_(next_schedule_time|status_last_successful_time)",
    "kube_resourcequota",
    "kube_persistentvolumeclaim_(info|status_phase)",
    "kube_node_(info|status_condition|status_allocatable)",
    "kube_horizontalpodautoscaler_.+",
)

_TOKEN_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/token"  # noqa: S105  a path
_NODE_PROXY = "/api/v1/nodes/$1/proxy/metrics"


def scrape_configuration(cluster_name: str) -> str:
    """YAML of the jobs; every series carries the cluster's name."""
    return yaml.safe_dump(
        {
            "global": {
                "scrape_interval": SCRAPE_INTERVAL,
                "external_labels": {"cluster": cluster_name},
            },
            "scrape_configs": [
                _apiserver(),
                _node_job("kubelet", _NODE_PROXY, KUBELET_METRICS),
                _node_job("cadvisor", f"{_NODE_PROXY}/cadvisor", CONTAINER_METRICS),
                _kube_state_metrics(),
                _annotated_pods(),
            ],
        },
        sort_keys=False,
    )


def _apiserver() -> dict[str, Any]:
    return {
        "job_name": "apiserver",
        "scheme": "https",
        "authorization": {"credentials_file": _TOKEN_FILE},
        "kubernetes_sd_configs": [{"role": "endpoints"}],
        "relabel_configs": [
            _keep(
                ("namespace", "service_name", "endpoint_port_name"),
                "default;kubernetes;https",
            )
        ],
        "metric_relabel_configs": [_only(APISERVER_METRICS)],
    }


def _node_job(job: str, path: str, metrics: Sequence[str]) -> dict[str, Any]:
    """Scrape each node through the API server, which needs no open port on the node."""
    return {
        "job_name": job,
        "scheme": "https",
        "authorization": {"credentials_file": _TOKEN_FILE},
        "kubernetes_sd_configs": [{"role": "node"}],
        "relabel_configs": [
            {"target_label": "__address__", "replacement": "kubernetes.default.svc:443"},
            _set("__metrics_path__", ("node_name",), "(.+)", path),
            _set("node", ("node_name",)),
        ],
        "metric_relabel_configs": [_only(metrics)],
    }


def _kube_state_metrics() -> dict[str, Any]:
    return {
        "job_name": "kube-state-metrics",
        # Its series speak of other objects: their namespace and pod are the true labels.
        "honor_labels": True,
        "kubernetes_sd_configs": [{"role": "endpoints"}],
        "relabel_configs": [
            _keep(
                ("service_label_app_kubernetes_io_name", "endpoint_port_name"),
                "kube-state-metrics;http",
            )
        ],
        "metric_relabel_configs": [_only(OBJECT_METRICS)],
    }


def _annotated_pods() -> dict[str, Any]:
    """Scrape pods that ask for it with `prometheus.io/scrape`, `/port`, `/path` and `/scheme`.

    Labels of the target win over labels the pod claims, so no team can pose as another.
    """
    annotation = "pod_annotation_prometheus_io_"
    return {
        "job_name": "pods",
        "honor_labels": False,
        "sample_limit": POD_SAMPLE_LIMIT,
        "kubernetes_sd_configs": [{"role": "pod"}],
        "relabel_configs": [
            _keep((f"{annotation}scrape",), "true"),
            _keep(("pod_phase",), "Running"),
            _set("__scheme__", (f"{annotation}scheme",), "(https?)"),
            _set("__metrics_path__", (f"{annotation}path",), "(.+)"),
            _set("__address__", ("pod_ip", f"{annotation}port"), r"(.+);(\d+)", "$1:$2"),
            _set("namespace", ("namespace",)),
            _set("pod", ("pod_name",)),
            _set("app", ("pod_label_app_kubernetes_io_name",)),
        ],
    }


def _meta(names: Sequence[str]) -> list[str]:
    return [f"__meta_kubernetes_{name}" for name in names]


def _keep(names: Sequence[str], regex: str) -> dict[str, Any]:
    return {"action": "keep", "source_labels": _meta(names), "regex": regex}


def _set(
    target: str, names: Sequence[str], regex: str = "(.*)", replacement: str = "$1"
) -> Mapping[str, Any]:
    return {
        "source_labels": _meta(names),
        "regex": regex,
        "target_label": target,
        "replacement": replacement,
    }


def _only(metrics: Sequence[str]) -> dict[str, Any]:
    return {"action": "keep", "source_labels": ["__name__"], "regex": "|".join(metrics)}
