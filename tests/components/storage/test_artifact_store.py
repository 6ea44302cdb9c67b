"""What an ArtifactStore makes of its arguments."""

import json
from typing import Any

import pytest

from mlops.storage.artifact_store import ArtifactStore, ArtifactStoreArgs
from tests.conftest import Deploy

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
DEV: ArtifactStoreArgs = {"kms_key_arn": KEY, "on_destroy": "delete"}
PROD: ArtifactStoreArgs = {"kms_key_arn": KEY, "on_destroy": "retain", "object_lock_days": 30}


def test_children_are_named_by_role_and_parented(deploy: Deploy) -> None:
    graph = deploy(lambda: ArtifactStore("artifacts", DEV))
    store = graph.named("artifacts")
    assert store.type == "mlops:index:ArtifactStore"
    assert {(r.type, r.name) for r in graph.children_of(store.urn)} == {
        ("aws:s3/bucket:Bucket", "artifacts-bucket"),
        ("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "artifacts-ownership"),
        ("aws:s3/bucketVersioning:BucketVersioning", "artifacts-versioning"),
        (
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            "artifacts-encryption",
        ),
        ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "artifacts-public-access"),
        ("aws:s3/bucketPolicy:BucketPolicy", "artifacts-policy"),
        (
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            "artifacts-lifecycle",
        ),
    }
    assert len(list(graph)) == 8, "nothing lies outside the component"


def test_objects_are_encrypted_with_the_given_key(deploy: Deploy) -> None:
    rule = (
        deploy(lambda: ArtifactStore("artifacts", DEV))
        .named("artifacts-encryption")
        .inputs["rules"][0]
    )
    assert rule["applyServerSideEncryptionByDefault"] == {
        "sseAlgorithm": "aws:kms",
        "kmsMasterKeyId": KEY,
    }
    assert rule["bucketKeyEnabled"] is True


def test_plain_http_and_old_tls_are_denied_for_bucket_and_objects(deploy: Deploy) -> None:
    graph = deploy(lambda: ArtifactStore("artifacts", DEV))
    arn = graph.component_outputs[graph.named("artifacts").urn]["bucketArn"]
    policy = json.loads(graph.named("artifacts-policy").inputs["policy"])
    assert {s["Sid"]: s["Condition"] for s in policy["Statement"]} == {
        "DenyPlainHttp": {"Bool": {"aws:SecureTransport": "false"}},
        "DenyOldTls": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
    }
    assert all(s["Resource"] == [arn, f"{arn}/*"] for s in policy["Statement"])


@pytest.mark.parametrize(("args", "kept"), [(DEV, False), (PROD, True)])
def test_on_destroy_decides_whether_the_bucket_outlives_the_stack(
    deploy: Deploy, args: ArtifactStoreArgs, kept: bool
) -> None:
    bucket = deploy(lambda: ArtifactStore("artifacts", args)).named("artifacts-bucket")
    assert bucket.retain_on_delete is kept
    assert bucket.protect is kept
    assert bucket.inputs["forceDestroy"] is not kept


@pytest.mark.parametrize(("args", "kept"), [(DEV, False), (PROD, True)])
def test_a_bucket_that_outlives_the_stack_keeps_its_settings(
    deploy: Deploy, args: ArtifactStoreArgs, kept: bool
) -> None:
    graph = deploy(lambda: ArtifactStore("artifacts", args))
    settings = graph.children_of(graph.named("artifacts").urn)
    assert {each.retain_on_delete for each in settings} == {kept}


def test_object_lock_is_set_only_where_asked(deploy: Deploy) -> None:
    locked = deploy(lambda: ArtifactStore("artifacts", PROD))
    assert locked.named("artifacts-object-lock").inputs["rule"]["defaultRetention"] == {
        "mode": "GOVERNANCE",
        "days": 30,
    }
    free = deploy(lambda: ArtifactStore("artifacts", DEV))
    assert "artifacts-object-lock" not in {r.name for r in free}


def test_a_lock_that_is_switched_on_later_changes_nothing_in_the_bucket_itself(
    deploy: Deploy,
) -> None:
    def bucket(object_lock_days: int) -> dict[str, Any]:
        args: ArtifactStoreArgs = {**PROD, "object_lock_days": object_lock_days}
        graph = deploy(lambda: ArtifactStore("artifacts", args))
        return graph.named("artifacts-bucket").inputs

    assert bucket(0) == bucket(30), "objectLockEnabled would replace it"
