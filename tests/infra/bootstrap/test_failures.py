"""A bootstrap that fails half-way is gone on with by the next one."""

import json
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError
from moto.core import set_initial_no_auth_action_count

from infra.bootstrap.run import Wishes
from tests.infra.bootstrap.accounts import BUCKET, iam, kms, run, seen

pytestmark = pytest.mark.usefixtures("aws")

# Every call by which an empty account is prepared.
CHANGES = [
    "CreateKey",
    "CreateAlias",
    "EnableKeyRotation",
    "CreateBucket",
    "PutBucketTagging",
    "PutPublicAccessBlock",
    "PutBucketVersioning",
    "PutBucketEncryption",
    "PutBucketPolicy",
    "PutBucketLifecycleConfiguration",
    "CreateOpenIDConnectProvider",
    "CreatePolicy",
]
# moto, unlike S3, forgets the tags a bucket is made with.
TAGGED_AT_BIRTH_ON_AWS = "PutBucketTagging"


def refusing(call: str) -> Any:
    """Return an answer in AWS's place, which refuses this call."""

    def answer(name: str) -> Any:
        if name != call:
            return None
        error = {"Error": {"Code": "AccessDenied", "Message": f"not {name}"}}
        return AWSResponse("", 403, HTTPHeaders(), None), error

    return answer


def test_these_are_all_the_calls() -> None:
    assert run().changes == CHANGES


@pytest.mark.parametrize("refused", CHANGES)
def test_after_a_refused_call_the_next_run_goes_on(refused: str) -> None:
    with pytest.raises(ClientError, match=f"not {refused}"):
        run(before=refusing(refused))
    rest = run(Wishes(adopt_bucket=refused == TAGGED_AT_BIRTH_ON_AWS))
    assert rest.changes[0] == refused
    assert rest.changes == CHANGES[CHANGES.index(refused) :], "nothing is done twice"
    assert len(kms().list_keys()["Keys"]) == 1
    assert seen()["versioning"] == "Enabled"
    assert run().changes == []


def test_a_permission_that_is_lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    def credentials(user: str, *statements: dict[str, str]) -> dict[str, str]:
        iam().create_user(UserName=user)
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        iam().put_user_policy(UserName=user, PolicyName="all", PolicyDocument=json.dumps(document))
        key = iam().create_access_key(UserName=user)["AccessKey"]
        return {
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        }

    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    no_policy = {"Effect": "Deny", "Action": "s3:PutBucketPolicy", "Resource": "*"}
    weak, strong = credentials("weak", everything, no_policy), credentials("strong", everything)

    @set_initial_no_auth_action_count(0)
    def run_as(who: dict[str, str]) -> list[str]:
        for name, value in who.items():
            monkeypatch.setenv(name, value)
        return run().changes

    with pytest.raises(ClientError, match="PutBucketPolicy"):
        run_as(weak)
    assert "PutBucketPolicy" in run_as(strong)
    assert boto3.client("s3").get_bucket_policy(Bucket=BUCKET)
