"""The database server that a stack file names."""

from collections.abc import Iterator

import pulumi
from pulumi_aws import rds

from infra import versions
from infra.config.blocks import ExistingDatabase
from infra.config.choices import Stage
from infra.existing.asking import answer, require
from infra.existing.network import subnet_of
from infra.providers import Providers
from mlops.observability.database_limits import memory_bytes
from mlops.settings import DatabaseConnection
from mlops.tenancy.network_rules import POSTGRESQL_PORT


def database_of(
    told: ExistingDatabase, stage: Stage, vpc_id: str, providers: Providers
) -> DatabaseConnection:
    """Return the server that is there; end the program if it is not as good as one made here."""
    named = f"registry.existing names the RDS instance {told.instance_identifier}"
    ask = pulumi.InvokeOptions(provider=providers.aws)
    instance = answer(
        named, lambda: rds.get_instance(db_instance_identifier=told.instance_identifier, opts=ask)
    )
    require(f"{named}, {problem}" for problem in _problems(instance, stage))
    group = answer(named, lambda: rds.get_subnet_group(name=instance.db_subnet_group, opts=ask))
    subnets = [subnet_of(vpc_id, each, f"{named}, in", providers) for each in group.subnet_ids]
    secret = instance.master_user_secrets[0]
    return {
        "host": instance.address,
        "port": instance.port,
        "cidrs": [subnet.cidr_block for subnet in subnets],
        "master_secret_arn": secret.secret_arn,
        "master_secret_key_arn": secret.kms_key_id,
        "watched": {
            "instance_identifier": instance.db_instance_identifier,
            "instance_class": instance.db_instance_class,
            "storage_gib": instance.allocated_storage,
        },
    }


def _problems(instance: rds.GetInstanceResult, stage: Stage) -> Iterator[str]:
    supported = versions.POSTGRESQL_SUPPORTED
    if instance.engine != "postgres" or instance.engine_version.partition(".")[0] not in supported:
        yield (
            f"which runs {instance.engine} {instance.engine_version}; name one that runs postgres "
            f"{' or '.join(supported)}"
        )
    if instance.port != POSTGRESQL_PORT:
        yield f"which listens on {instance.port}; pods are let out to {POSTGRESQL_PORT} only"
    if instance.publicly_accessible:
        yield "which has a public address; take it away"
    if not instance.storage_encrypted:
        yield "whose storage is not encrypted; restore a snapshot into one whose storage is"
    if not instance.master_user_secrets:
        yield (
            "whose master password is not in Secrets Manager; let RDS keep it there: "
            "aws rds modify-db-instance --manage-master-user-password"
        )
    if instance.backup_retention_period < 1:
        yield "which is not backed up; give it at least one day of backups"
    if stage is Stage.PROD and not instance.multi_az:
        yield "which has no standby in a second zone; in prod it must, or one zone stops it"
    try:
        memory_bytes(instance.db_instance_class)
    except ValueError as error:
        yield f"for which no alarms can be made: {error}"
