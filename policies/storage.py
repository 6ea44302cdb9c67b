"""Buckets and keys."""

import json
from collections.abc import Iterator, Sequence

from policies.rule import (
    UNKNOWN,
    Resource,
    ResourceRule,
    Severity,
    StackRule,
    companions,
    differs,
    missing,
    read,
)

BUCKET = "aws:s3/bucket:Bucket"
PUBLIC_ACCESS_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ENCRYPTION = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
)
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"

PUBLIC_ACCESS_SWITCHES = (
    "blockPublicAcls",
    "blockPublicPolicy",
    "ignorePublicAcls",
    "restrictPublicBuckets",
)


def _private(resources: Sequence[Resource]) -> Iterator[tuple[str, str]]:
    for bucket in (r for r in resources if r.type == BUCKET):
        blocks = companions(resources, bucket, type_token=PUBLIC_ACCESS_BLOCK, via="bucket")
        if not blocks:
            yield bucket.urn, f"bucket {bucket.name} has no public access block"
        for block in blocks:
            for switch in PUBLIC_ACCESS_SWITCHES:
                if differs(block.props, switch, wanted=True):
                    yield block.urn, f"{switch} of bucket {bucket.name} is not true"


def _encrypted(resources: Sequence[Resource]) -> Iterator[tuple[str, str]]:
    for bucket in (r for r in resources if r.type == BUCKET):
        found = companions(resources, bucket, type_token=ENCRYPTION, via="bucket")
        if not found:
            yield bucket.urn, f"bucket {bucket.name} has no encryption configuration"
        for encryption in found:
            rule = ("rules", 0)
            default = (*rule, "applyServerSideEncryptionByDefault")
            if differs(encryption.props, *default, "sseAlgorithm", wanted="aws:kms"):
                yield encryption.urn, f"bucket {bucket.name} is not encrypted with aws:kms"
            if missing(encryption.props, *default, "kmsMasterKeyId"):
                yield encryption.urn, f"bucket {bucket.name} names no key of its own"
            if differs(encryption.props, *rule, "bucketKeyEnabled", wanted=True):
                yield encryption.urn, f"bucket {bucket.name} does not use a bucket key"


def _versioned(resources: Sequence[Resource]) -> Iterator[tuple[str, str]]:
    for bucket in (r for r in resources if r.type == BUCKET):
        found = companions(resources, bucket, type_token=VERSIONING, via="bucket")
        if not found:
            yield bucket.urn, f"bucket {bucket.name} has no versioning"
        for versioning in found:
            if differs(versioning.props, "versioningConfiguration", "status", wanted="Enabled"):
                yield versioning.urn, f"versioning of bucket {bucket.name} is not Enabled"


def _tls_only(resources: Sequence[Resource]) -> Iterator[tuple[str, str]]:
    for bucket in (r for r in resources if r.type == BUCKET):
        found = companions(resources, bucket, type_token=BUCKET_POLICY, via="bucket")
        if not found:
            yield bucket.urn, f"bucket {bucket.name} has no bucket policy"
        for policy in found:
            document = read(policy.props, "policy", default="{}")
            if document is UNKNOWN:
                continue
            denials = [
                s.get("Condition", {}).get("Bool", {})
                for s in json.loads(document).get("Statement", [])
                if s.get("Effect") == "Deny"
            ]
            if {"aws:SecureTransport": "false"} not in denials:
                yield policy.urn, f"the policy of bucket {bucket.name} lets plain HTTP through"


def _rotated(key: Resource) -> Iterator[str]:
    if differs(key.props, "enableKeyRotation", wanted=True):
        yield "enableKeyRotation is not true"


RULES = (
    StackRule(
        id="storage-bucket-private",
        title="Every bucket blocks public access in all four ways.",
        fix="Add a BucketPublicAccessBlock with all four switches true.",
        severity=Severity.CRITICAL,
        check=_private,
    ),
    StackRule(
        id="storage-bucket-encrypted",
        title="Every bucket is encrypted with a customer-managed key.",
        fix="Add a BucketServerSideEncryptionConfiguration with aws:kms, a key and a bucket key.",
        severity=Severity.HIGH,
        check=_encrypted,
    ),
    StackRule(
        id="storage-bucket-versioned",
        title="Every bucket keeps old versions.",
        fix="Add a BucketVersioning with status Enabled.",
        severity=Severity.HIGH,
        check=_versioned,
    ),
    StackRule(
        id="storage-bucket-tls-only",
        title="Every bucket refuses requests without TLS.",
        fix="Add a BucketPolicy that denies aws:SecureTransport=false.",
        severity=Severity.HIGH,
        check=_tls_only,
    ),
    ResourceRule(
        id="storage-key-rotated",
        title="Every customer-managed key is rotated yearly.",
        fix="Set enableKeyRotation to true.",
        severity=Severity.HIGH,
        types=("aws:kms/key:Key",),
        check=_rotated,
    ),
)
