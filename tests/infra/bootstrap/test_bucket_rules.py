"""What the policy of the state bucket refuses to callers whom IAM allows everything."""

import json

import pytest

from infra.bootstrap.bucket_rules import bucket_statements, with_retention
from infra.bootstrap.documents import document
from tests.components.access.policy_evaluator import allows

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
OTHER_KEY = "arn:aws:kms:eu-west-1:123456789012:key/2"
EVERYTHING = json.dumps(document([{"Effect": "Allow", "Action": "*", "Resource": "*"}]))
POLICY = json.dumps(document(bucket_statements("state", KEY)))
TLS = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}
HEADER = "s3:x-amz-server-side-encryption"

CASES = [
    ("s3:GetObject", {}, True),
    ("s3:GetObject", {"aws:SecureTransport": "false"}, False),
    ("s3:GetObject", {"s3:TlsVersion": "1.1"}, False),
    ("s3:GetObject", {"s3:TlsVersion": "1.2"}, True),
    # A write that names no encryption gets the bucket's own.
    ("s3:PutObject", {}, True),
    ("s3:PutObject", {HEADER: "aws:kms"}, True),
    ("s3:PutObject", {HEADER: "aws:kms", f"{HEADER}-aws-kms-key-id": KEY}, True),
    ("s3:PutObject", {HEADER: "aws:kms", f"{HEADER}-aws-kms-key-id": OTHER_KEY}, False),
    ("s3:PutObject", {HEADER: "AES256"}, False),
    ("s3:PutObject", {f"{HEADER}-customer-algorithm": "AES256"}, False),
]


@pytest.mark.parametrize(("action", "context", "expected"), CASES)
def test_only_tls_and_only_the_state_key(
    action: str, context: dict[str, str], expected: bool
) -> None:
    resource = "arn:aws:s3:::state/.pulumi/stacks/mlops/fraud-dev.json"
    assert allows([EVERYTHING, POLICY], action, resource, {**TLS, **context}) is expected


@pytest.mark.parametrize(("scheme", "expected"), [("true", True), ("false", False)])
def test_listing_takes_tls_too(scheme: str, expected: bool) -> None:
    context = {**TLS, "aws:SecureTransport": scheme}
    assert allows([EVERYTHING, POLICY], "s3:ListBucket", "arn:aws:s3:::state", context) is expected


def test_lifecycle_rules_of_others_stay_and_ours_is_replaced() -> None:
    theirs = {"ID": "archive", "Status": "Enabled"}
    [ours] = with_retention([])
    shorter = {**ours, "NoncurrentVersionExpiration": {"NoncurrentDays": 1}}
    assert with_retention([shorter, theirs]) == [theirs, ours]
    right = [ours, theirs]
    assert with_retention(right) is right


def test_an_old_state_can_be_brought_back_for_a_year() -> None:
    [ours] = with_retention([])
    assert ours["NoncurrentVersionExpiration"] == {"NoncurrentDays": 365}
    assert "Days" not in ours["Expiration"], "a current state never expires"
