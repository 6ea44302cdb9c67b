"""Whatever is there already, afterwards the account is as it should be, and nothing was deleted."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from infra.bootstrap.run import Wishes
from infra.bootstrap.steps import Outcome
from tests.infra.account_in_memory import REGION
from tests.infra.bootstrap.accounts import (
    BOUNDARY,
    BUCKET,
    PROVIDER,
    iam,
    key_id,
    kms,
    run,
    s3,
    seen,
)

pytestmark = pytest.mark.usefixtures("aws")

TAG = {"Key": "managed-by", "Value": "mlops-bootstrap"}
KEY_TAG = {"TagKey": "managed-by", "TagValue": "mlops-bootstrap"}


def test_an_empty_account_gets_everything() -> None:
    first = run()
    assert {step.outcome for step in first.steps} == {Outcome.MADE}
    now, key = seen(), f"arn:aws:kms:{REGION}:123456789012:key/{key_id()}"
    assert now["rotation"] is True
    assert now["key tags"] == [KEY_TAG]
    assert now["versioning"] == "Enabled"
    assert now["public"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    assert now["owner"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert now["encryption"] == [
        {
            "ApplyServerSideEncryptionByDefault": {
                "SSEAlgorithm": "aws:kms",
                "KMSMasterKeyID": key,
            },
            "BucketKeyEnabled": True,
        }
    ]
    assert {s["Sid"]: s["Effect"] for s in now["bucket policy"]["Statement"]} == {
        "DenyPlainHttp": "Deny",
        "DenyOldTls": "Deny",
        "DenyOtherEncryption": "Deny",
        "DenyOtherKey": "Deny",
        "DenyKeyOfTheCaller": "Deny",
    }
    assert now["lifecycle"][0]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 365}
    assert now["bucket tags"] == now["boundary tags"] == [TAG]
    assert now["audiences"] == ["sts.amazonaws.com"]
    protected = {s["Sid"]: s["Resource"] for s in now["boundary"]["Statement"]}
    assert f"arn:aws:s3:::{BUCKET}" in protected["OnlyUseStateBuckets"]
    assert key in protected["OnlyUseStateKeys"]
    assert len(iam().list_policy_versions(PolicyArn=BOUNDARY)["Versions"]) == 1


def test_a_complete_account_is_left_alone() -> None:
    first = run()
    assert len(first.changes) > 10
    again = run()
    assert again.changes == []
    assert {step.outcome for step in again.steps} == {Outcome.FOUND}
    assert len(again.steps) == len(first.steps)


def test_a_dry_run_changes_nothing_and_says_what_the_next_run_does() -> None:
    rehearsed = run(Wishes(dry_run=True))
    assert rehearsed.changes == []
    real = run()
    assert rehearsed.named(Outcome.WOULD_MAKE) == real.named(Outcome.MADE)

    s3().put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    rehearsed = run(Wishes(dry_run=True))
    assert rehearsed.changes == []
    assert rehearsed.named(Outcome.WOULD_REPAIR) == ["state bucket: versioning"]
    assert seen()["versioning"] == "Suspended"


def test_a_bucket_in_the_first_region_of_aws_is_made_too() -> None:
    run(region="us-east-1")
    assert run(region="us-east-1").changes == []
    assert s3().head_bucket(Bucket="mlops-state-123456789012-us-east-1")


def remove_key() -> None:
    key = key_id()
    kms().delete_alias(AliasName="alias/mlops-state")
    kms().schedule_key_deletion(KeyId=key)


PARTS: dict[str, tuple[Callable[[], object], set[str]]] = {
    # What follows from a new key: what names the key.
    "state key": (
        remove_key,
        {
            "state bucket: encrypted with the state key",
            "state bucket: policy: TLS 1.2, no other key",
            "permissions boundary: what roles can do at most",
        },
    ),
    "state bucket": (lambda: s3().delete_bucket(Bucket=BUCKET), set()),
    "identity provider": (
        lambda: iam().delete_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER),
        set(),
    ),
    "permissions boundary": (lambda: iam().delete_policy(PolicyArn=BOUNDARY), set()),
}


@pytest.mark.parametrize("part", PARTS)
def test_a_missing_part_is_made_and_the_others_are_found(part: str) -> None:
    before = run()
    remove, follows = PARTS[part]
    remove()
    again = run()
    assert {step.part for step in again.steps if step.outcome == Outcome.MADE} == {part}
    assert set(again.outcomes(part)) == set(before.outcomes(part))
    assert set(again.named(Outcome.REPAIRED)) == follows
    assert run().changes == []


def put_encryption(default: dict[str, str], *, bucket_key: bool) -> None:
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bucket_key}
    s3().put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})


def ours() -> dict[str, str]:
    return {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": f"arn:aws:kms:{REGION}:123456789012:key/{key_id()}",
    }


def drop_tls() -> None:
    policy = json.loads(s3().get_bucket_policy(Bucket=BUCKET)["Policy"])
    policy["Statement"] = [s for s in policy["Statement"] if s["Sid"] != "DenyPlainHttp"]
    s3().put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))


def open_key() -> None:
    policy = json.loads(kms().get_key_policy(KeyId=key_id(), PolicyName="default")["Policy"])
    policy["Statement"][0]["Principal"] = {"AWS": "*"}
    kms().put_key_policy(KeyId=key_id(), PolicyName="default", Policy=json.dumps(policy))


def provider_for(*audiences: str) -> None:
    iam().delete_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER)
    iam().create_open_id_connect_provider(
        Url="https://token.actions.githubusercontent.com", ClientIDList=list(audiences)
    )


def older_boundary() -> None:
    document = {"Version": "2012-10-17", "Statement": seen()["boundary"]["Statement"][:3]}
    iam().create_policy_version(
        PolicyArn=BOUNDARY, PolicyDocument=json.dumps(document), SetAsDefault=True
    )


def shorter_retention() -> None:
    [rule] = seen()["lifecycle"]
    rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": 1}
    s3().put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": [rule]})


WRONG: dict[str, tuple[str, Callable[[], Any]]] = {
    "versioning off": (
        "state bucket: versioning",
        lambda: s3().put_bucket_versioning(
            Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"}
        ),
    ),
    "public policies allowed": (
        "state bucket: all public access blocked",
        lambda: s3().put_public_access_block(
            Bucket=BUCKET,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "BlockPublicPolicy": False,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
        ),
    ),
    "nothing about public access": (
        "state bucket: all public access blocked",
        lambda: s3().delete_public_access_block(Bucket=BUCKET),
    ),
    "ACLs allowed": (
        "state bucket: owner enforced, no ACLs",
        lambda: s3().put_bucket_ownership_controls(
            Bucket=BUCKET, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
        ),
    ),
    "no ownership": (
        "state bucket: owner enforced, no ACLs",
        lambda: s3().delete_bucket_ownership_controls(Bucket=BUCKET),
    ),
    "key of S3": (
        "state bucket: encrypted with the state key",
        lambda: put_encryption({"SSEAlgorithm": "AES256"}, bucket_key=True),
    ),
    "another key": (
        "state bucket: encrypted with the state key",
        lambda: put_encryption(
            {**ours(), "KMSMasterKeyID": kms().create_key()["KeyMetadata"]["Arn"]},
            bucket_key=True,
        ),
    ),
    "no bucket key": (
        "state bucket: encrypted with the state key",
        lambda: put_encryption(ours(), bucket_key=False),
    ),
    "no bucket policy": (
        "state bucket: policy: TLS 1.2, no other key",
        lambda: s3().delete_bucket_policy(Bucket=BUCKET),
    ),
    "plain HTTP allowed": ("state bucket: policy: TLS 1.2, no other key", drop_tls),
    "no lifecycle": (
        "state bucket: old versions kept for a year",
        lambda: s3().delete_bucket_lifecycle(Bucket=BUCKET),
    ),
    "shorter retention": ("state bucket: old versions kept for a year", shorter_retention),
    "no rotation": (
        "state key: yearly rotation",
        lambda: kms().disable_key_rotation(KeyId=key_id()),
    ),
    "key open to all": ("state key: policy", open_key),
    "no tags on the key": (
        "state key: tags",
        lambda: kms().untag_resource(KeyId=key_id(), TagKeys=["managed-by"]),
    ),
    "provider without the audience": (
        "identity provider: audience sts.amazonaws.com",
        provider_for,
    ),
    "older boundary": ("permissions boundary: what roles can do at most", older_boundary),
    "no tags on the boundary": (
        "permissions boundary: tags",
        lambda: iam().untag_policy(PolicyArn=BOUNDARY, TagKeys=["managed-by"]),
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_setting_is_repaired_and_nothing_else_is_touched(wrong: str) -> None:
    run()
    right = seen()
    expected, break_it = WRONG[wrong]
    break_it()
    again = run()
    assert again.named(Outcome.REPAIRED) == [expected]
    assert len(again.changes) == 1
    assert seen() == right


def test_a_key_that_never_got_its_alias_is_taken_up_again() -> None:
    run()
    key = key_id()
    kms().delete_alias(AliasName="alias/mlops-state")
    again = run()
    assert again.named(Outcome.REPAIRED) == ["state key: alias"]
    assert key_id() == key


def test_the_key_of_somebody_else_is_not_taken_for_ours() -> None:
    other = kms().create_key(Tags=[{"TagKey": "managed-by", "TagValue": "hand"}])
    run()
    assert key_id() != other["KeyMetadata"]["KeyId"]


def test_the_oldest_version_of_the_boundary_makes_room() -> None:
    run()
    right = seen()["boundary"]
    for _ in range(4):
        older_boundary()
    versions = iam().list_policy_versions(PolicyArn=BOUNDARY)["Versions"]
    assert [each["VersionId"] for each in versions if each["IsDefaultVersion"]] == ["v5"]
    again = run()
    assert again.changes == ["DeletePolicyVersion", "CreatePolicyVersion"]
    left = {v["VersionId"] for v in iam().list_policy_versions(PolicyArn=BOUNDARY)["Versions"]}
    assert left == {"v2", "v3", "v4", "v5", "v6"}
    assert seen()["boundary"] == right


def test_what_others_added_stays() -> None:
    run()
    audit = {
        "Sid": "Audit",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "s3:DeleteBucket",
        "Resource": f"arn:aws:s3:::{BUCKET}",
    }
    policy = seen()["bucket policy"]
    policy["Statement"].append(audit)
    s3().put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))
    drop_tls()
    rule = {
        "ID": "theirs",
        "Status": "Enabled",
        "Filter": {"Prefix": "theirs/"},
        "Expiration": {"Days": 9},
    }
    s3().put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": [rule]})
    team = {"Key": "team", "Value": "platform"}
    s3().put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [TAG, team]})
    provider_for("example")

    run()
    now = seen()
    assert audit in now["bucket policy"]["Statement"]
    assert "DenyPlainHttp" in {s["Sid"] for s in now["bucket policy"]["Statement"]}
    assert rule in now["lifecycle"]
    assert len(now["lifecycle"]) == 2
    assert team in now["bucket tags"]
    assert sorted(now["audiences"]) == ["example", "sts.amazonaws.com"]
    assert run().changes == []


def test_a_second_region_adds_to_the_boundary() -> None:
    run()
    second = run(region="eu-central-1")
    assert second.named(Outcome.REPAIRED) == ["permissions boundary: what roles can do at most"]
    protected = {s["Sid"]: s["Resource"] for s in seen()["boundary"]["Statement"]}
    for region in ("eu-west-1", "eu-central-1"):
        assert f"arn:aws:s3:::mlops-state-123456789012-{region}" in protected["OnlyUseStateBuckets"]
    assert run().changes == []


def test_allowed_regions_stay_until_others_are_given() -> None:
    def regions() -> Any:
        [services] = [s for s in seen()["boundary"]["Statement"] if s["Sid"] == "RegionalServices"]
        return services.get("Condition", {}).get("StringEquals", {}).get("aws:RequestedRegion")

    run()
    assert regions() is None
    run(Wishes(allowed_regions=["eu-west-1", "eu-central-1"]))
    assert regions() == ["eu-central-1", "eu-west-1"]
    assert run().changes == []
    run(Wishes(allowed_regions=[]))
    assert regions() is None
