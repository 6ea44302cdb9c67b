"""What a platform makes, and what it takes as it is."""

import pytest

from mlops.platform import Platform, PlatformArgs
from mlops.settings import (
    DatabaseConnection,
    DatabaseSettings,
    NetworkConnection,
    NetworkSettings,
)
from tests.conftest import Deploy

NETWORK: NetworkSettings = {
    "cidr": "10.50.0.0/16",
    "availability_zones": ["eu-west-1a", "eu-west-1b"],
    "nat": "one",
}
EXISTING_NETWORK: NetworkConnection = {
    "vpc_id": "vpc-1",
    "vpc_cidr": "10.60.0.0/16",
    "private_subnet_ids": ["subnet-1", "subnet-2"],
    "private_cidrs": ["10.60.1.0/24", "10.60.2.0/24"],
    "database_subnet_ids": ["subnet-3", "subnet-4"],
    "database_cidrs": ["10.60.3.0/24", "10.60.4.0/24"],
}
EXISTING_DATABASE: DatabaseConnection = {
    "host": "acme.example",
    "port": 5432,
    "cidrs": ["10.70.0.0/24"],
    "master_secret_arn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1-AbCdEf",
    "master_secret_key_arn": "arn:aws:kms:eu-west-1:123456789012:key/2",
    "watched": {
        "instance_identifier": "acme",
        "instance_class": "db.m7g.large",
        "storage_gib": 50,
    },
}
DATABASE: DatabaseSettings = {
    "identifier": "fraud-dev-registry",
    "engine_version": "17",
    "instance_class": "db.t4g.small",
    "storage_gib": 20,
    "max_storage_gib": 100,
    "multi_az": False,
    "backup_retention_days": 7,
    "on_destroy": "delete",
}
BARE: PlatformArgs = {
    "title": "fraud-dev",
    "account_id": "123456789012",
    "region": "eu-west-1",
    "key_alias": "mlops/fraud-dev/platform",
    "log_group_prefix": "/mlops/dev/fraud",
    "log_retention_days": 14,
    "alert_emails": [],
    "cluster": {
        "name": "fraud-dev",
        "version": "1.34",
        "public_access_cidrs": [],
        "admin_principal_arns": [],
        "addons": {},
        "on_destroy": "delete",
    },
    "role_path": "/mlops/dev/fraud/",
}
ARGS: PlatformArgs = {**BARE, "database": DATABASE}
PARTS = {
    "platform-key",
    "platform-network",
    "platform-cluster",
    "platform-database",
    "platform-monitoring",
}


def parts(deploy: Deploy, args: PlatformArgs) -> set[str]:
    graph = deploy(lambda: Platform("platform", args))
    return {each.name for each in graph.children_of(graph.named("platform").urn)}


def test_all_parts_are_made_unless_something_is_given(deploy: Deploy) -> None:
    assert parts(deploy, {**ARGS, "network": NETWORK}) == PARTS


def test_a_given_key_is_passed_on_and_not_made(deploy: Deploy) -> None:
    key = "arn:aws:kms:eu-west-1:123456789012:key/1"
    args: PlatformArgs = {**ARGS, "network": NETWORK, "kms_key_arn": key}
    assert parts(deploy, args) == PARTS - {"platform-key"}
    graph = deploy(lambda: Platform("platform", args))
    assert graph.component_outputs[graph.named("platform").urn]["kmsKeyArn"] == key


def test_a_given_network_is_passed_on_and_not_made(deploy: Deploy) -> None:
    args: PlatformArgs = {**ARGS, "existing_network": EXISTING_NETWORK}
    assert parts(deploy, args) == PARTS - {"platform-network"}
    graph = deploy(lambda: Platform("platform", args))
    outputs = graph.component_outputs[graph.named("platform").urn]
    assert outputs["vpcId"] == EXISTING_NETWORK["vpc_id"]
    assert outputs["vpcCidr"] == EXISTING_NETWORK["vpc_cidr"]
    assert outputs["privateCidrs"] == EXISTING_NETWORK["private_cidrs"]
    assert outputs["databaseCidrs"] == EXISTING_NETWORK["database_cidrs"]


def test_a_platform_without_any_network_is_refused(deploy: Deploy) -> None:
    with pytest.raises(ValueError, match="there is no network; give `network`, or"):
        deploy(lambda: Platform("platform", ARGS))


def test_a_given_database_is_passed_on_and_watched_but_not_made(deploy: Deploy) -> None:
    args: PlatformArgs = {
        **BARE,
        "existing_network": EXISTING_NETWORK,
        "existing_database": EXISTING_DATABASE,
    }
    graph = deploy(lambda: Platform("platform", args))
    platform = graph.named("platform")
    children = {each.name for each in graph.children_of(platform.urn)}
    assert children == PARTS - {"platform-network", "platform-database"}
    outputs = graph.component_outputs[platform.urn]
    assert outputs["databaseHost"] == "acme.example"
    assert outputs["databasePort"] == 5432
    assert outputs["databaseCidrs"] == ["10.70.0.0/24"]
    assert outputs["databaseMasterSecretArn"] == EXISTING_DATABASE["master_secret_arn"]
    assert outputs["databaseMasterSecretKeyArn"] == EXISTING_DATABASE["master_secret_key_arn"]
    watched = [
        alarm.inputs["dimensions"]["DBInstanceIdentifier"]
        for alarm in graph.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
    ]
    assert watched
    assert set(watched) == {"acme"}


def test_the_secret_of_a_database_made_here_lies_under_the_key_of_the_platform(
    deploy: Deploy,
) -> None:
    graph = deploy(lambda: Platform("platform", {**ARGS, "network": NETWORK}))
    outputs = graph.component_outputs[graph.named("platform").urn]
    assert outputs["databaseMasterSecretKeyArn"] == outputs["kmsKeyArn"]


def test_a_platform_without_any_database_is_refused(deploy: Deploy) -> None:
    with pytest.raises(ValueError, match="there is no database; give `database`, or"):
        deploy(lambda: Platform("platform", {**BARE, "network": NETWORK}))
