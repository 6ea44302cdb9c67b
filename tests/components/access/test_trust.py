"""Who the trust policies let in, and who they keep out."""

import pulumi
import pytest

from mlops.access.trust import (
    Statement,
    ec2_instances,
    own_account,
    service_account,
    service_for,
    trust,
)
from tests.components.access.policy_evaluator import trusts
from tests.conftest import Deploy

ACCOUNT = "123456789012"
CLUSTER = f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/demo"
ADMINS = f"arn:aws:iam::{ACCOUNT}:role/platform-admin"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
POD = {
    "aws:SourceAccount": ACCOUNT,
    "aws:SourceArn": CLUSTER,
    "aws:RequestTag/kubernetes-namespace": "fraud-dev",
    "aws:RequestTag/kubernetes-service-account": "tracking",
}


def written(deploy: Deploy, statement: Statement) -> str:
    policy: str = deploy(lambda: pulumi.export("trust", trust(statement))).outputs["trust"]
    return policy


@pytest.mark.parametrize("action", ["sts:AssumeRole", "sts:TagSession"])
def test_pods_of_the_service_account_are_let_in(deploy: Deploy, action: str) -> None:
    policy = written(deploy, service_account(CLUSTER, ACCOUNT, "fraud-dev", "tracking"))
    assert trusts(policy, "pods.eks.amazonaws.com", action, POD)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:SourceAccount", "999999999999"),
        ("aws:SourceArn", f"{CLUSTER}-2"),
        ("aws:RequestTag/kubernetes-namespace", "fraud-dev-evil"),
        ("aws:RequestTag/kubernetes-service-account", "default"),
        ("aws:RequestTag/kubernetes-namespace", None),
    ],
)
def test_other_pods_are_kept_out(deploy: Deploy, key: str, value: str | None) -> None:
    policy = written(deploy, service_account(CLUSTER, ACCOUNT, "fraud-dev", "tracking"))
    other = {k: v for k, v in {**POD, key: value}.items() if v is not None}
    assert not trusts(policy, "pods.eks.amazonaws.com", "sts:AssumeRole", other)


def test_a_service_acts_for_one_resource_of_the_own_account(deploy: Deploy) -> None:
    policy = written(deploy, service_for("eks", ACCOUNT, CLUSTER, tags_session=True))
    own = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": CLUSTER}
    assert trusts(policy, "eks.amazonaws.com", "sts:AssumeRole", own)
    assert trusts(policy, "eks.amazonaws.com", "sts:TagSession", own)
    assert not trusts(policy, "rds.amazonaws.com", "sts:AssumeRole", own)
    assert not trusts(policy, "eks.amazonaws.com", "sts:AssumeRole", {})
    stranger = {"aws:SourceAccount": "999999999999", "aws:SourceArn": CLUSTER}
    assert not trusts(policy, "eks.amazonaws.com", "sts:AssumeRole", stranger)


def test_sessions_are_tagged_only_where_asked(deploy: Deploy) -> None:
    policy = written(deploy, service_for("eks", ACCOUNT, CLUSTER))
    own = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": CLUSTER}
    assert trusts(policy, "eks.amazonaws.com", "sts:AssumeRole", own)
    assert not trusts(policy, "eks.amazonaws.com", "sts:TagSession", own)


def test_nodes_are_let_in(deploy: Deploy) -> None:
    assert trusts(written(deploy, ec2_instances()), "ec2.amazonaws.com", "sts:AssumeRole", {})


def test_without_a_list_the_account_decides_by_its_own_policies(deploy: Deploy) -> None:
    policy = written(deploy, own_account(ACCOUNT))
    assert trusts(policy, ROOT, "sts:AssumeRole", {"aws:PrincipalArn": ADMINS})
    assert not trusts(policy, "arn:aws:iam::999999999999:root", "sts:AssumeRole", {})


@pytest.mark.parametrize(
    ("listed", "caller", "admitted"),
    [
        (ADMINS, ADMINS, True),
        (ADMINS, f"{ADMINS}-2", False),
        (f"{ADMINS}*", f"{ADMINS}-2", True),
        (
            f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*",
            f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-west-1/"
            "AWSReservedSSO_Admin_0123456789abcdef",
            True,
        ),
        (ADMINS, f"arn:aws:iam::{ACCOUNT}:user/someone", False),
    ],
)
def test_with_a_list_only_those_on_it(
    deploy: Deploy, listed: str, caller: str, admitted: bool
) -> None:
    policy = written(deploy, own_account(ACCOUNT, [listed]))
    assert trusts(policy, ROOT, "sts:AssumeRole", {"aws:PrincipalArn": caller}) is admitted


@pytest.mark.parametrize(
    "arn",
    [
        "*",
        "platform-admin",
        f"arn:aws:iam::{ACCOUNT}:role/*",
        f"arn:aws:iam::{ACCOUNT}:root",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/platform-admin/someone",
        "arn:aws:iam::999999999999:role/platform-admin",
    ],
)
def test_an_administrator_that_names_nobody_in_the_account_is_refused(arn: str) -> None:
    with pytest.raises(ValueError, match=f"arn:aws:iam::{ACCOUNT}:role/platform-admin"):
        own_account(ACCOUNT, [arn])
