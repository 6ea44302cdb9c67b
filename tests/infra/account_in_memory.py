"""An AWS account that lives in the memory of the test, and one that no credentials lead to."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import botocore.session
import pytest
from botocore.loaders import create_loader
from moto import mock_aws
from moto.core.responses import EmptyResult
from moto.iam.responses import IamResponse

REGION = "eu-west-1"
_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
)


def without_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away every way to credentials and a region."""
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@contextmanager
def account_in_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Answer every call to AWS from memory; buckets of other accounts are closed."""
    without_credentials(monkeypatch)
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    monkeypatch.setenv("MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS", "false")
    monkeypatch.setattr(
        IamResponse, "add_client_id_to_open_id_connect_provider", _add_audience, raising=False
    )
    # Every session would read the descriptions of all services anew.
    monkeypatch.setattr(botocore.session, "create_loader", _loader)
    with mock_aws():
        yield


@cache
def _loader(path: str | None) -> object:
    return create_loader(path)


def _add_audience(answering: IamResponse) -> EmptyResult:
    """Do what moto does not know how to do; adding twice is no error. Source: IAM API reference."""
    about = answering._get_param("OpenIDConnectProviderArn")
    audiences = answering.backend.get_open_id_connect_provider(about).client_id_list
    audience = answering._get_param("ClientID")
    if audience not in audiences:
        audiences.append(audience)
    return EmptyResult()
