"""The KMS key that encrypts the state bucket and the secrets in every stack's state."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.aws.account import Account
from infra.aws.errors import code_of, is_denied
from infra.bootstrap.documents import Document, document, with_statements
from infra.bootstrap.errors import BootstrapRefused
from infra.bootstrap.names import KEY_ALIAS, TAGS
from infra.bootstrap.steps import Part, Setting

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

KIND = "state key"
DESCRIPTION = "Pulumi state: the bucket, and the secrets of the stacks"
_POLICY_NAME = "default"  # the only one a key can have
_USE = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"]
_ADMINISTRATION = [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:Get*",
    "kms:List*",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
]


def key_policy(account_id: str) -> Document:
    """Return who may do what with the key: what IAM of the account grants, and no more than this.

    No grants: nobody hands the key on. S3 and the engine need the four actions of `UseForState`.
    """
    return document(
        {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
            "Action": actions,
            "Resource": "*",
        }
        for sid, actions in (("AccountAdministers", _ADMINISTRATION), ("UseForState", _USE))
    )


class StateKey:
    """The key behind `alias/mlops-state` in one region; `arn` is a stand-in until it exists."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._kms: KMSClient = account.client("kms")
        self._id = self._find()

    @property
    def arn(self) -> str:
        """ARN, for everything that is encrypted with it."""
        return f"arn:aws:kms:{self._account.region}:{self._account.id}:key/{self._id or 'new'}"

    def part(self) -> Part:
        """Return the key with all its settings."""
        policy = key_policy(self._account.id)["Statement"]
        return Part(
            KIND,
            KEY_ALIAS,
            exists=bool(self._id),
            make=self._make,
            settings=(
                Setting("alias", self._read_alias, lambda _: self._id, self._write_alias),
                Setting(
                    "tags",
                    self._read_tags,
                    lambda tags: tags | TAGS,
                    self._write_tags,
                    at_birth=True,
                ),
                Setting(
                    "policy",
                    self._read_policy,
                    lambda current: with_statements(current, policy),
                    self._write_policy,
                    at_birth=True,
                ),
                Setting("yearly rotation", self._read_rotation, lambda _: True, self._rotate),
            ),
        )

    def _find(self) -> str:
        """Return the id of the key behind the alias, or of one that never got its alias, or ``."""
        try:
            found = self._kms.describe_key(KeyId=KEY_ALIAS)["KeyMetadata"]
        except ClientError as error:
            if code_of(error) != "NotFoundException":
                raise
            return next(self._without_alias(), "")
        if found["KeyState"] != "Enabled":
            raise BootstrapRefused(
                f"The key {found['Arn']} behind {KEY_ALIAS} is {found['KeyState']}: what it "
                "encrypted cannot be read. Take that back (`aws kms cancel-key-deletion` or `aws "
                "kms enable-key`), or delete the alias to get a new key, then run this again."
            )
        return found["KeyId"]

    def _without_alias(self) -> Iterator[str]:
        """Iterate over our keys that a bootstrap made and could not name."""
        for page in self._kms.get_paginator("list_keys").paginate():
            for key in page["Keys"]:
                try:
                    ours = self._tags_of(key["KeyId"]).items() >= TAGS.items()
                except ClientError as error:
                    if not is_denied(error):
                        raise
                    continue  # whoever made this key keeps it to himself
                if ours and self._is_spare(key["KeyId"]):
                    yield key["KeyId"]

    def _is_spare(self, key_id: str) -> bool:
        state = self._kms.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"]
        return state == "Enabled" and not self._kms.list_aliases(KeyId=key_id)["Aliases"]

    def _make(self) -> None:
        made = self._kms.create_key(
            Description=DESCRIPTION,
            Policy=json.dumps(key_policy(self._account.id)),
            Tags=[{"TagKey": key, "TagValue": value} for key, value in TAGS.items()],
        )
        self._id = made["KeyMetadata"]["KeyId"]

    def _read_alias(self) -> str | None:
        aliases = self._kms.list_aliases(KeyId=self._id)["Aliases"]
        return self._id if KEY_ALIAS in {alias["AliasName"] for alias in aliases} else None

    def _write_alias(self, key_id: str) -> None:
        self._kms.create_alias(AliasName=KEY_ALIAS, TargetKeyId=key_id)

    def _tags_of(self, key_id: str) -> dict[str, str]:
        tags = self._kms.list_resource_tags(KeyId=key_id)["Tags"]
        return {tag["TagKey"]: tag["TagValue"] for tag in tags}

    def _read_tags(self) -> dict[str, str]:
        return self._tags_of(self._id)

    def _write_tags(self, tags: dict[str, str]) -> None:
        self._kms.tag_resource(
            KeyId=self._id,
            Tags=[{"TagKey": key, "TagValue": value} for key, value in tags.items()],
        )

    def _read_policy(self) -> Any:
        found = self._kms.get_key_policy(KeyId=self._id, PolicyName=_POLICY_NAME)
        return json.loads(found["Policy"])

    def _write_policy(self, policy: Document) -> None:
        self._kms.put_key_policy(KeyId=self._id, PolicyName=_POLICY_NAME, Policy=json.dumps(policy))

    def _read_rotation(self) -> bool:
        return self._kms.get_key_rotation_status(KeyId=self._id)["KeyRotationEnabled"]

    def _rotate(self, _: bool) -> None:
        self._kms.enable_key_rotation(KeyId=self._id)
