"""Whoever takes over CI can give a new role every permission, but none beyond the boundary.

The policies of such a role are taken to allow everything, so the boundary alone decides. Beside
each attack stands what the same hands may do, lest the attack fail for another reason.
"""

import json
from collections.abc import Mapping

import pytest

from infra.bootstrap.boundary import Scope, boundary, scope_of
from infra.bootstrap.names import boundary_arn, identity_provider_arn
from tests.components.access.policy_evaluator import allows

ACCOUNT = "123456789012"
OTHER_ACCOUNT = "210987654321"
BUCKET = "arn:aws:s3:::mlops-state-123456789012-eu-west-1"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/state"
ALIAS = f"arn:aws:kms:eu-west-1:{ACCOUNT}:alias/mlops-state"
IAM = f"arn:aws:iam::{ACCOUNT}:"
ROLE = f"{IAM}role/mlops/dev/demo/new"
OUTSIDE = f"{IAM}role/OrganizationAccountAccessRole"
USER = f"{IAM}user/somebody"
BOUNDARY = boundary_arn(ACCOUNT)
PROVIDER = identity_provider_arn(ACCOUNT)
ARTIFACTS = "arn:aws:s3:::artifacts"
TEAM_KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/team"
CLUSTER = f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/demo"
BOUNDED = {"iam:PermissionsBoundary": BOUNDARY}
BY_CI = {"aws:PrincipalArn": f"{IAM}role/mlops/dev/demo/mlops-demo-dev-deploy"}
BY_NEW_ROLE = {"aws:PrincipalArn": ROLE}
CI_OF_OTHERS = f"{IAM}role/mlops/prod/ranking/mlops-ranking-prod-deploy"
LOOSE = {"iam:PermissionsBoundary": f"{IAM}policy/mlops/loose"}
SERVICE_ROLE = f"{IAM}role/aws-service-role/x"
LOAD_BALANCING = {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}

SCOPE = Scope().including(BUCKET, KEY)
POLICY = json.dumps(boundary(ACCOUNT, SCOPE))

Request = tuple[str, str, dict[str, str]]

ATTACKS: list[tuple[Request, Request]] = [
    # A role of one's own: only with this very boundary, and only below the path.
    (("iam:CreateRole", ROLE, {}), ("iam:CreateRole", ROLE, BOUNDED)),
    (("iam:CreateRole", ROLE, LOOSE), ("iam:CreateRole", ROLE, BOUNDED)),
    (("iam:CreateRole", f"{IAM}role/new", BOUNDED), ("iam:CreateRole", ROLE, BOUNDED)),
    (("iam:CreateRole", f"{IAM}role/mlops-new", BOUNDED), ("iam:CreateRole", ROLE, BOUNDED)),
    # Power for a role that has no boundary.
    (("iam:PutRolePolicy", ROLE, {}), ("iam:PutRolePolicy", ROLE, BOUNDED)),
    (("iam:AttachRolePolicy", ROLE, {}), ("iam:AttachRolePolicy", ROLE, BOUNDED)),
    (("iam:AttachRolePolicy", OUTSIDE, BOUNDED), ("iam:AttachRolePolicy", ROLE, BOUNDED)),
    # A boundary taken away or exchanged.
    (("iam:DeleteRolePermissionsBoundary", ROLE, BOUNDED), ("iam:DeleteRole", ROLE, {})),
    (("iam:PutRolePermissionsBoundary", ROLE, LOOSE), ("iam:DeleteRole", ROLE, {})),
    # The boundary itself rewritten.
    *(
        ((f"iam:{action}", BOUNDARY, {}), ("iam:GetPolicyVersion", BOUNDARY, {}))
        for action in (
            "CreatePolicyVersion",
            "DeletePolicy",
            "DeletePolicyVersion",
            "SetDefaultPolicyVersion",
            "TagPolicy",
        )
    ),
    (("iam:CreatePolicyVersion", f"{IAM}policy/mlops/x", {}), ("iam:PutRolePolicy", ROLE, BOUNDED)),
    # The roles of CI, whether one's own, another team's, or one that would look like them.
    *(
        ((f"iam:{action}", CI_OF_OTHERS, BOUNDED), (f"iam:{action}", ROLE, BOUNDED))
        for action in (
            "AttachRolePolicy",
            "CreateRole",
            "DeleteRole",
            "PassRole",
            "PutRolePolicy",
            "TagRole",
            "UpdateAssumeRolePolicy",
        )
    ),
    (("iam:DeleteRole", BY_CI["aws:PrincipalArn"], {}), ("iam:GetRole", CI_OF_OTHERS, {})),
    (
        ("iam:CreateRole", f"{IAM}role/mlops/dev/demo/mlops-new", BOUNDED),
        ("iam:CreateRole", ROLE, BOUNDED),
    ),
    (("iam:DeleteRolePolicy", CI_OF_OTHERS, BOUNDED), ("iam:ListRolePolicies", CI_OF_OTHERS, {})),
    # A role of others taken, handed on or opened.
    (("iam:UpdateAssumeRolePolicy", OUTSIDE, {}), ("iam:UpdateAssumeRolePolicy", ROLE, {})),
    (("iam:PassRole", OUTSIDE, {}), ("iam:PassRole", ROLE, {})),
    (("sts:AssumeRole", OUTSIDE, {}), ("sts:AssumeRole", ROLE, {})),
    (
        ("sts:AssumeRole", f"arn:aws:iam::{OTHER_ACCOUNT}:role/mlops/x", {}),
        ("sts:AssumeRole", ROLE, {}),
    ),
    # Credentials that outlive the job.
    *(
        ((f"iam:{action}", USER, BOUNDED), ("iam:CreateRole", ROLE, BOUNDED))
        for action in (
            "AddUserToGroup",
            "AttachUserPolicy",
            "CreateAccessKey",
            "CreateLoginProfile",
            "CreateUser",
            "PutUserPolicy",
            "UpdateLoginProfile",
        )
    ),
    # Somebody else's identity provider.
    *(
        ((f"iam:{action}", PROVIDER, {}), ("iam:GetOpenIDConnectProvider", PROVIDER, {}))
        for action in (
            "AddClientIDToOpenIDConnectProvider",
            "CreateOpenIDConnectProvider",
            "DeleteOpenIDConnectProvider",
            "UpdateOpenIDConnectProviderThumbprint",
        )
    ),
    (
        ("iam:CreateSAMLProvider", f"{IAM}saml-provider/x", {}),
        ("iam:GetOpenIDConnectProvider", PROVIDER, {}),
    ),
    # The state: written, yes, but neither opened to others nor made to forget.
    *(
        ((f"s3:{action}", BUCKET, {}), (f"s3:{action}", ARTIFACTS, {}))
        for action in (
            "DeleteBucketPolicy",
            "PutBucketPolicy",
            "PutBucketPublicAccessBlock",
            "PutBucketVersioning",
            "PutEncryptionConfiguration",
            "PutLifecycleConfiguration",
            "PutReplicationConfiguration",
        )
    ),
    (("s3:DeleteObjectVersion", f"{BUCKET}/x", {}), ("s3:DeleteObject", f"{BUCKET}/x", {})),
    (("s3:PutObjectAcl", f"{BUCKET}/x", {}), ("s3:PutObject", f"{BUCKET}/x", {})),
    *(
        ((f"kms:{action}", KEY, {}), (f"kms:{action}", TEAM_KEY, {}))
        for action in ("CreateGrant", "DisableKeyRotation", "UpdateKeyDescription")
    ),
    *(
        ((f"kms:{action}", KEY, {}), ("kms:Encrypt", KEY, {}))
        for action in ("DisableKey", "PutKeyPolicy", "ScheduleKeyDeletion")
    ),
    (("kms:UpdateAlias", ALIAS, {}), ("kms:UpdateAlias", f"{ALIAS}-of-a-team", {})),
    (("kms:ReEncryptFrom", KEY, {}), ("kms:DescribeKey", KEY, {})),
    (("kms:PutKeyPolicy", KEY, {}), ("kms:GetKeyPolicy", KEY, {})),
    (("kms:UntagResource", KEY, {}), ("kms:ListResourceTags", KEY, {})),
    # What holds data, whoever it belongs to.
    *(
        ((action, "*", {}), ("ec2:DeleteSubnet", "*", {}))
        for action in (
            "aps:DeleteWorkspace",
            "eks:DeleteCluster",
            "kms:DisableKey",
            "kms:PutKeyPolicy",
            "kms:ScheduleKeyDeletion",
            "logs:DeleteLogGroup",
            "rds:DeleteDBInstance",
            "rds:DeleteDBSnapshot",
            "s3:BypassGovernanceRetention",
            "s3:DeleteBucket",
            "s3:DeleteObjectVersion",
        )
    ),
    # A way into clusters that no administrator role stands in.
    *(
        ((f"eks:{action}", CLUSTER, {}), ("eks:CreateAddon", CLUSTER, {}))
        for action in ("AssociateAccessPolicy", "CreateAccessEntry", "UpdateAccessEntry")
    ),
    # Other services that run code, and the account's own settings and traces.
    *(
        ((action, "*", {}), ("ec2:CreateSubnet", "*", {}))
        for action in (
            "account:CloseAccount",
            "cloudformation:CreateStack",
            "cloudtrail:StopLogging",
            "config:StopConfigurationRecorder",
            "guardduty:DeleteDetector",
            "lambda:CreateFunction",
            "organizations:LeaveOrganization",
            "ssm:SendCommand",
            "sts:GetFederationToken",
        )
    ),
    *(
        ((action, "*", {}), ("ec2:CreateSubnet", "*", {}))
        for action in (
            "ec2:DisableEbsEncryptionByDefault",
            "ec2:DisableImageBlockPublicAccess",
            "ec2:DisableSnapshotBlockPublicAccess",
            "ec2:ModifyEbsDefaultKmsKeyId",
            "s3:PutAccountPublicAccessBlock",
        )
    ),
    # Roles of machines and services that have nothing to do with the clusters.
    (
        ("iam:AddRoleToInstanceProfile", f"{IAM}instance-profile/bastion", {}),
        ("iam:AddRoleToInstanceProfile", f"{IAM}instance-profile/eks-1", {}),
    ),
    (
        ("iam:CreateServiceLinkedRole", SERVICE_ROLE, {"iam:AWSServiceName": "x.amazonaws.com"}),
        ("iam:CreateServiceLinkedRole", SERVICE_ROLE, LOAD_BALANCING),
    ),
    (
        ("iam:CreateServiceLinkedRole", OUTSIDE, LOAD_BALANCING),
        ("iam:CreateServiceLinkedRole", SERVICE_ROLE, LOAD_BALANCING),
    ),
]


def allowed(
    policy: str, action: str, resource: str, context: Mapping[str, str], by: Mapping[str, str]
) -> bool:
    return allows([policy], action, resource, {**context, **by})


@pytest.mark.parametrize(("attack", "control"), ATTACKS, ids=lambda request: request[0])
def test_an_attack_fails_where_its_control_succeeds(attack: Request, control: Request) -> None:
    assert allowed(POLICY, *control, by=BY_CI), "the boundary is no blanket refusal"
    assert not allowed(POLICY, *attack, by=BY_CI)


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("iam:CreateRole", ROLE, BOUNDED),
        ("iam:PutRolePolicy", ROLE, BOUNDED),
        ("iam:UpdateAssumeRolePolicy", f"{IAM}role/mlops/prod/ranking/tracking", {}),
        ("sts:AssumeRole", f"{IAM}role/mlops/prod/ranking/administrator", {}),
        ("s3:ListBucket", BUCKET, {}),
        ("s3:GetObject", f"{BUCKET}/.pulumi/stacks/mlops/ranking-prod.json", {}),
        ("s3:PutObject", f"{BUCKET}/.pulumi/stacks/mlops/ranking-prod.json", {}),
        ("kms:Decrypt", KEY, {}),
    ],
)
def test_a_role_that_ci_has_made_is_weaker_than_ci(
    action: str, resource: str, context: dict[str, str]
) -> None:
    assert allowed(POLICY, action, resource, context, by=BY_CI)
    assert not allowed(POLICY, action, resource, context, by=BY_NEW_ROLE)
    assert allowed(POLICY, "s3:GetObject", f"{ARTIFACTS}/model", {}, by=BY_NEW_ROLE)


def test_roles_stay_in_the_regions_that_are_allowed() -> None:
    locked = json.dumps(boundary(ACCOUNT, Scope(SCOPE.buckets, SCOPE.keys, ("eu-west-1",))))
    home, abroad = {"aws:RequestedRegion": "eu-west-1"}, {"aws:RequestedRegion": "us-east-1"}
    assert allows([locked], "ec2:RunInstances", "*", home)
    assert not allows([locked], "ec2:RunInstances", "*", abroad)
    assert allows([POLICY], "ec2:RunInstances", "*", abroad), "not locked unless asked"
    assert allows([locked], "budgets:ModifyBudget", "*", abroad), "budgets live in one region"


def test_a_boundary_says_itself_what_it_is_about() -> None:
    scope = Scope(("arn:aws:s3:::a", "arn:aws:s3:::b"), (KEY, TEAM_KEY), ("eu-west-1",))
    assert scope_of(boundary(ACCOUNT, scope)) == scope
    assert scope_of(None) == Scope()
    assert scope_of({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}) == Scope()


def test_the_state_of_every_prepared_region_stays_protected() -> None:
    second_bucket, second_key = "arn:aws:s3:::second", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/2"
    both = json.dumps(
        boundary(ACCOUNT, scope_of(json.loads(POLICY)).including(second_bucket, second_key))
    )
    for bucket in (BUCKET, second_bucket):
        assert not allowed(both, "s3:PutBucketPolicy", bucket, {}, by=BY_CI)
    for key in (KEY, second_key):
        assert not allowed(both, "kms:CreateGrant", key, {}, by=BY_CI)
    assert allowed(POLICY, "s3:PutBucketPolicy", second_bucket, {}, by=BY_CI), "like any bucket"
    assert allowed(POLICY, "kms:CreateGrant", second_key, {}, by=BY_CI), "like any key"
