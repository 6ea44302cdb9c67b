"""The S3 bucket that `pulumi login` names."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from infra.aws.account import Account
from infra.aws.errors import code_of, is_denied
from infra.bootstrap.bucket_rules import bucket_statements, with_retention
from infra.bootstrap.documents import with_statements
from infra.bootstrap.errors import BootstrapRefused
from infra.bootstrap.names import MANAGED_BY, TAGS
from infra.bootstrap.steps import Part, Setting

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

T = TypeVar("T")

KIND = "state bucket"
_FIRST_REGION = "us-east-1"  # the only one that a new bucket must not name
_ALL_BLOCKED = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}


class StateBucket:
    """One bucket; raises BootstrapRefused unless the name is free, ours, or to be adopted."""

    def __init__(self, account: Account, name: str, *, adopt: bool) -> None:
        self._account = account
        self._name = name
        self._s3: S3Client = account.client("s3")
        self._exists = self._look()
        if self._exists and not adopt and not self._read_tags().items() >= TAGS.items():
            raise BootstrapRefused(
                f"The bucket {name} is in this account but does not carry the tag "
                f"managed-by={MANAGED_BY}, so it may serve something else. Give --adopt-bucket "
                "to make it the state bucket all the same, or --bucket with another name."
            )

    def part(self, key_arn: str) -> Part:
        """Return the bucket with all its settings, encrypted with this key."""
        encrypted = {"algorithm": "aws:kms", "key": key_arn, "bucket_key": True}
        statements = bucket_statements(self._name, key_arn)
        return Part(
            KIND,
            self._name,
            exists=self._exists,
            make=self._make,
            settings=(
                Setting(
                    "tags",
                    self._read_tags,
                    lambda tags: tags | TAGS,
                    self._write_tags,
                    unset={},
                ),
                Setting(
                    "all public access blocked",
                    self._read_public_access,
                    lambda _: _ALL_BLOCKED,
                    self._write_public_access,
                ),
                Setting(
                    "owner enforced, no ACLs",
                    self._read_ownership,
                    lambda _: "BucketOwnerEnforced",
                    self._write_ownership,
                    at_birth=True,
                ),
                Setting(
                    "versioning", self._read_versioning, lambda _: "Enabled", self._write_versioning
                ),
                Setting(
                    "encrypted with the state key",
                    self._read_encryption,
                    lambda _: encrypted,
                    self._write_encryption,
                ),
                Setting(
                    "policy: TLS 1.2, no other key",
                    self._read_policy,
                    lambda current: with_statements(current, statements),
                    self._write_policy,
                ),
                Setting(
                    "old versions kept for a year",
                    self._read_lifecycle,
                    with_retention,
                    self._write_lifecycle,
                    unset=[],
                ),
            ),
        )

    def _look(self) -> bool:
        """Whether the bucket is there, in this account and in this region."""
        try:
            # The owner is named, because a bucket of somebody else may let everybody in.
            found = self._s3.head_bucket(Bucket=self._name, ExpectedBucketOwner=self._account.id)
        except ClientError as error:
            if code_of(error) == "404":
                return False
            if is_denied(error):
                raise BootstrapRefused(
                    f"The bucket {self._name} belongs to another account, or you may not look at "
                    "it. Give --bucket with a name nobody has, or get s3:ListBucket on it."
                ) from None
            raise
        if found["BucketRegion"] != self._account.region:
            raise BootstrapRefused(
                f"The bucket {self._name} is in {found['BucketRegion']}, not in "
                f"{self._account.region}; buckets do not move. Give --region "
                f"{found['BucketRegion']}, or --bucket with another name."
            )
        return True

    def _make(self) -> None:
        # Tagged at birth: whatever happens next, another run knows that it is ours.
        configuration: Any = {"Tags": _tag_set(TAGS)}
        if self._account.region != _FIRST_REGION:
            configuration["LocationConstraint"] = self._account.region
        self._s3.create_bucket(
            Bucket=self._name,
            CreateBucketConfiguration=configuration,
            ObjectOwnership="BucketOwnerEnforced",
        )
        self._s3.get_waiter("bucket_exists").wait(Bucket=self._name)

    def _read_tags(self) -> dict[str, str]:
        found = _unless("NoSuchTagSet", lambda: self._s3.get_bucket_tagging(Bucket=self._name))
        return {tag["Key"]: tag["Value"] for tag in found["TagSet"]} if found else {}

    def _write_tags(self, tags: dict[str, str]) -> None:
        self._s3.put_bucket_tagging(Bucket=self._name, Tagging={"TagSet": _tag_set(tags)})

    def _read_public_access(self) -> Any:
        found = _unless(
            "NoSuchPublicAccessBlockConfiguration",
            lambda: self._s3.get_public_access_block(Bucket=self._name),
        )
        return found["PublicAccessBlockConfiguration"] if found else None

    def _write_public_access(self, blocked: Any) -> None:
        self._s3.put_public_access_block(Bucket=self._name, PublicAccessBlockConfiguration=blocked)

    def _read_ownership(self) -> str | None:
        found = _unless(
            "OwnershipControlsNotFoundError",
            lambda: self._s3.get_bucket_ownership_controls(Bucket=self._name),
        )
        return found["OwnershipControls"]["Rules"][0]["ObjectOwnership"] if found else None

    def _write_ownership(self, ownership: Any) -> None:
        self._s3.put_bucket_ownership_controls(
            Bucket=self._name, OwnershipControls={"Rules": [{"ObjectOwnership": ownership}]}
        )

    def _read_versioning(self) -> str | None:
        return self._s3.get_bucket_versioning(Bucket=self._name).get("Status")

    def _write_versioning(self, status: Any) -> None:
        self._s3.put_bucket_versioning(
            Bucket=self._name, VersioningConfiguration={"Status": status}
        )

    def _read_encryption(self) -> Any:
        found = _unless(
            "ServerSideEncryptionConfigurationNotFoundError",
            lambda: self._s3.get_bucket_encryption(Bucket=self._name),
        )
        if not found:
            return None
        rule = found["ServerSideEncryptionConfiguration"]["Rules"][0]
        default = rule.get("ApplyServerSideEncryptionByDefault", {})
        return {
            "algorithm": default.get("SSEAlgorithm"),
            "key": default.get("KMSMasterKeyID"),
            "bucket_key": rule.get("BucketKeyEnabled"),
        }

    def _write_encryption(self, wanted: Any) -> None:
        rule: Any = {
            "ApplyServerSideEncryptionByDefault": {
                "SSEAlgorithm": wanted["algorithm"],
                "KMSMasterKeyID": wanted["key"],
            },
            "BucketKeyEnabled": wanted["bucket_key"],
        }
        self._s3.put_bucket_encryption(
            Bucket=self._name, ServerSideEncryptionConfiguration={"Rules": [rule]}
        )

    def _read_policy(self) -> Any:
        found = _unless("NoSuchBucketPolicy", lambda: self._s3.get_bucket_policy(Bucket=self._name))
        return json.loads(found["Policy"]) if found else None

    def _write_policy(self, policy: Any) -> None:
        self._s3.put_bucket_policy(Bucket=self._name, Policy=json.dumps(policy))

    def _read_lifecycle(self) -> Any:
        found = _unless(
            "NoSuchLifecycleConfiguration",
            lambda: self._s3.get_bucket_lifecycle_configuration(Bucket=self._name),
        )
        return found["Rules"] if found else []

    def _write_lifecycle(self, rules: Any) -> None:
        self._s3.put_bucket_lifecycle_configuration(
            Bucket=self._name, LifecycleConfiguration={"Rules": rules}
        )


def _tag_set(tags: dict[str, str]) -> Any:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _unless(missing_code: str, ask: Callable[[], T]) -> T | None:
    """Return the answer, or None where S3 says that nothing of the kind is set."""
    try:
        return ask()
    except ClientError as error:
        if code_of(error) == missing_code:
            return None
        raise
