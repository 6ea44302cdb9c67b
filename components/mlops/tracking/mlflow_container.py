"""How MLflow is started: to serve, and to bring its database to its version."""

import pulumi
from pulumi_kubernetes.core.v1 import ContainerArgsDict, EnvVarArgsDict, ProbeArgsDict

from mlops.tenancy.restricted_pod import TEMP_DIRECTORY, container

PORT = 5000
ARTIFACT_PREFIX = "mlflow"
WORKERS = 2
"""Processes of one server; each takes about 400 MiB."""

_HEALTH: ProbeArgsDict = {"http_get": {"path": "/health", "port": "http"}, "timeout_seconds": 5}
_PROBES: dict[str, ProbeArgsDict] = {
    # Importing MLflow takes half a minute on a busy node.
    "startup": {**_HEALTH, "period_seconds": 5, "failure_threshold": 60},
    "readiness": {**_HEALTH, "period_seconds": 10, "failure_threshold": 3},
    # Another path, and more patience: a slow server leaves the service before it is killed.
    "liveness": {
        "http_get": {"path": "/version", "port": "http"},
        "timeout_seconds": 10,
        "period_seconds": 20,
        "failure_threshold": 6,
    },
}


def server(
    image: pulumi.Input[str],
    database_secret_name: pulumi.Input[str],
    bucket_name: pulumi.Input[str],
    host_names: pulumi.Input[str],
) -> ContainerArgsDict:
    """Serve runs and models; `host_names` are the names clients call it by, with commas between."""
    return container(
        "mlflow",
        image,
        command=["mlflow"],
        args=[
            "server",
            "--host",
            "0.0.0.0",  # noqa: S104  # of the pod; the namespace's policies decide who gets here
            "--port",
            str(PORT),
            "--workers",
            str(WORKERS),
            # Clients write files to the bucket themselves, with their own roles.
            "--no-serve-artifacts",
            "--default-artifact-root",
            pulumi.Output.concat("s3://", bucket_name, "/", ARTIFACT_PREFIX),
            "--expose-prometheus",
            f"{TEMP_DIRECTORY}/metrics",
        ],
        env=[
            _database(database_secret_name),
            {"name": "POD_IP", "value_from": {"field_ref": {"field_path": "status.podIP"}}},
            {
                # MLflow refuses calls under any other name. Metrics are collected by address.
                "name": "MLFLOW_SERVER_ALLOWED_HOSTS",
                "value": pulumi.Output.concat(host_names, f",$(POD_IP),$(POD_IP):{PORT}"),
            },
            # Its queue is a file of one server, and servers come in numbers.
            {"name": "MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "value": "false"},
            {"name": "MLFLOW_SQLALCHEMYSTORE_POOL_RECYCLE", "value": "1800"},
            _NO_TELEMETRY,
        ],
        requests={"cpu": "250m", "memory": "1Gi", "ephemeral-storage": "128Mi"},
        limits={"cpu": "2", "memory": "2Gi", "ephemeral-storage": "1Gi"},
        port=PORT,
        probes=_PROBES,
    )


def migration(
    image: pulumi.Input[str], database_secret_name: pulumi.Input[str]
) -> ContainerArgsDict:
    """Create the tables in an empty database, or bring those of an older MLflow up to date."""
    return container(
        "mlflow-migration",
        image,
        command=["mlflow"],
        args=["db", "upgrade", "$(MLFLOW_BACKEND_STORE_URI)"],
        env=[_database(database_secret_name), _NO_TELEMETRY],
        requests={"cpu": "250m", "memory": "512Mi", "ephemeral-storage": "64Mi"},
        limits={"cpu": "1", "memory": "1Gi", "ephemeral-storage": "256Mi"},
    )


def host_names(service: str, namespace: str) -> str:
    """Every name the service has in the cluster, and the local end of a port forward."""
    names = [
        "localhost",
        "127.0.0.1",
        service,
        f"{service}.{namespace}",
        f"{service}.{namespace}.svc",
        f"{service}.{namespace}.svc.cluster.local",
    ]
    return ",".join([*names, "localhost:*", "127.0.0.1:*", *(f"{n}:{PORT}" for n in names[2:])])


_NO_TELEMETRY: EnvVarArgsDict = {"name": "MLFLOW_DISABLE_TELEMETRY", "value": "true"}


def _database(secret_name: pulumi.Input[str]) -> EnvVarArgsDict:
    return {
        "name": "MLFLOW_BACKEND_STORE_URI",
        "value_from": {"secret_key_ref": {"name": secret_name, "key": "uri"}},
    }
