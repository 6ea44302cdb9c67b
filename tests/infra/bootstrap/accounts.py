"""Runs of the bootstrap, and an account seen without the bootstrap's eyes."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3

from infra.aws.account import open_account
from infra.bootstrap.run import Wishes, bootstrap
from infra.bootstrap.steps import Outcome, Step
from tests.infra.account_in_memory import REGION

ACCOUNT = "123456789012"

BUCKET = f"mlops-state-{ACCOUNT}-{REGION}"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/mlops-boundary"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
READING = ("Describe", "Get", "Head", "List")

Hook = Callable[[str], Any]


@dataclass
class Run:
    """What one run said and did."""

    steps: list[Step] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    """Names of the calls that change something, in order."""

    def outcomes(self, part: str) -> dict[str, Outcome]:
        """Return what became of the settings of a part."""
        return {step.setting: step.outcome for step in self.steps if step.part == part}

    def named(self, outcome: Outcome) -> list[str]:
        """Return `part: setting` of every step that ended so."""
        return [f"{s.part}: {s.setting}".rstrip(": ") for s in self.steps if s.outcome == outcome]


def run(wishes: Wishes | None = None, region: str = REGION, before: Hook | None = None) -> Run:
    """Bootstrap the account; `before` may answer a call in the place of AWS."""
    done = Run()
    account = open_account(region)

    def on_call(model: Any, **_: Any) -> Any:
        if not model.name.startswith(READING):
            answer = before(model.name) if before else None
            if answer is not None:
                return answer
            done.changes.append(model.name)
        return None

    account.session.events.register("before-call", on_call)
    bootstrap(account, wishes or Wishes(), done.steps.append)
    return done


def s3() -> Any:
    return boto3.client("s3", region_name=REGION)


def kms() -> Any:
    return boto3.client("kms", region_name=REGION)


def iam() -> Any:
    return boto3.client("iam", region_name=REGION)


def key_id() -> str:
    """Id of the key behind the alias."""
    return str(kms().describe_key(KeyId="alias/mlops-state")["KeyMetadata"]["KeyId"])


def seen() -> dict[str, Any]:
    """Return all that matters about the account, read one by one."""
    buckets, keys, identities = s3(), kms(), iam()
    key, bucket = key_id(), {"Bucket": BUCKET}
    policy = identities.get_policy(PolicyArn=BOUNDARY)["Policy"]
    version = policy["DefaultVersionId"]
    encryption = buckets.get_bucket_encryption(**bucket)["ServerSideEncryptionConfiguration"]
    return {
        "rotation": keys.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"],
        "key policy": json.loads(keys.get_key_policy(KeyId=key, PolicyName="default")["Policy"]),
        "key tags": keys.list_resource_tags(KeyId=key)["Tags"],
        "versioning": buckets.get_bucket_versioning(**bucket)["Status"],
        "public": buckets.get_public_access_block(**bucket)["PublicAccessBlockConfiguration"],
        "owner": buckets.get_bucket_ownership_controls(**bucket)["OwnershipControls"]["Rules"],
        "encryption": encryption["Rules"],
        "bucket policy": json.loads(buckets.get_bucket_policy(**bucket)["Policy"]),
        "lifecycle": buckets.get_bucket_lifecycle_configuration(**bucket)["Rules"],
        "bucket tags": buckets.get_bucket_tagging(**bucket)["TagSet"],
        "audiences": identities.get_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER)[
            "ClientIDList"
        ],
        "boundary": identities.get_policy_version(PolicyArn=BOUNDARY, VersionId=version)[
            "PolicyVersion"
        ]["Document"],
        "boundary tags": identities.list_policy_tags(PolicyArn=BOUNDARY)["Tags"],
    }
