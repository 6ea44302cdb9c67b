"""What really exists in AWS after `up`, asked of the emulated services."""

import json
from typing import Any

import pytest

from tests.engine.sandboxes import STACK, SandboxUnderTest, outputs_of

pytestmark = pytest.mark.engine

Resources = list[dict[str, Any]]


@pytest.fixture(scope="module")
def bucket(up_result: dict[str, Any]) -> str:
    """Return the name of the team's bucket."""
    name: str = up_result["outputs"]["artifactBucket"]
    return name


@pytest.fixture(scope="module")
def cluster(environment: SandboxUnderTest) -> dict[str, Any]:
    """Return the EKS cluster."""
    found: dict[str, Any] = environment.aws("eks").describe_cluster(name=STACK)["cluster"]
    return found


@pytest.fixture(scope="module")
def database(environment: SandboxUnderTest) -> dict[str, Any]:
    """Return the one database instance."""
    [found] = environment.aws("rds").describe_db_instances()["DBInstances"]
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def team_key(resources: Resources) -> str:
    """Return the ARN of the team's key."""
    arn: str = outputs_of(resources, "environment-key-key")["arn"]
    return arn


@pytest.fixture(scope="module")
def platform_key(resources: Resources) -> str:
    """Return the ARN of the platform's key."""
    arn: str = outputs_of(resources, "platform-key-key")["arn"]
    return arn


def test_the_bucket_keeps_versions(environment: SandboxUnderTest, bucket: str) -> None:
    s3 = environment.aws("s3")
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    first = s3.put_object(Bucket=bucket, Key="mlflow/model", Body=b"1")["VersionId"]
    second = s3.put_object(Bucket=bucket, Key="mlflow/model", Body=b"2")["VersionId"]
    old = s3.get_object(Bucket=bucket, Key="mlflow/model", VersionId=first)
    assert (old["Body"].read(), first != second) == (b"1", True)


def test_the_bucket_encrypts_with_the_teams_key(
    environment: SandboxUnderTest, bucket: str, team_key: str
) -> None:
    s3 = environment.aws("s3")
    [rule] = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["BucketKeyEnabled"] is True
    assert rule["ApplyServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": team_key,
    }


def test_the_bucket_is_private(environment: SandboxUnderTest, bucket: str) -> None:
    s3 = environment.aws("s3")
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert len(block) == 4
    assert all(block.values())
    [rule] = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert rule["ObjectOwnership"] == "BucketOwnerEnforced"


def test_the_bucket_refuses_plain_http(environment: SandboxUnderTest, bucket: str) -> None:
    policy = json.loads(environment.aws("s3").get_bucket_policy(Bucket=bucket)["Policy"])
    denied = [s for s in policy["Statement"] if s["Effect"] == "Deny"]
    plain = [s for s in denied if s["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}]
    arn = f"arn:aws:s3:::{bucket}"
    assert [(s["Action"], sorted(s["Resource"])) for s in plain] == [("s3:*", [arn, f"{arn}/*"])]


def test_every_key_is_rotated_and_has_an_alias(environment: SandboxUnderTest) -> None:
    kms = environment.aws("kms")
    keys = [key["KeyId"] for key in kms.list_keys()["Keys"]]
    assert len(keys) == 2
    assert all(kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] for key in keys)
    assert {alias["TargetKeyId"] for alias in kms.list_aliases()["Aliases"]} >= set(keys)


def test_the_cluster_is_entered_through_access_entries_only(
    environment: SandboxUnderTest, cluster: dict[str, Any]
) -> None:
    assert cluster["status"] == "ACTIVE"
    assert cluster["accessConfig"]["authenticationMode"] == "API"
    eks = environment.aws("eks")
    granted = {
        principal.rsplit("/", 1)[1]: [
            (policy["policyArn"].rsplit("/", 1)[1], policy["accessScope"]["type"])
            for policy in eks.list_associated_access_policies(
                clusterName=STACK, principalArn=principal
            )["associatedAccessPolicies"]
        ]
        for principal in eks.list_access_entries(clusterName=STACK)["accessEntries"]
    }
    [administrator] = [name for name in granted if "administrator" in name]
    assert granted.pop(administrator) == [("AmazonEKSClusterAdminPolicy", "cluster")]
    assert granted == {f"mlops-{STACK}-preview": []}, "a group decides what a preview reads"


def test_the_cluster_encrypts_secrets_and_writes_every_log(
    environment: SandboxUnderTest, cluster: dict[str, Any], platform_key: str
) -> None:
    assert cluster["encryptionConfig"] == [
        {"resources": ["secrets"], "provider": {"keyArn": platform_key}}
    ]
    enabled = [log for log in cluster["logging"]["clusterLogging"] if log["enabled"]]
    assert {kind for log in enabled for kind in log["types"]} >= {"api", "audit", "authenticator"}
    addons = environment.aws("eks").list_addons(clusterName=STACK)["addons"]
    assert "metrics-server" in addons


def test_each_workload_has_a_role_that_only_it_can_assume(environment: SandboxUnderTest) -> None:
    eks, iam = environment.aws("eks"), environment.aws("iam")
    found = eks.list_pod_identity_associations(clusterName=STACK)["associations"]
    described = [
        eks.describe_pod_identity_association(
            clusterName=STACK, associationId=association["associationId"]
        )["association"]
        for association in found
    ]
    workloads = {(a["namespace"], a["serviceAccount"]) for a in described}
    assert workloads == {(STACK, "mlflow"), ("mlops-system", f"database-tenant-{STACK}")}
    assert len({a["roleArn"] for a in described}) == len(described)
    for association in described:
        role = iam.get_role(RoleName=association["roleArn"].rsplit("/", 1)[1])["Role"]
        [statement] = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
        told = statement["Condition"]["StringEquals"]
        assert told["aws:RequestTag/kubernetes-namespace"] == association["namespace"]
        assert told["aws:RequestTag/kubernetes-service-account"] == association["serviceAccount"]


def test_the_database_is_encrypted_private_and_backed_up(
    database: dict[str, Any], platform_key: str
) -> None:
    assert database["DBInstanceStatus"] == "available"
    assert (database["StorageEncrypted"], database["KmsKeyId"]) == (True, platform_key)
    assert database["PubliclyAccessible"] is False
    assert database["BackupRetentionPeriod"] >= 7
    assert database["IAMDatabaseAuthenticationEnabled"] is True


def test_the_database_is_reached_from_the_cluster_only(
    environment: SandboxUnderTest, database: dict[str, Any], cluster: dict[str, Any]
) -> None:
    [group] = [group["VpcSecurityGroupId"] for group in database["VpcSecurityGroups"]]
    [found] = environment.aws("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    [ingress] = found["IpPermissions"]
    assert (ingress["FromPort"], ingress["ToPort"], ingress["IpRanges"]) == (5432, 5432, [])
    [source] = ingress["UserIdGroupPairs"]
    assert source["GroupId"] == cluster["resourcesVpcConfig"]["clusterSecurityGroupId"]


def test_every_log_group_is_kept_for_a_time_and_encrypted(
    environment: SandboxUnderTest, platform_key: str
) -> None:
    groups = environment.aws("logs").describe_log_groups()["logGroups"]
    assert {g["logGroupName"] for g in groups} >= {
        f"/aws/eks/{STACK}/cluster",
        f"/aws/rds/instance/{STACK}-registry/postgresql",
    }
    assert {(g["retentionInDays"], g["kmsKeyId"]) for g in groups} == {(14, platform_key)}


def test_the_default_security_group_lets_nothing_through(
    environment: SandboxUnderTest, up_result: dict[str, Any]
) -> None:
    of_vpc = {"Name": "vpc-id", "Values": [up_result["outputs"]["vpcId"]]}
    groups = environment.aws("ec2").describe_security_groups(Filters=[of_vpc])["SecurityGroups"]
    [default] = [group for group in groups if group["GroupName"] == "default"]
    assert (default["IpPermissions"], default["IpPermissionsEgress"]) == ([], [])


def test_the_network_is_watched_and_reaches_storage_privately(
    environment: SandboxUnderTest, up_result: dict[str, Any]
) -> None:
    ec2 = environment.aws("ec2")
    [flow_log] = ec2.describe_flow_logs()["FlowLogs"]
    assert (flow_log["ResourceId"], flow_log["TrafficType"]) == (
        up_result["outputs"]["vpcId"],
        "ALL",
    )
    endpoints = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    assert {e["ServiceName"].rsplit(".", 1)[1] for e in endpoints} == {"s3", "dynamodb"}
    assert all("aws:ResourceAccount" in endpoint["PolicyDocument"] for endpoint in endpoints)


def test_alarms_and_alerts_arrive_at_the_encrypted_topic(
    environment: SandboxUnderTest, up_result: dict[str, Any], platform_key: str
) -> None:
    topic = up_result["outputs"]["alertsTopicArn"]
    alarms = environment.aws("cloudwatch").describe_alarms()["MetricAlarms"]
    assert alarms
    assert {action for alarm in alarms for action in alarm["AlarmActions"]} == {topic}
    attributes = environment.aws("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
    assert attributes["KmsMasterKeyId"] == platform_key
    amp = environment.aws("amp")
    [workspace] = amp.list_workspaces()["workspaces"]
    identifier = workspace["workspaceId"]
    assert amp.describe_workspace(workspaceId=identifier)["workspace"]["kmsKeyArn"] == platform_key
    definition = amp.describe_alert_manager_definition(workspaceId=identifier)
    assert topic in definition["alertManagerDefinition"]["data"].decode()


@pytest.mark.parametrize(
    ("role", "subject"), [("preview", "pull_request"), ("deploy", "environment:dev")]
)
def test_ci_roles_trust_one_repository(
    environment: SandboxUnderTest, up_result: dict[str, Any], role: str, subject: str
) -> None:
    name = up_result["outputs"]["ciRoleArns"][role].rsplit("/", 1)[1]
    found = environment.aws("iam").get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    [statement] = found["Statement"]
    conditions = statement["Condition"]
    issuer = "token.actions.githubusercontent.com"
    assert conditions["StringEquals"][f"{issuer}:aud"] == "sts.amazonaws.com"
    assert conditions["StringEquals"][f"{issuer}:repository_id"] == "123456789"
    assert f"repo:example/demo-models:{subject}" in conditions["StringLike"][f"{issuer}:sub"]


def test_the_budget_is_the_one_of_the_stack_file(environment: SandboxUnderTest) -> None:
    [budget] = environment.aws("budgets").describe_budgets(AccountId="123456789012")["Budgets"]
    assert float(budget["BudgetLimit"]["Amount"]) == 800
