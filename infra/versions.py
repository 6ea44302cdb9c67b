"""Every pinned third-party version, once.

A comment above each pin tells Renovate where newer ones are announced. What runs in the cluster
follows the Kubernetes version, so these pins move together and are tried together.
"""

# renovate: datasource=endoflife-date depName=amazon-eks
# https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
KUBERNETES = "1.35"

KUBERNETES_SUPPORTED = ("1.34", "1.35")
"""Versions in standard support on EKS for which the add-ons below are published."""

# renovate: datasource=endoflife-date depName=amazon-rds-postgresql
# https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
POSTGRESQL = "17"
"""Major version only: RDS applies the minor ones in the maintenance window."""

POSTGRESQL_SUPPORTED = ("16", "17")
"""Major versions MLflow's migrations are tried on."""

# renovate: datasource=docker depName=ghcr.io/mlflow/mlflow
# https://github.com/mlflow/mlflow/pkgs/container/mlflow
MLFLOW_IMAGE = "ghcr.io/mlflow/mlflow:v3.17.2-full"
"""The `-full` image carries the PostgreSQL driver and boto3, which the slim one lacks."""

# Auto Mode brings network, DNS, proxy, storage and Pod Identity; only these remain.
# `aws eks describe-addon-versions --kubernetes-version 1.35` lists the builds.
CLUSTER_ADDONS = {
    # renovate: datasource=github-releases depName=kubernetes-sigs/metrics-server
    "metrics-server": "v0.8.1-eksbuild.6",
    # renovate: datasource=github-releases depName=kubernetes/kube-state-metrics
    "kube-state-metrics": "v2.18.0-eksbuild.1",
}
"""EKS add-on name -> version."""
