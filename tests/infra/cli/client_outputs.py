"""Outputs of a team's stack, as the engine prints them."""

import json
from typing import Any

CLUSTER = "fraud-dev"
BUCKET = "artifacts-1a2b3c"


def kubeconfig(*role: str) -> str:
    """Return what the cluster component makes, with the role of the administrator."""
    token = ["--region", "eu-west-1", "eks", "get-token", "--cluster-name", CLUSTER]
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": CLUSTER,
        "clusters": [{"name": CLUSTER, "cluster": {"server": "https://cluster.example.com"}}],
        "contexts": [{"name": CLUSTER, "context": {"cluster": CLUSTER, "user": CLUSTER}}],
        "users": [{"name": CLUSTER, "user": {"exec": {"command": "aws", "args": [*token, *role]}}}],
    }
    return json.dumps(config)


def outputs(**other: Any) -> dict[str, Any]:
    """Return the outputs of fraud-dev, some of them replaced."""
    return {
        "artifactBucket": BUCKET,
        "mlflowTrackingUri": "http://mlflow.fraud-dev.svc.cluster.local:5000",
        "namespace": "fraud-dev",
        "alertsTopicArn": "arn:aws:sns:eu-west-1:123456789012:alerts-1a2b",
        "kubeconfig": kubeconfig("--role-arn", "arn:aws:iam::123456789012:role/administrator"),
        **other,
    }
