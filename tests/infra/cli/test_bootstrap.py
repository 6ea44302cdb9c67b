"""`mlops bootstrap` as a person and as a program see it."""

import json
from pathlib import Path

import boto3
import pytest
from moto.core import set_initial_no_auth_action_count

from infra.config.document import from_file
from infra.config.load import load
from infra.config.model import DedicatedEnvironment
from tests.graph.program import STACKS
from tests.infra.account_in_memory import REGION, without_credentials
from tests.infra.answering import Answer, answering
from tests.infra.cli.conftest import Mlops

BUCKET = f"mlops-state-123456789012-{REGION}"
PARTS = {"state key", "state bucket", "identity provider", "permissions boundary"}

pytestmark = pytest.mark.usefixtures("aws")


def test_it_says_line_by_line_what_was_made_and_what_to_do_next(mlops: Mlops) -> None:
    result = mlops("bootstrap")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"Account 123456789012, region {REGION}, as arn:aws:")
    assert f"made          state bucket {BUCKET}" in lines
    assert "made            versioning" in lines
    assert "18 made." in lines
    assert f"  pulumi login 's3://{BUCKET}?region={REGION}'" in lines
    assert (
        "  pulumi stack init TEAM-STAGE "
        f"--secrets-provider 'awskms://alias/mlops-state?region={REGION}'" in lines
    )


def test_the_second_time_everything_is_found(mlops: Mlops) -> None:
    mlops("bootstrap")
    result = mlops("bootstrap")
    assert result.exit_code == 0
    assert "18 found." in result.stdout.splitlines()


def test_a_dry_run_ends_well_and_changes_nothing(mlops: Mlops) -> None:
    result = mlops("bootstrap", "--dry-run")
    assert result.exit_code == 0
    assert "Nothing was changed: 18 to make." in result.stdout
    assert "pulumi login" not in result.stdout, "there is nothing to log in to"
    assert boto3.client("s3").list_buckets()["Buckets"] == []


def test_a_program_gets_one_document(mlops: Mlops) -> None:
    document = json.loads(mlops("bootstrap", "--json").stdout)
    assert document["account_id"] == "123456789012"
    assert {step["part"] for step in document["steps"]} == PARTS
    assert {step["outcome"] for step in document["steps"]} == {"made"}
    assert document["prepared"]["bucket"] == BUCKET
    assert document["next_commands"][0] == f"pulumi login 's3://{BUCKET}?region={REGION}'"
    rehearsal = json.loads(mlops("bootstrap", "--json", "--dry-run").stdout)
    assert rehearsal["dry_run"] is True
    assert {step["outcome"] for step in rehearsal["steps"]} == {"found"}


def test_the_lines_for_the_organisation_fit_every_stack(mlops: Mlops, tmp_path: Path) -> None:
    document = json.loads(mlops("bootstrap", "--json").stdout)
    prepared = document["prepared"]
    file = tmp_path / "defaults.yaml"
    file.write_text(document["defaults"])
    stack = STACKS["demo-dev"]
    environment = load(
        "demo-dev", from_file(stack, stack.name), from_file(file, file.name)
    ).settings
    assert isinstance(environment, DedicatedEnvironment)
    assert environment.iam.permissions_boundary_arn == prepared["permissions_boundary_arn"]
    assert environment.ci.oidc_provider_arn == prepared["oidc_provider_arn"]
    assert environment.ci.state
    assert environment.ci.state.bucket_arn == prepared["bucket_arn"]
    assert environment.ci.state.key_arn == prepared["key_arn"]


def test_the_options_reach_the_account(mlops: Mlops) -> None:
    result = mlops(
        *("bootstrap", "--region", "eu-central-1", "--bucket", "acme-state"),
        *("--allowed-region", "eu-central-1", "--allowed-region", "eu-west-1", "--json"),
    )
    assert result.exit_code == 0
    assert boto3.client("s3").head_bucket(Bucket="acme-state")["BucketRegion"] == "eu-central-1"
    refused = mlops("bootstrap", "--region", "us-east-1")
    assert refused.exit_code == 1
    assert "eu-central-1, eu-west-1 only" in refused.stderr
    assert mlops("bootstrap", "--region", "us-east-1", "--allowed-region", "all").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--region", "eu_west-1"], 'it is "eu_west-1", no commercial region of AWS; did you mean'),
        (["--region", "cn-north-1"], 'it is "cn-north-1", no commercial region'),
        (["--region", ""], "no region is given"),
        (["--bucket", "Acme.state"], "'Acme.state' cannot be the name of a state bucket"),
        (["--allowed-region", "all", "--allowed-region", "eu-west-1"], """it is "all", no"""),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(
    mlops: Mlops, arguments: list[str], sentence: str
) -> None:
    result = mlops("bootstrap", *arguments)
    assert result.exit_code == 2
    said = " ".join(result.stderr.replace("│", " ").split())
    assert sentence in said
    assert boto3.client("s3").list_buckets()["Buckets"] == []


def test_a_bucket_of_unknown_purpose_is_adopted_only_if_said(mlops: Mlops) -> None:
    boto3.client("s3").create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    refused = mlops("bootstrap")
    assert refused.exit_code == 1
    assert "--adopt-bucket" in refused.stderr
    assert mlops("bootstrap", "--adopt-bucket").exit_code == 0


def test_no_credentials(mlops: Mlops, monkeypatch: pytest.MonkeyPatch) -> None:
    without_credentials(monkeypatch)
    result = mlops("bootstrap", "--region", REGION, "--json")
    assert result.exit_code == 1
    assert "There are no AWS credentials" in result.stderr
    assert "aws sso login" in result.stderr
    assert json.loads(result.stdout)["steps"] == []


def test_a_profile_that_does_not_exist(mlops: Mlops, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    result = mlops("bootstrap")
    assert result.exit_code == 1
    assert "credentials cannot be read: The config profile (nobody)" in result.stderr


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("ExpiredToken", "The AWS credentials have expired. Log in"),
        ("InvalidClientTokenId", "AWS does not accept these credentials"),
        ("AccessDenied", "AWS refuses GetCallerIdentity to you: no. Get this permission"),
    ],
)
def test_credentials_that_do_not_do(
    mlops: Mlops, monkeypatch: pytest.MonkeyPatch, code: str, sentence: str
) -> None:
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error>"
    with answering({"POST": Answer(403, f"<ErrorResponse>{error}</ErrorResponse>")}) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", address)
        result = mlops("bootstrap")
    assert result.exit_code == 1
    assert sentence in result.stderr


def test_nobody_answers(mlops: Mlops, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    result = mlops("bootstrap")
    assert result.exit_code == 1
    assert "AWS cannot be reached" in result.stderr


def test_a_refused_call_is_named_with_what_was_done_before(
    mlops: Mlops, monkeypatch: pytest.MonkeyPatch
) -> None:
    iam = boto3.client("iam")
    iam.create_user(UserName="weak")
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "s3:PutBucketPolicy", "Resource": "*"},
    ]
    iam.put_user_policy(
        UserName="weak",
        PolicyName="weak",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
    )
    key = iam.create_access_key(UserName="weak")["AccessKey"]
    with monkeypatch.context() as weak:
        weak.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
        weak.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
        result = set_initial_no_auth_action_count(0)(mlops)("bootstrap", "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert "AWS refuses PutBucketPolicy to you" in document["error"]
    assert f"What was done so far ({len(document['steps'])}) stays" in document["error"]
    assert document["steps"][-1]["setting"] == "encrypted with the state key"
    assert mlops("bootstrap").exit_code == 0, "and another run goes on"
