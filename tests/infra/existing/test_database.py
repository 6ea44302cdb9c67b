"""A database server that a stack file names must be as good as one made here."""

from typing import Any

import pulumi
import pytest

from infra.config.blocks import ExistingDatabase
from infra.config.choices import Stage
from infra.existing.database import database_of
from mlops.settings import DatabaseConnection
from tests.infra.existing.asked import asked

VPC = "vpc-0123456789abcdef0"
NAME = "acme-postgresql"
NAMED = f"registry.existing names the RDS instance {NAME}, "


def found(stage: Stage = Stage.DEV, **instance: Any) -> DatabaseConnection:
    told = ExistingDatabase(instance_identifier=NAME)
    return asked(lambda providers: database_of(told, stage, VPC, providers), {NAME: instance})


def test_what_the_platform_needs_to_know_comes_from_aws() -> None:
    account = "eu-west-1:123456789012"
    assert found() == {
        "host": f"{NAME}.abcdefghijkl.eu-west-1.rds.amazonaws.com",
        "port": 5432,
        "cidrs": ["10.60.65.0/24", "10.60.66.0/24"],
        "master_secret_arn": f"arn:aws:secretsmanager:{account}:secret:rds!db-{NAME}-AbCdEf",
        "master_secret_key_arn": f"arn:aws:kms:{account}:key/{NAME}",
        "watched": {
            "instance_identifier": NAME,
            "instance_class": "db.m7g.large",
            "storage_gib": 50,
        },
    }


@pytest.mark.parametrize(
    ("instance", "sentence"),
    [
        ({"engine": "mysql", "engineVersion": "8.0.40"}, "which runs mysql 8.0.40; name one that"),
        ({"engineVersion": "13.20"}, "which runs postgres 13.20; name one that runs postgres 16"),
        ({"port": 5433}, "which listens on 5433; pods are let out to 5432 only"),
        ({"publiclyAccessible": True}, "which has a public address"),
        ({"storageEncrypted": False}, "whose storage is not encrypted"),
        ({"masterUserSecrets": []}, "whose master password is not in Secrets Manager"),
        ({"backupRetentionPeriod": 0}, "which is not backed up"),
        ({"dbInstanceClass": "db.x2g.large"}, "for which no alarms can be made: the memory of"),
    ],
)
def test_what_is_worse_than_a_database_made_here_is_refused(
    instance: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        found(**instance)
    (line,) = str(refused.value).splitlines()
    assert line.startswith(NAMED + sentence)


def test_in_prod_there_must_be_a_standby() -> None:
    assert found(Stage.STAGE, multiAz=False)
    assert found(Stage.PROD)
    with pytest.raises(pulumi.RunError, match="which has no standby in a second zone"):
        found(Stage.PROD, multiAz=False)
