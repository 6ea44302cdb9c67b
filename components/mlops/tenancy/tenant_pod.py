"""The pod that runs the program in `tenant_job`, and the files it finds there."""

import inspect
from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.core.v1 import EnvVarArgsDict, PodSpecArgsDict, VolumeArgsDict

from mlops.tenancy import tenant_job
from mlops.tenancy.restricted_pod import container, pod
from mlops.tenancy.tenant_job import kubernetes_secret, postgres, run

PACKAGE = "tenant_job"
PACKAGE_PARENT = "/etc/mlops"


def sources() -> dict[str, str]:
    """Return the files of the program, which lie beside each other in one package."""
    return {
        "__init__.py": inspect.getsource(tenant_job),
        "kubernetes_secret.py": inspect.getsource(kubernetes_secret),
        "postgres.py": inspect.getsource(postgres),
        "run.py": inspect.getsource(run),
    }


def tenant_pod(
    image: pulumi.Input[str],
    service_account: pulumi.Input[str],
    config_map: pulumi.Input[str],
    environment: Mapping[str, pulumi.Input[str]],
) -> PodSpecArgsDict:
    """Pod that finds the program in `config_map` and runs it for what `environment` describes."""
    env: list[EnvVarArgsDict] = [{"name": "PYTHONPATH", "value": PACKAGE_PARENT}]
    env += [{"name": name, "value": value} for name, value in environment.items()]
    main = container(
        "database-tenant",
        image,
        command=["python"],
        args=["-m", f"{PACKAGE}.run"],
        env=env,
        requests={"cpu": "100m", "memory": "128Mi", "ephemeral-storage": "64Mi"},
        limits={"cpu": "500m", "memory": "256Mi", "ephemeral-storage": "256Mi"},
        mounts=[
            {"name": "program", "mount_path": f"{PACKAGE_PARENT}/{PACKAGE}", "read_only": True},
            {
                "name": "api-access",
                "mount_path": str(kubernetes_secret.SERVICE_ACCOUNT),
                "read_only": True,
            },
        ],
    )
    program: VolumeArgsDict = {"name": "program", "config_map": {"name": config_map}}
    return pod(service_account, main, volumes=[program, _api_access()])


def _api_access() -> VolumeArgsDict:
    """Short-lived token and the API server's certificate, for this one pod."""
    return {
        "name": "api-access",
        "projected": {
            "sources": [
                {"service_account_token": {"path": "token", "expiration_seconds": 1200}},
                {
                    "config_map": {
                        "name": "kube-root-ca.crt",
                        "items": [{"key": "ca.crt", "path": "ca.crt"}],
                    }
                },
            ]
        },
    }
