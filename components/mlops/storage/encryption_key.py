"""KMS key of one team or platform: what it encrypts is lost to everybody else."""

import json
from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import kms

from mlops.storage.key_policy import key_policy

RETAINED_DELETION_WINDOW_DAYS = 30
SHORTEST_DELETION_WINDOW_DAYS = 7


class EncryptionKeyArgs(TypedDict):
    """What the caller decides; yearly rotation and an explicit policy are not up for decision."""

    alias: str
    """Name people find the key by, unique in account and region, such as `mlops/fraud-dev`."""
    description: str
    """What the key encrypts, for people."""
    account_id: str
    """Account that owns the key: its IAM decides who may use it."""
    region: str
    """Region of the key."""
    on_destroy: str
    """`delete` schedules the key's deletion with the stack; `retain` keeps the key, because data
    that outlives the stack is unreadable without it."""
    services: NotRequired[list[str]]
    """Services of AWS that use the key on their own: `logs` for encrypted log groups, and
    `cloudwatch`, `aps`, `budgets` for publishing to an encrypted topic. Default none."""
    deletion_window_days: NotRequired[int]
    """Days in which a deletion can be taken back, 7 to 30. Default 7 with `delete`, else 30."""


class EncryptionKey(pulumi.ComponentResource):
    """Symmetric key with yearly rotation, an explicit policy and an alias."""

    key_arn: pulumi.Output[str]
    """ARN of the key, for everything that is encrypted."""
    key_id: pulumi.Output[str]
    """Id of the key."""
    alias_name: pulumi.Output[str]
    """Alias with its prefix, such as `alias/mlops/fraud-dev`."""

    def __init__(
        self, name: str, args: EncryptionKeyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:EncryptionKey", name, {**args}, opts)
        keep = args["on_destroy"] == "retain"
        window = RETAINED_DELETION_WINDOW_DAYS if keep else SHORTEST_DELETION_WINDOW_DAYS
        policy = key_policy(args["account_id"], args["region"], args.get("services", []))

        key = kms.Key(
            f"{name}-key",
            description=args["description"],
            enable_key_rotation=True,
            deletion_window_in_days=args.get("deletion_window_days", window),
            bypass_policy_lockout_safety_check=False,
            policy=json.dumps(policy),
            opts=pulumi.ResourceOptions(parent=self, protect=keep, retain_on_delete=keep),
        )
        alias = kms.Alias(
            f"{name}-alias",
            name=f"alias/{args['alias']}",
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.key_arn = key.arn
        self.key_id = key.key_id
        self.alias_name = alias.name
        self.register_outputs(
            {"keyArn": self.key_arn, "keyId": self.key_id, "aliasName": self.alias_name}
        )
