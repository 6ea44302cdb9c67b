"""Who may take a role: AWS services, pods and people of the own account."""

from collections.abc import Mapping, Sequence

import pulumi

# Below a path of their own the roles of this package can be told from all others, so that
# a policy can limit who may be passed or changed.
DEFAULT_ROLE_PATH = "/mlops/"

Statement = Mapping[str, object]


def trust(*statements: Statement) -> pulumi.Output[str]:
    """JSON of a trust policy."""
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)})


def ec2_instances() -> Statement:
    """Nodes. EC2 names no source; a role can only be passed to instances of its own account."""
    return {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }


def service_for(
    service: str, account_id: str, source_arn: str, *, tags_session: bool = False
) -> Statement:
    """One AWS service, and only when it works for `source_arn` in the own account."""
    return {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"] if tags_session else "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account_id},
            "ArnLike": {"aws:SourceArn": source_arn},
        },
    }


def service_account(
    cluster_arn: pulumi.Input[str],
    account_id: str,
    namespace: pulumi.Input[str],
    name: pulumi.Input[str],
) -> Statement:
    """Pods of one service account, in one namespace, of one cluster.

    The names alone would not do: another cluster may have a namespace and a service account
    called the same, or somebody may associate the role with another service account.
    """
    return {
        "Effect": "Allow",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {
            "StringEquals": {
                "aws:SourceAccount": account_id,
                "aws:RequestTag/kubernetes-namespace": namespace,
                "aws:RequestTag/kubernetes-service-account": name,
            },
            "ArnEquals": {"aws:SourceArn": cluster_arn},
        },
    }


def own_account(account_id: str, principal_arns: Sequence[str] = ()) -> Statement:
    """Principals of the own account whose policies let them take the role.

    With `principal_arns` only those. They stand in a condition, where a role that does not
    exist yet may be named and `*` may stand for a part; as `Principal` IAM would refuse both.
    """
    statement: dict[str, object] = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
        "Action": "sts:AssumeRole",
    }
    if principal_arns:
        for arn in principal_arns:
            _check_principal(arn, account_id)
        statement["Condition"] = {"ArnLike": {"aws:PrincipalArn": sorted(principal_arns)}}
    return statement


def _check_principal(arn: str, account_id: str) -> None:
    kind, _, name = arn.removeprefix(f"arn:aws:iam::{account_id}:").partition("/")
    if kind not in ("role", "user") or not name.strip("*?/"):
        raise ValueError(
            f"{arn!r} cannot be an administrator of the cluster; give the ARN of a role or user "
            f"of the account, such as arn:aws:iam::{account_id}:role/platform-admin"
        )
