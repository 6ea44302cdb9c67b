"""The tenant program as the pod starts it: real PostgreSQL, a fake Secrets Manager and Secret."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import psycopg2
import pytest
from botocore.exceptions import ClientError

from mlops.tenancy.tenant_job import run
from mlops.tenancy.tenant_job.kubernetes_secret import KubernetesSecret
from mlops.tenancy.tenant_job.postgres import TenantError
from tests.components.tenancy.postgres_server import MASTER, MASTER_PASSWORD, PostgresServer

ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1-AbCdEf"
Start = Callable[..., None]


class SecretsManager:
    """Answers with the master user's credentials, or refuses."""

    def __init__(self, password: str | None) -> None:
        self.password = password

    def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803  # as AWS spells it
        if self.password is None:
            denied = {"Error": {"Code": "AccessDeniedException", "Message": "not authorized"}}
            raise ClientError(denied, "GetSecretValue")  # type: ignore[arg-type]
        assert SecretId == ARN
        return {"SecretString": json.dumps({"username": MASTER, "password": self.password})}


@pytest.fixture
def kept() -> dict[str, str]:
    """Stand in for the Kubernetes Secret."""
    return {}


@pytest.fixture
def start(server: PostgresServer, kept: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Start:
    connect = psycopg2.connect

    def without_tls(**wanted: Any) -> Any:
        assert wanted.pop("sslmode") == "require", "on AWS every connection is encrypted"
        return connect(**wanted)

    class Store:
        read = staticmethod(lambda: dict(kept))
        write = staticmethod(kept.update)

    monkeypatch.setattr(psycopg2, "connect", without_tls)
    monkeypatch.setattr(KubernetesSecret, "of_pod", lambda namespace, name: Store)

    def start(password: str | None = MASTER_PASSWORD, **changed: str) -> None:
        def client(service: str, region_name: str) -> SecretsManager:
            assert (service, region_name) == ("secretsmanager", "eu-west-1")
            return SecretsManager(password)

        monkeypatch.setattr(boto3, "client", client)
        run.main(
            {
                "DATABASE_NAME": "whole",
                "DATABASE_HOST": "127.0.0.1",
                "DATABASE_PORT": str(server.port),
                "MASTER_SECRET_ARN": ARN,
                "SECRET_NAMESPACE": "whole-dev",
                "SECRET_NAME": "credentials",
                **changed,
            }
        )

    return start


def test_it_says_what_it_changed_and_then_that_nothing_was_left_to_do(
    server: PostgresServer,
    start: Start,
    kept: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    start()
    said = capsys.readouterr().out
    assert said.startswith("whole: credentials written, role created")
    assert kept["password"] not in said
    server.connect(kept["username"], kept["password"], kept["database"]).close()
    start()
    assert capsys.readouterr().out == "whole: nothing to change\n"


def test_a_master_secret_it_may_not_read_is_named(start: Start) -> None:
    with pytest.raises(TenantError, match=r"cannot read the master secret .*AbCdEf.*AccessDenied"):
        start(password=None)


def test_a_wrong_master_password_is_told_with_the_server(start: Start) -> None:
    with pytest.raises(TenantError, match=r"127\.0\.0\.1:.*password authentication failed"):
        start(password="of last week")


def test_an_unreachable_server_is_named(start: Start) -> None:
    with pytest.raises(TenantError, match=r"127\.0\.0\.1:1: .*refused"):
        start(DATABASE_PORT="1")
