"""Read what the environment describes, and do it."""

import importlib
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from .kubernetes_secret import KubernetesSecret
from .postgres import Tenant, TenantError, ensure

MAINTENANCE_DATABASE = "postgres"


def main(environment: Mapping[str, str]) -> None:
    """Do the work for the tenant that the environment describes."""
    # Not imported above: the functions are also used where these two are not installed.
    psycopg2, boto3 = importlib.import_module("psycopg2"), importlib.import_module("boto3")
    errors = importlib.import_module("botocore.exceptions")
    tenant = Tenant(
        database=environment["DATABASE_NAME"],
        owner=environment["SECRET_NAMESPACE"],
        host=environment["DATABASE_HOST"],
        port=int(environment["DATABASE_PORT"]),
    )

    def connect(user: str, password: str, database: str) -> Any:
        return psycopg2.connect(
            host=tenant.host,
            port=tenant.port,
            user=user,
            password=password,
            dbname=database,
            sslmode="require",
            connect_timeout=15,
        )

    arn = environment["MASTER_SECRET_ARN"]
    store = KubernetesSecret.of_pod(environment["SECRET_NAMESPACE"], environment["SECRET_NAME"])
    try:
        client = boto3.client("secretsmanager", region_name=arn.split(":")[3])
        master = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
        connection = connect(master["username"], master["password"], MAINTENANCE_DATABASE)
        changes = ensure(tenant, connection, connect, psycopg2.OperationalError, store)
    except (errors.BotoCoreError, errors.ClientError) as error:
        raise TenantError(f"cannot read the master secret {arn}: {error}") from error
    except psycopg2.Error as error:
        raise TenantError(f"{tenant.host}:{tenant.port}: {error}".strip()) from error
    print(f"{tenant.database}: {', '.join(changes) or 'nothing to change'}")


if __name__ == "__main__":
    try:
        main(os.environ)
    except TenantError as error:
        sys.exit(f"tenant_job: {error}")
