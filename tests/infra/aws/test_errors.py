"""Every way in which AWS, the network or the credentials fail one ends in what to do."""

import pytest
from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError, ClientError

from infra.aws.errors import explain, is_denied, is_network


def answered(code: str, message: str = "because") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "PutBucketPolicy")


@pytest.mark.parametrize(
    ("error", "sentences"),
    [
        (boto.NoCredentialsError(), ["There are no AWS credentials", "aws sso login"]),
        (
            boto.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
            ["no AWS credentials", "missing: AWS_SECRET_ACCESS_KEY"],
        ),
        (boto.UnauthorizedSSOTokenError(), ["expired or cannot be renewed", "aws sso login"]),
        (boto.ProfileNotFound(profile="x"), ["cannot be read", "(x)", "aws sso login"]),
        (
            boto.CredentialRetrievalError(provider="custom-process", error_msg="no"),
            ["cannot be read", "custom-process"],
        ),
        (
            boto.EndpointConnectionError(endpoint_url="x"),
            ["cannot be reached", "Check the network"],
        ),
        (boto.ReadTimeoutError(endpoint_url="x"), ["cannot be reached", "Check the network"]),
        (boto.DataNotFoundError(data_path="x"), ["Unable to load data for: x"]),
        (answered("ExpiredToken"), ["have expired", "aws sso login"]),
        (answered("UnrecognizedClientException"), ["does not accept", "aws sso login"]),
        (answered("AccessDenied"), ["refuses PutBucketPolicy to you: because", "Get this"]),
        (answered("403", ""), ["refuses PutBucketPolicy to you: 403"]),
        (answered("MalformedPolicy"), ["answers PutBucketPolicy with MalformedPolicy: because"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_sentence(error: BotoCoreError | ClientError, sentences: list[str]) -> None:
    assert [part for part in sentences if part not in explain(error)] == []


def test_refusal_and_silence_are_told_apart() -> None:
    denied, silent = answered("AccessDenied"), boto.ConnectTimeoutError(endpoint_url="x")
    assert is_denied(denied)
    assert not is_network(denied)
    assert is_network(silent)
    assert not is_denied(answered("NoSuchBucket"))
