"""What the policy of the state key leaves to IAM of the account, and what to nobody."""

import json

import pytest

from infra.bootstrap.documents import statements_of
from infra.bootstrap.state_key import key_policy
from tests.components.access.policy_evaluator import allows

ACCOUNT = "123456789012"
POLICY = key_policy(ACCOUNT)


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("kms:Encrypt", True),
        ("kms:Decrypt", True),
        ("kms:GenerateDataKey", True),
        ("kms:PutKeyPolicy", True),
        ("kms:ScheduleKeyDeletion", True),
        ("kms:CreateGrant", False),
        ("kms:ReEncryptFrom", False),
        ("kms:ReplicateKey", False),
        ("kms:Sign", False),
    ],
)
def test_what_iam_can_grant(action: str, expected: bool) -> None:
    key = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"
    assert allows([json.dumps(POLICY)], action, key) is expected


def test_only_the_account_itself_is_named() -> None:
    principals = [statement["Principal"] for statement in statements_of(POLICY)]
    assert principals == [{"AWS": f"arn:aws:iam::{ACCOUNT}:root"}] * 2
