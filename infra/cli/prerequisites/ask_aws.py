"""A program of its own that asks AWS one thing, so that it can be ended when AWS is silent.

`identity` prints the region and whose the credentials are, `region` the first of these alone,
`bucket NAME REGION` whether the bucket can be reached. The answer is one JSON document; what went
wrong stands under `error`, and `silent` says that nobody answered.
"""

import json
import os
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.aws.account import open_account
from infra.aws.errors import AwsError, code_of, explain, is_network

_ONCE = Config(connect_timeout=3, read_timeout=3, retries={"total_max_attempts": 1})
_ANY_REGION = "us-east-1"  # every region knows who one is

Document = dict[str, str | bool]


def main(question: str, *arguments: str) -> Document:
    """Answer the question."""
    known: Document = {}
    try:
        if question == "bucket":
            return _bucket(*arguments)
        region = os.environ.get("AWS_REGION") or boto3.Session().region_name or ""
        known["region"] = region
        if question == "identity":
            account = open_account(region or _ANY_REGION, _ONCE)
            known |= {"account": account.id, "principal": account.principal_arn}
    except AwsError as error:
        return {**known, "error": explain(error), "silent": is_network(error)}
    return known


def _bucket(name: str, region: str) -> Document:
    try:
        boto3.client("s3", region_name=region or None, config=_ONCE).head_bucket(Bucket=name)
    except ClientError as error:
        if code_of(error) == "404":
            return {"error": f"There is no bucket {name}. Run `mlops bootstrap`.", "silent": False}
        raise
    return {}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
