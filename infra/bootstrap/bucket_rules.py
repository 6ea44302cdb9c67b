"""The policy and the lifecycle of the state bucket, as documents."""

from collections.abc import Mapping, Sequence
from typing import Any

from infra.bootstrap.documents import Statement
from infra.bootstrap.names import bucket_arn

OLD_VERSION_RETENTION_DAYS = 365
"""How long an overwritten or deleted state can be brought back."""
UNFINISHED_UPLOAD_RETENTION_DAYS = 7
_RULE_ID = "mlops-old-versions"

Rule = Mapping[str, Any]


def bucket_statements(bucket: str, key_arn: str) -> list[Statement]:
    """Return what nobody may do, whatever else is allowed.

    A write that names no encryption gets the bucket's own, so only writes that do name one are
    looked at. Source: AWS Security Hub control S3.5; Amazon S3 user guide, "Using SSE-KMS".
    """
    arn = bucket_arn(bucket)
    encryption = "s3:x-amz-server-side-encryption"
    return [
        _deny("DenyPlainHttp", arn, {"Bool": {"aws:SecureTransport": "false"}}),
        _deny("DenyOldTls", arn, {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
        _deny_writing(
            "DenyOtherEncryption",
            arn,
            {"Null": {encryption: "false"}, "StringNotEquals": {encryption: "aws:kms"}},
        ),
        _deny_writing(
            "DenyOtherKey",
            arn,
            {
                "Null": {f"{encryption}-aws-kms-key-id": "false"},
                "StringNotEquals": {f"{encryption}-aws-kms-key-id": key_arn},
            },
        ),
        _deny_writing(
            "DenyKeyOfTheCaller",
            arn,
            {"Null": {f"{encryption}-customer-algorithm": "false"}},
        ),
    ]


def with_retention(current: Sequence[Rule]) -> Sequence[Rule]:
    """Return lifecycle rules with ours in place; those of others stay."""
    ours = {
        "ID": _RULE_ID,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {"NoncurrentDays": OLD_VERSION_RETENTION_DAYS},
        # Every lock leaves a marker behind.
        "Expiration": {"ExpiredObjectDeleteMarker": True},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UNFINISHED_UPLOAD_RETENTION_DAYS},
    }
    if ours in current:
        return current
    return [*(rule for rule in current if rule.get("ID") != _RULE_ID), ours]


def _deny(sid: str, arn: str, condition: Mapping[str, Any]) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": condition,
    }


def _deny_writing(sid: str, arn: str, condition: Mapping[str, Any]) -> Statement:
    return {**_deny(sid, arn, condition), "Action": "s3:PutObject", "Resource": f"{arn}/*"}
