"""What the CI roles may do to their own environment, to another team's, and to their own power."""

import json
from collections.abc import Iterable, Mapping, Sequence

import pytest

from mlops.access.ci_policies import DeployScope, deploy_policies, preview_policies
from mlops.access.grants import POLICY_LENGTH_LIMIT, Grant, document
from tests.components.access.policy_evaluator import allows

ACCOUNT = "123456789012"
EC2 = f"arn:aws:ec2:eu-west-1:{ACCOUNT}:"
ALARM = f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT}:alarm:"
BUDGET = f"arn:aws:budgets::{ACCOUNT}:budget/"
ROLES = f"arn:aws:iam::{ACCOUNT}:role/mlops/dev/fraud/"
ADMINISTRATOR = f"{ROLES}administrator"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/mlops/boundary"
BUCKET = "arn:aws:s3:::artifacts"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"
STATE_KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/state"
VALUES = {
    "account": ACCOUNT,
    "region": "eu-west-1",
    "team": "fraud",
    "stage": "dev",
    "stack": "fraud-dev",
    "project": "mlops",
    "role_path": "/mlops/dev/fraud/",
    "ci_prefix": "mlops-fraud-dev",
    "cluster": "demo",
    "cluster_admin_role": ADMINISTRATOR,
    "bucket": BUCKET,
    "key": KEY,
    "identity_provider": f"arn:aws:iam::{ACCOUNT}:oidc-provider/example",
    "boundary": BOUNDARY,
    "state_bucket": "arn:aws:s3:::state",
    "state_key": STATE_KEY,
}
# As long as names may be: a team of 20 characters, the longest region, names at their limits.
LONGEST = {
    **VALUES,
    "region": "ap-southeast-1",
    "team": "t" * 20,
    "stage": "stage",
    "stack": f"{'t' * 20}-stage",
    "role_path": f"/mlops/{'p' * 56}/stage/{'t' * 20}/",
    "ci_prefix": f"mlops-{'t' * 20}-stage",
    "cluster": "c" * 100,
    "cluster_admin_role": f"{ROLES}{'r' * 64}",
    "bucket": f"arn:aws:s3:::{'b' * 63}",
    "key": f"arn:aws:kms:ap-southeast-1:{ACCOUNT}:key/{'k' * 36}",
    "boundary": f"arn:aws:iam::{ACCOUNT}:policy/mlops/{'b' * 128}",
    "state_bucket": f"arn:aws:s3:::{'s' * 63}",
    "state_key": f"arn:aws:kms:ap-southeast-1:{ACCOUNT}:key/{'k' * 36}",
}
PREVIEW = preview_policies(DeployScope.STACK, with_state=True)
DEPLOY = deploy_policies(DeployScope.STACK, with_state=True, with_roles=True)
UNBOUNDED = deploy_policies(DeployScope.STACK, with_state=True, with_roles=False)
PLATFORM = deploy_policies(DeployScope.PLATFORM, with_state=True, with_roles=True)
IN_NAMESPACE = deploy_policies(DeployScope.NAMESPACE, with_state=True, with_roles=True)

OWN = {"aws:ResourceTag/team": "fraud", "aws:ResourceTag/stage": "dev"}
OTHERS = {"aws:ResourceTag/team": "fraud-2", "aws:ResourceTag/stage": "dev"}
OTHER_STAGE = {"aws:ResourceTag/team": "fraud", "aws:ResourceTag/stage": "prod"}
NEW = {"aws:RequestTag/team": "fraud", "aws:RequestTag/stage": "dev"}
BOUNDED = {"iam:PermissionsBoundary": BOUNDARY}
IN_REGION = {"aws:RequestedRegion": "eu-west-1"}
EKS_PASS = {"iam:PassedToService": "eks.amazonaws.com"}

# These read how things are set up, and can be limited to a region at most.
CONFIGURATION_PREFIXES = ("Describe", "Get", "List", "View")


def written(policies: Mapping[str, Sequence[Grant]]) -> list[str]:
    return [document(grants, VALUES) for grants in policies.values()]


def grants_of(policies: Mapping[str, Sequence[Grant]]) -> Iterable[Grant]:
    return (grant for grants in policies.values() for grant in grants)


@pytest.mark.parametrize("part", DEPLOY)
def test_no_policy_is_longer_than_iam_takes(part: str) -> None:
    assert len(document(DEPLOY[part], LONGEST)) <= POLICY_LENGTH_LIMIT


@pytest.mark.parametrize("policies", [PREVIEW, DEPLOY], ids=["preview", "deploy"])
def test_no_action_is_allowed_by_pattern(policies: Mapping[str, Sequence[Grant]]) -> None:
    allowed = [a for g in grants_of(policies) if g.effect == "Allow" for a in g.actions]
    assert allowed
    assert not [action for action in allowed if "*" in action]


@pytest.mark.parametrize("policies", [PREVIEW, DEPLOY], ids=["preview", "deploy"])
def test_only_reading_configuration_reaches_every_resource(
    policies: Mapping[str, Sequence[Grant]],
) -> None:
    unscoped = [grant for grant in grants_of(policies) if "*" in grant.resources]
    assert unscoped
    for grant in unscoped:
        assert grant.conditions, f"{grant.sid} is limited to the region"
        for action in grant.actions:
            assert action.split(":")[1].startswith(CONFIGURATION_PREFIXES), action


def test_sids_are_unique_and_documents_are_valid() -> None:
    for policies in (PREVIEW, DEPLOY):
        for text in written(policies):
            sids = [statement["Sid"] for statement in json.loads(text)["Statement"]]
            assert len(sids) == len(set(sids))
            assert all(sid.isalnum() for sid in sids)


PREVIEW_CASES = [
    ("eks:DescribeCluster", f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/demo", {}, True),
    ("eks:DescribeCluster", f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/other", {}, False),
    ("rds:DescribeDBInstances", "*", IN_REGION, True),
    ("rds:DescribeDBInstances", "*", {"aws:RequestedRegion": "us-east-1"}, False),
    ("s3:GetBucketPolicy", BUCKET, {}, True),
    ("s3:GetObject", f"{BUCKET}/model.pkl", {}, False),
    ("secretsmanager:GetSecretValue", "*", IN_REGION, False),
    ("logs:GetLogEvents", "*", IN_REGION, False),
    ("logs:FilterLogEvents", "*", IN_REGION, False),
    ("aps:QueryMetrics", "*", IN_REGION, False),
    ("kms:GetKeyPolicy", KEY, IN_REGION, True),
    ("kms:Decrypt", KEY, IN_REGION, False),
    ("kms:Decrypt", STATE_KEY, {}, True),
    ("sts:AssumeRole", ADMINISTRATOR, {}, False),
    ("iam:GetRole", f"{ROLES}tracking", {}, True),
    ("iam:GetRole", f"arn:aws:iam::{ACCOUNT}:role/mlops/dev/fraud-2/tracking", {}, False),
    ("iam:PassRole", f"{ROLES}tracking", EKS_PASS, False),
    ("s3:PutBucketPolicy", BUCKET, {}, False),
]


@pytest.mark.parametrize(("action", "resource", "context", "expected"), PREVIEW_CASES)
def test_a_preview_reads_configuration_and_nothing_else(
    action: str, resource: str, context: dict[str, str], expected: bool
) -> None:
    assert allows(written(PREVIEW), action, resource, context) is expected


STATE_CASES = [
    ("s3:GetObject", "stacks/mlops/fraud-dev.json", True, True),
    ("s3:GetObject", "stacks/mlops/fraud-dev-2.json", False, False),
    ("s3:GetObject", "stacks/mlops/fraud-prod.json", False, False),
    ("s3:GetObject", "history/mlops/fraud-dev-2/1.json", False, False),
    ("s3:GetObject", "backups/mlops/fraud-dev-2/1.json", False, False),
    ("s3:PutObject", "stacks/mlops/fraud-dev.json", False, True),
    ("s3:PutObject", "history/mlops/fraud-dev/1.json", False, True),
    ("s3:PutObject", "backups/mlops/fraud-dev/1.json", False, True),
    ("s3:PutObject", "locks/organization/mlops/fraud-dev/1.json", True, True),
    ("s3:DeleteObject", "locks/organization/mlops/fraud-dev/1.json", True, True),
    ("s3:DeleteObject", "locks/organization/mlops/fraud-dev-2/1.json", False, False),
    ("s3:PutObject", "meta.yaml", False, False),
]


@pytest.mark.parametrize(("action", "key", "preview", "deploy"), STATE_CASES)
def test_of_the_state_bucket_only_the_own_stack_is_reached(
    action: str, key: str, preview: bool, deploy: bool
) -> None:
    resource = f"arn:aws:s3:::state/.pulumi/{key}"
    assert allows(written(PREVIEW), action, resource) is preview
    assert allows(written(DEPLOY), action, resource) is deploy


DEPLOY_CASES = [
    # What exists is changed by its tags; another team's and another stage's is not.
    ("ec2:AuthorizeSecurityGroupIngress", f"{EC2}security-group/sg-1", OWN, True),
    ("ec2:AuthorizeSecurityGroupIngress", f"{EC2}security-group/sg-1", OTHERS, False),
    ("ec2:AuthorizeSecurityGroupIngress", f"{EC2}security-group/sg-1", OTHER_STAGE, False),
    ("rds:ModifyDBInstance", f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:demo", OWN, True),
    ("rds:ModifyDBInstance", f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:demo", OTHERS, False),
    ("sns:SetTopicAttributes", f"arn:aws:sns:eu-west-1:{ACCOUNT}:alerts", OWN, True),
    ("sns:SetTopicAttributes", f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts", OWN, False),
    # What is made carries the tags, and tags cannot be put on what is somebody else's.
    ("ec2:CreateSubnet", f"{EC2}subnet/*", NEW, True),
    ("ec2:CreateSubnet", f"{EC2}subnet/*", {}, False),
    ("ec2:CreateSubnet", f"{EC2}vpc/vpc-1", OWN, True),
    ("ec2:CreateSubnet", f"{EC2}vpc/vpc-1", OTHERS, False),
    ("cloudwatch:TagResource", f"{ALARM}fraud-dev-registry-cpu", NEW, True),
    ("cloudwatch:TagResource", f"{ALARM}fraud-dev-registry-cpu", {**NEW, **OTHERS}, False),
    ("cloudwatch:PutMetricAlarm", f"{ALARM}fraud-dev-registry-cpu", NEW, True),
    ("cloudwatch:PutMetricAlarm", f"{ALARM}fraud-dev-registry-cpu", {}, False),
    ("cloudwatch:DeleteAlarms", f"{ALARM}fraud-dev-registry-cpu", OWN, True),
    ("budgets:ModifyBudget", f"{BUDGET}fraud-dev-monthly", NEW, True),
    # What has no tags belongs to somebody too. To tag a log group would be to own it, and to own it
    # to shorten its memory; to own an alarm, to silence it.
    ("logs:TagResource", f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:audit", NEW, False),
    ("cloudwatch:TagResource", f"{ALARM}billing", NEW, False),
    ("cloudwatch:PutMetricAlarm", f"{ALARM}billing", NEW, False),
    ("budgets:TagResource", f"{BUDGET}account", NEW, False),
    ("sns:TagResource", f"arn:aws:sns:eu-west-1:{ACCOUNT}:incidents", NEW, False),
    ("rds:AddTagsToResource", f"arn:aws:rds:eu-west-1:{ACCOUNT}:pg:theirs", NEW, False),
    # Nor is it drawn in: a rule in somebody's group, a gateway in somebody's subnet.
    ("ec2:AuthorizeSecurityGroupIngress", f"{EC2}security-group-rule/*", NEW, True),
    ("ec2:AuthorizeSecurityGroupIngress", f"{EC2}security-group/sg-theirs", NEW, False),
    ("ec2:CreateNatGateway", f"{EC2}natgateway/*", NEW, True),
    ("ec2:CreateNatGateway", f"{EC2}subnet/subnet-own", OWN, True),
    ("ec2:CreateNatGateway", f"{EC2}subnet/subnet-theirs", NEW, False),
    ("logs:PutRetentionPolicy", f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:x", OWN, True),
    ("ec2:CreateTags", f"{EC2}subnet/s-1", {"ec2:CreateAction": "CreateSubnet"}, True),
    ("ec2:CreateTags", f"{EC2}subnet/s-1", {**NEW, **OTHERS}, False),
    # What holds data, or what everything stands on, is neither made nor deleted.
    ("ec2:DeleteVpc", f"{EC2}vpc/vpc-1", OWN, False),
    ("rds:DeleteDBInstance", f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:demo", OWN, False),
    ("rds:ModifyDBParameterGroup", f"arn:aws:rds:eu-west-1:{ACCOUNT}:pg:own", OWN, True),
    ("rds:CreateDBParameterGroup", f"arn:aws:rds:eu-west-1:{ACCOUNT}:pg:new", NEW, False),
    ("sns:CreateTopic", f"arn:aws:sns:eu-west-1:{ACCOUNT}:new", NEW, False),
    ("sns:DeleteTopic", f"arn:aws:sns:eu-west-1:{ACCOUNT}:alerts", OWN, False),
    ("s3:DeleteBucket", BUCKET, {}, False),
    ("s3:PutBucketVersioning", BUCKET, {}, True),
    ("s3:PutBucketVersioning", "arn:aws:s3:::artifacts-2", {}, False),
    ("s3:GetObject", f"{BUCKET}/model.pkl", {}, False),
    ("kms:ScheduleKeyDeletion", KEY, OWN, False),
    ("kms:PutKeyPolicy", KEY, OWN, False),
    ("kms:CreateGrant", KEY, {"kms:GrantIsForAWSResource": "true"}, True),
    ("kms:CreateGrant", KEY, {"kms:GrantIsForAWSResource": "false"}, False),
    ("kms:CreateGrant", KEY, {}, False),
    ("logs:CreateLogGroup", f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:x", NEW, False),
    ("logs:DeleteLogGroup", f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:x", OWN, False),
    ("eks:DeleteCluster", f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/demo", OWN, False),
    ("eks:UpdateClusterVersion", f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/demo", {}, True),
    ("eks:UpdateClusterVersion", f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/demo-2", {}, False),
    # Access to the cluster comes from its administrator role, never from a new entry.
    ("sts:AssumeRole", ADMINISTRATOR, {}, True),
    ("sts:AssumeRole", f"{ROLES}tracking", {}, False),
    ("eks:CreateAccessEntry", f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/demo", {}, False),
    ("eks:AssociateAccessPolicy", f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/demo", {}, False),
    # Roles: within path and boundary, handed to the services that need them.
    ("iam:PassRole", f"{ROLES}tracking", EKS_PASS, True),
    ("iam:PassRole", f"{ROLES}tracking", {}, False),
    ("iam:PassRole", f"{ROLES}tracking", {"iam:PassedToService": "lambda.amazonaws.com"}, False),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/other", EKS_PASS, False),
    ("iam:CreateRole", f"{ROLES}tracking", BOUNDED, True),
    ("iam:CreateRole", f"{ROLES}tracking", {}, False),
    ("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/mlops/dev/other/x", BOUNDED, False),
    ("iam:PutRolePolicy", f"{ROLES}tracking", BOUNDED, True),
    ("iam:PutRolePolicy", f"{ROLES}tracking", {"iam:PermissionsBoundary": "other"}, False),
]


@pytest.mark.parametrize(("action", "resource", "context", "expected"), DEPLOY_CASES)
def test_a_deployment_changes_its_own_environment_only(
    action: str, resource: str, context: dict[str, str], expected: bool
) -> None:
    assert allows(written(DEPLOY), action, resource, context) is expected


@pytest.mark.parametrize("power", ["deploy", "preview"])
@pytest.mark.parametrize(
    ("action", "context"),
    [
        ("iam:PutRolePolicy", BOUNDED),
        ("iam:UpdateAssumeRolePolicy", {}),
        ("iam:DeleteRole", {}),
        ("iam:PassRole", EKS_PASS),
    ],
)
def test_ci_never_changes_its_own_power(power: str, action: str, context: dict[str, str]) -> None:
    assert allows(written(DEPLOY), action, f"{ROLES}tracking", context), "but other roles'"
    assert not allows(written(DEPLOY), action, f"{ROLES}mlops-fraud-dev-{power}", context)
    assert not allows(written(DEPLOY), action, ADMINISTRATOR, context)


ESCALATIONS = [
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateOpenIDConnectProvider",
    "iam:CreatePolicyVersion",
    "iam:CreateServiceLinkedRole",
    "iam:DeleteRolePermissionsBoundary",
    "iam:PutGroupPolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateLoginProfile",
    "iam:UpdateOpenIDConnectProviderThumbprint",
    "lambda:CreateFunction",
    "lambda:UpdateFunctionCode",
    "cloudformation:CreateStack",
    "ec2:RunInstances",
    "ssm:SendCommand",
]


@pytest.mark.parametrize("action", ESCALATIONS)
def test_no_known_way_up_is_allowed(action: str) -> None:
    context = {**OWN, **BOUNDED, **IN_REGION, **EKS_PASS}
    for resource in (
        f"{ROLES}tracking",
        f"arn:aws:iam::{ACCOUNT}:policy/mlops/dev/fraud/x",
        f"arn:aws:iam::{ACCOUNT}:user/x",
        f"{EC2}instance/*",
        "*",
    ):
        assert not allows(written(DEPLOY), action, resource, context)


def test_a_role_takes_known_policies_of_aws_only() -> None:
    def attach(policy: str) -> bool:
        context = {**BOUNDED, "iam:PolicyARN": f"arn:aws:iam::aws:policy/{policy}"}
        return allows(written(DEPLOY), "iam:AttachRolePolicy", f"{ROLES}node", context)

    assert attach("AmazonEKSWorkerNodeMinimalPolicy")
    assert attach("service-role/AmazonRDSEnhancedMonitoringRole")
    assert not attach("AdministratorAccess")
    assert not attach("IAMFullAccess")


@pytest.mark.parametrize("action", ["iam:CreateRole", "iam:PutRolePolicy", "iam:UpdateRole"])
def test_without_a_boundary_roles_cannot_be_written(action: str) -> None:
    assert allows(written(DEPLOY), action, f"{ROLES}tracking", BOUNDED)
    assert not allows(written(UNBOUNDED), action, f"{ROLES}tracking", BOUNDED)


def test_a_team_on_a_shared_platform_cannot_change_the_platform() -> None:
    group = f"{EC2}security-group/sg-1"
    assert allows(written(DEPLOY), "ec2:RevokeSecurityGroupIngress", group, OWN)
    assert not allows(written(IN_NAMESPACE), "ec2:RevokeSecurityGroupIngress", group, OWN)
    assert allows(written(DEPLOY), "sts:AssumeRole", ADMINISTRATOR, {})
    assert not allows(written(IN_NAMESPACE), "sts:AssumeRole", ADMINISTRATOR, {})
    cluster = f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/demo"
    assert allows(written(IN_NAMESPACE), "eks:DescribeCluster", cluster, {})


def test_whoever_runs_a_platform_needs_no_artifacts() -> None:
    group = f"{EC2}security-group/sg-1"
    assert allows(written(PLATFORM), "ec2:RevokeSecurityGroupIngress", group, OWN)
    assert allows(written(DEPLOY), "s3:PutBucketPolicy", BUCKET, {})
    assert not allows(written(PLATFORM), "s3:PutBucketPolicy", BUCKET, {})


def test_a_missing_placeholder_is_an_error() -> None:
    incomplete = {key: value for key, value in VALUES.items() if key != "boundary"}
    with pytest.raises(KeyError, match="boundary"):
        document(DEPLOY["roles"], incomplete)
