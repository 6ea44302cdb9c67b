"""What the statements of workloads allow, and what they do not."""

from collections.abc import Callable, Sequence

import pulumi
import pytest

from mlops.access.statements import (
    Statement,
    policy,
    read_bucket,
    read_secret,
    read_write_bucket,
    use_key,
)
from tests.components.access.policy_evaluator import allows
from tests.conftest import Deploy

BUCKET = "arn:aws:s3:::artifacts"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1-AbCdEf"
THROUGH_S3 = {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}
THROUGH_SECRETS = {
    "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
    "kms:EncryptionContext:SecretARN": SECRET,
}


Need = Callable[[], Sequence[Statement]]


def written(deploy: Deploy, *needs: Need) -> list[str]:
    graph = deploy(lambda: pulumi.export("policy", policy(*(need() for need in needs))))
    return [graph.outputs["policy"]]


@pytest.mark.parametrize("action", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"])
def test_writers_reach_objects_of_their_bucket_only(deploy: Deploy, action: str) -> None:
    document = written(deploy, lambda: read_write_bucket(BUCKET, KEY))
    assert allows(document, action, f"{BUCKET}/mlflow/model.pkl")
    assert not allows(document, action, f"{BUCKET}-of-others/mlflow/model.pkl")


def test_old_versions_cannot_be_erased(deploy: Deploy) -> None:
    document = written(deploy, lambda: read_write_bucket(BUCKET, KEY))
    assert allows(document, "s3:GetObjectVersion", f"{BUCKET}/model.pkl")
    assert not allows(document, "s3:DeleteObjectVersion", f"{BUCKET}/model.pkl")


def test_readers_do_not_write(deploy: Deploy) -> None:
    document = written(deploy, lambda: read_bucket(BUCKET, KEY))
    assert allows(document, "s3:GetObject", f"{BUCKET}/model.pkl")
    assert allows(document, "kms:Decrypt", KEY, THROUGH_S3)
    assert not allows(document, "s3:PutObject", f"{BUCKET}/model.pkl")
    assert not allows(document, "kms:GenerateDataKey", KEY, THROUGH_S3)


@pytest.mark.parametrize("given", ["mlflow", "mlflow/", "/mlflow"])
def test_a_prefix_is_a_folder_and_not_the_beginning_of_a_name(deploy: Deploy, given: str) -> None:
    document = written(deploy, lambda: read_write_bucket(BUCKET, KEY, [given]))
    assert allows(document, "s3:GetObject", f"{BUCKET}/mlflow/1/model.pkl")
    assert not allows(document, "s3:GetObject", f"{BUCKET}/mlflow-secret/1/model.pkl")
    assert allows(document, "s3:ListBucket", BUCKET, {"s3:prefix": "mlflow/1/"})
    assert not allows(document, "s3:ListBucket", BUCKET, {"s3:prefix": "mlflow-secret/"})
    assert not allows(document, "s3:ListBucket", BUCKET), "without a prefix it lists everything"


@pytest.mark.parametrize("prefix", ["", "/", "*", "team-*", "a?", "${aws:username}"])
def test_a_prefix_that_is_no_plain_folder_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="is not a plain folder; give a name such as 'mlflow'"):
        read_bucket(BUCKET, KEY, [prefix])


@pytest.mark.parametrize("need", [read_bucket, read_write_bucket])
def test_a_bucket_always_comes_with_its_key_through_s3(
    deploy: Deploy, need: Callable[[str, str], list[Statement]]
) -> None:
    document = written(deploy, lambda: need(BUCKET, KEY))
    assert allows(document, "kms:Decrypt", KEY, THROUGH_S3)
    assert not allows(document, "kms:Decrypt", KEY), "not outside S3"
    elsewhere = {"kms:ViaService": "s3.us-east-1.amazonaws.com"}
    assert not allows(document, "kms:Decrypt", KEY, elsewhere)


def test_a_secret_comes_with_its_key_for_that_secret_only(deploy: Deploy) -> None:
    document = written(deploy, lambda: read_secret(SECRET, KEY))
    assert allows(document, "secretsmanager:GetSecretValue", SECRET)
    assert not allows(document, "secretsmanager:GetSecretValue", f"{SECRET}-other")
    assert not allows(document, "secretsmanager:PutSecretValue", SECRET)
    assert allows(document, "kms:Decrypt", KEY, THROUGH_SECRETS)
    other = {**THROUGH_SECRETS, "kms:EncryptionContext:SecretARN": f"{SECRET}-other"}
    assert not allows(document, "kms:Decrypt", KEY, other)


def test_needs_join_into_one_document_with_values_known_later(deploy: Deploy) -> None:
    document = written(
        deploy,
        lambda: read_bucket(pulumi.Output.from_input(BUCKET), KEY),
        lambda: use_key(KEY, "logs", ["kms:Encrypt"]),
    )
    assert allows(document, "s3:GetObject", f"{BUCKET}/model.pkl")
    context = {"kms:ViaService": "logs.eu-west-1.amazonaws.com"}
    assert allows(document, "kms:Encrypt", KEY, context)
