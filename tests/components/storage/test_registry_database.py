"""What a RegistryDatabase makes of its arguments."""

import re

import pytest

from mlops.storage.registry_database import RegistryDatabase, RegistryDatabaseArgs
from tests.components.access.policy_evaluator import trusts
from tests.conftest import Deploy

ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"
DEV: RegistryDatabaseArgs = {
    "identifier": "fraud-dev",
    "vpc_id": "vpc-1",
    "subnet_ids": ["subnet-a", "subnet-b"],
    "client_security_group_id": "sg-cluster",
    "kms_key_arn": KEY,
    "account_id": ACCOUNT,
    "region": "eu-west-1",
    "engine_version": "17",
    "instance_class": "db.t4g.medium",
    "storage_gib": 20,
    "max_storage_gib": 100,
    "multi_az": False,
    "backup_retention_days": 7,
    "on_destroy": "delete",
    "log_retention_days": 14,
}
PROD: RegistryDatabaseArgs = {
    **DEV,
    "multi_az": True,
    "backup_retention_days": 35,
    "on_destroy": "retain",
    "role_path": "/mlops/prod/fraud/",
    "permissions_boundary_arn": f"arn:aws:iam::{ACCOUNT}:policy/mlops/boundary",
}


def test_children_are_named_by_role_and_parented(deploy: Deploy) -> None:
    graph = deploy(lambda: RegistryDatabase("database", DEV))
    database = graph.named("database")
    assert database.type == "mlops:index:RegistryDatabase"
    assert {(r.type, r.name) for r in graph.children_of(database.urn)} == {
        ("aws:ec2/securityGroup:SecurityGroup", "database-security-group"),
        ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "database-clients"),
        ("aws:rds/subnetGroup:SubnetGroup", "database-subnets"),
        ("aws:rds/parameterGroup:ParameterGroup", "database-parameters"),
        ("aws:cloudwatch/logGroup:LogGroup", "database-logs-postgresql"),
        ("aws:cloudwatch/logGroup:LogGroup", "database-logs-upgrade"),
        ("aws:iam/role:Role", "database-monitoring-role"),
        ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "database-monitoring-policy"),
        ("aws:rds/instance:Instance", "database-instance"),
    }
    assert len(list(graph)) == 10, "nothing lies outside the component"


def test_everything_it_keeps_is_encrypted_with_the_given_key(deploy: Deploy) -> None:
    graph = deploy(lambda: RegistryDatabase("database", DEV))
    instance = graph.named("database-instance").inputs
    assert instance["storageEncrypted"] is True
    for key in ("kmsKeyId", "masterUserSecretKmsKeyId", "performanceInsightsKmsKeyId"):
        assert instance[key] == KEY
    for group in graph.of_type("aws:cloudwatch/logGroup:LogGroup"):
        assert group.inputs["kmsKeyId"] == KEY


def test_the_master_password_is_made_by_aws_and_nobody_is_called_postgres(deploy: Deploy) -> None:
    instance = deploy(lambda: RegistryDatabase("database", DEV)).named("database-instance").inputs
    assert instance["manageMasterUserPassword"] is True
    assert not {"password", "passwordWo"} & set(instance)
    assert instance["username"] not in ("postgres", "admin", "root", "rdsadmin")
    assert instance["iamDatabaseAuthenticationEnabled"] is True


def test_only_clients_reach_it_and_it_reaches_nothing(deploy: Deploy) -> None:
    graph = deploy(lambda: RegistryDatabase("database", DEV))
    group = graph.named("database-security-group")
    rule = graph.named("database-clients").inputs
    instance = graph.named("database-instance").inputs
    assert rule["referencedSecurityGroupId"] == "sg-cluster"
    assert (rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("tcp", 5432, 5432)
    assert not {"cidrIpv4", "cidrIpv6"} & set(rule)
    assert not {"ingress", "egress"} & set(group.inputs)
    assert not graph.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert len(instance["vpcSecurityGroupIds"]) == 1
    assert instance["publiclyAccessible"] is False
    assert graph.named("database-subnets").inputs["subnetIds"] == ["subnet-a", "subnet-b"]


def test_clients_must_use_tls_and_what_changes_the_schema_is_logged(deploy: Deploy) -> None:
    graph = deploy(lambda: RegistryDatabase("database", DEV))
    group = graph.named("database-parameters")
    assert group.inputs["family"] == "postgres17"
    values = {p["name"]: p["value"] for p in group.inputs["parameters"]}
    assert values["rds.force_ssl"] == "1"
    assert values["log_statement"] == "ddl"
    assert int(values["log_min_duration_statement"]) > 0
    instance = graph.named("database-instance")
    assert instance.property_dependencies["parameterGroupName"] == {group.urn}
    subnets = graph.named("database-subnets")
    assert instance.property_dependencies["dbSubnetGroupName"] == {subnets.urn}


@pytest.mark.parametrize(("version", "family"), [("17", "postgres17"), ("16.4", "postgres16")])
def test_the_parameters_belong_to_the_major_version(
    deploy: Deploy, version: str, family: str
) -> None:
    graph = deploy(lambda: RegistryDatabase("database", {**DEV, "engine_version": version}))
    assert graph.named("database-parameters").inputs["family"] == family
    assert graph.named("database-instance").inputs["engineVersion"] == version


def test_logs_have_a_home_with_retention_before_the_database_writes(deploy: Deploy) -> None:
    graph = deploy(lambda: RegistryDatabase("database", DEV))
    instance = graph.named("database-instance")
    assert instance.inputs["identifier"] == "fraud-dev"
    for log in instance.inputs["enabledCloudwatchLogsExports"]:
        group = graph.named(f"database-logs-{log}")
        assert group.inputs["name"] == f"/aws/rds/instance/fraud-dev/{log}"
        assert group.inputs["retentionInDays"] == 14
        assert group.urn in instance.depends_on
    assert set(instance.inputs["enabledCloudwatchLogsExports"]) == {"postgresql", "upgrade"}


def test_it_is_watched_closely_by_a_role_of_its_own(deploy: Deploy) -> None:
    graph = deploy(lambda: RegistryDatabase("database", PROD))
    instance, role = graph.named("database-instance"), graph.named("database-monitoring-role")
    assert instance.inputs["monitoringInterval"] == 60
    assert instance.inputs["performanceInsightsEnabled"] is True
    assert graph.named("database-monitoring-policy").urn in instance.depends_on
    assert role.inputs["path"] == "/mlops/prod/fraud/"
    assert role.inputs["permissionsBoundary"] == PROD.get("permissions_boundary_arn")
    trust = role.inputs["assumeRolePolicy"]
    arn = f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:fraud-dev"
    own = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": arn}
    assert trusts(trust, "monitoring.rds.amazonaws.com", "sts:AssumeRole", own)
    other = {**own, "aws:SourceArn": f"{arn}-2"}
    assert not trusts(trust, "monitoring.rds.amazonaws.com", "sts:AssumeRole", other)


@pytest.mark.parametrize(("args", "kept"), [(DEV, False), (PROD, True)])
def test_on_destroy_decides_whether_the_data_outlives_the_stack(
    deploy: Deploy, args: RegistryDatabaseArgs, kept: bool
) -> None:
    instance = deploy(lambda: RegistryDatabase("database", args)).named("database-instance")
    assert instance.protect is kept
    assert instance.inputs["deletionProtection"] is kept
    assert instance.inputs["skipFinalSnapshot"] is not kept
    assert instance.inputs["deleteAutomatedBackups"] is not kept
    assert instance.inputs["applyImmediately"] is not kept
    assert ("finalSnapshotIdentifier" in instance.inputs) is kept


def test_two_databases_of_one_name_leave_two_final_snapshots(deploy: Deploy) -> None:
    def snapshot(name: str) -> str:
        # Another logical name stands for another life: AWS gives its security group another id.
        graph = deploy(lambda: RegistryDatabase(name, PROD))
        found: str = graph.named(f"{name}-instance").inputs["finalSnapshotIdentifier"]
        return found

    first, second = snapshot("first"), snapshot("second")
    assert first != second
    for identifier in (first, second):
        assert re.fullmatch(r"fraud-dev-final-[0-9a-f]{17}", identifier), "what RDS takes"


@pytest.mark.parametrize("args", [DEV, PROD])
def test_another_major_version_is_refused_by_aws_unless_it_is_meant(
    deploy: Deploy, args: RegistryDatabaseArgs
) -> None:
    refused = deploy(lambda: RegistryDatabase("database", args)).named("database-instance").inputs
    assert "allowMajorVersionUpgrade" not in refused
    meant: RegistryDatabaseArgs = {**args, "major_upgrade": "now"}
    upgraded = deploy(lambda: RegistryDatabase("database", meant)).named("database-instance").inputs
    assert upgraded["allowMajorVersionUpgrade"] is True
    assert upgraded["applyImmediately"] is True


@pytest.mark.parametrize("args", [DEV, PROD])
def test_size_standby_and_backups_are_as_given(deploy: Deploy, args: RegistryDatabaseArgs) -> None:
    instance = deploy(lambda: RegistryDatabase("database", args)).named("database-instance").inputs
    assert instance["storageType"] == "gp3"
    assert instance["allocatedStorage"] == 20
    assert instance["maxAllocatedStorage"] == 100
    assert instance["instanceClass"] == "db.t4g.medium"
    assert instance["multiAz"] is args["multi_az"]
    assert instance["backupRetentionPeriod"] == args["backup_retention_days"]
    assert instance["copyTagsToSnapshot"] is True
    assert instance["autoMinorVersionUpgrade"] is True
    assert instance["caCertIdentifier"] == "rds-ca-rsa2048-g1"


def test_who_uses_the_host_name_waits_until_clients_are_let_in(deploy: Deploy) -> None:
    def program() -> None:
        first = RegistryDatabase("first", DEV)
        RegistryDatabase("second", {**DEV, "vpc_id": first.endpoint_host})

    graph = deploy(program)
    waits_for = graph.named("second-security-group").property_dependencies["vpcId"]
    assert waits_for == {graph.named("first-instance").urn, graph.named("first-clients").urn}


def test_outputs_are_those_of_the_database(deploy: Deploy) -> None:
    graph = deploy(lambda: RegistryDatabase("database", DEV))
    outputs = graph.component_outputs[graph.named("database").urn]
    assert outputs["endpointHost"].startswith("fraud-dev.")
    assert outputs["port"] == 5432
    assert ":secret:rds!db-" in outputs["masterSecretArn"]
    assert outputs["instanceIdentifier"] == "fraud-dev"
    assert outputs["instanceArn"] == f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:fraud-dev"
    assert outputs["securityGroupId"].startswith("sg-")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"on_destroy": "keep"}, "on_destroy is 'keep'; allowed are 'delete' and 'retain'"),
        ({"engine_version": "latest"}, "engine_version is 'latest'"),
        ({"major_upgrade": "yes"}, "major_upgrade is 'yes'; allowed are 'refuse' and 'now'"),
        ({"backup_retention_days": 0}, "backup_retention_days is 0; allowed are 1 to 35"),
        ({"backup_retention_days": 36}, "allowed are 1 to 35"),
        ({"max_storage_gib": 20}, "max_storage_gib is 20"),
        ({"max_storage_gib": 21}, "must be at least a tenth larger"),
    ],
)
def test_what_aws_would_refuse_later_is_refused_now(
    deploy: Deploy, wrong: dict[str, object], message: str
) -> None:
    args: RegistryDatabaseArgs = {**DEV, **wrong}  # type: ignore[typeddict-item]
    with pytest.raises(ValueError, match=message):
        deploy(lambda: RegistryDatabase("database", args))


def test_a_tenth_of_room_to_grow_is_enough(deploy: Deploy) -> None:
    graph = deploy(lambda: RegistryDatabase("database", {**DEV, "max_storage_gib": 22}))
    assert graph.named("database-instance").inputs["maxAllocatedStorage"] == 22
