"""Who may use an encryption key: the account's own IAM, and the services named, for the account."""

from collections.abc import Iterable
from typing import Any

LOGS = "logs"

PUBLISHERS = {
    "cloudwatch": "arn:aws:cloudwatch:{region}:{account}:alarm:*",
    "aps": "arn:aws:aps:{region}:{account}:workspace/*",
    "budgets": "arn:aws:budgets::{account}:*",
}
"""Services that publish alerts to a topic -> the ARNs in whose name they do it."""

SERVICES = (LOGS, *PUBLISHERS)


def on_behalf_of(service: str, account_id: str, region: str) -> dict[str, dict[str, str]]:
    """Return the policy condition under which a publisher acts for this account alone."""
    source_arn = PUBLISHERS[service].format(account=account_id, region=region)
    return {
        "StringEquals": {"aws:SourceAccount": account_id},
        "ArnLike": {"aws:SourceArn": source_arn},
    }


def key_policy(account_id: str, region: str, services: Iterable[str]) -> dict[str, Any]:
    """Policy document of a key; ValueError names a service this package does not know.

    IAM of the account decides about people and roles. Each service of AWS gets a statement only
    if it is named, and can use the key only on behalf of this account.
    """
    wanted = list(services)
    unknown = sorted(set(wanted) - set(SERVICES))
    if unknown:
        raise ValueError(
            f"no key policy is known for {', '.join(unknown)}; "
            f"services to choose from: {', '.join(SERVICES)}"
        )
    statements = [_account_administers(account_id)]
    if LOGS in wanted:
        statements.append(_logs_encrypt(account_id, region))
    statements += [
        _publish(service, on_behalf_of(service, account_id, region))
        for service in PUBLISHERS
        if service in wanted
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def _account_administers(account_id: str) -> dict[str, Any]:
    # Without this statement a key can become unmanageable, and KMS refuses to make it.
    return {
        "Sid": "AccountAdministers",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }


def _logs_encrypt(account_id: str, region: str) -> dict[str, Any]:
    # CloudWatch Logs names the log group in the encryption context; the account is part of it.
    groups = f"arn:aws:logs:{region}:{account_id}:log-group:*"
    return {
        "Sid": "LogGroupsOfThisAccount",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{region}.amazonaws.com"},
        "Action": [
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey*",
            "kms:ReEncrypt*",
        ],
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    }


def _publish(service: str, condition: dict[str, dict[str, str]]) -> dict[str, Any]:
    return {
        "Sid": f"PublishFrom{service.capitalize()}",
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": condition,
    }
