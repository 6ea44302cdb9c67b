"""`mlops doctor` on machines where things are missing, broken or silent."""

import json
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.infra.account_in_memory import without_credentials
from tests.infra.answering import Answer, answering
from tests.infra.cli.conftest import Mlops

SAYS = {
    "pulumi": "v3.250.0",
    "aws": "aws-cli/2.31.0",
    "kubectl": "Client Version: v1.35.0",
    "git": "git version 2.39.5",
}
STATE = "s3://state?region=eu-west-1"
IDENTITY = """
<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>arn:aws:iam::123456789012:role/platform</Arn><Account>123456789012</Account>
  </GetCallerIdentityResult>
</GetCallerIdentityResponse>"""

Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put programs into the only directory that PATH has beside the system's shell."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    without_credentials(monkeypatch)

    def write(name: str, script: str) -> None:
        file = folder / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    return write


@pytest.fixture
def all_installed(install: Install) -> Install:
    """Make a machine where every program is there, and the state is in S3."""
    for name, version in SAYS.items():
        install(name, f"echo '{version}'")
    document = json.dumps({"user": "me", "url": STATE})
    install("pulumi", f"case $1 in whoami) echo '{document}';; *) echo v3.250.0;; esac")
    return install


@pytest.fixture
def aws_answers(install: Install, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Answer who one is, and that the bucket of the state is there."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "somebody")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    with answering({"POST": Answer(200, IDENTITY), "HEAD": Answer(200)}) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        yield


def checks(output: str) -> dict[str, dict[str, Any]]:
    return {check["name"]: check for check in json.loads(output)["checks"]}


@pytest.mark.usefixtures("all_installed", "aws_answers")
def test_all_is_well(mlops: Mlops) -> None:
    result = mlops("doctor")
    assert result.exit_code == 0, result.output
    assert "account 123456789012, arn:aws:iam::123456789012:role/platform" in result.stdout
    assert STATE in result.stdout
    assert "What to do" not in result.stdout
    assert {c["status"] for c in checks(mlops("doctor", "--json").stdout).values()} == {"ok"}


@pytest.mark.usefixtures("install")
def test_an_empty_machine(mlops: Mlops) -> None:
    result = mlops("doctor")
    assert result.exit_code == 1
    assert "cannot work yet, because of: pulumi, aws, credentials." in result.stderr
    assert "There are no AWS credentials" in result.stdout
    document = mlops("doctor", "--json")
    assert document.exit_code == 1
    found = checks(document.stdout)
    assert found["pulumi"]["status"] == found["credentials"]["status"] == "missing"
    assert found["Python"]["found"] == f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert found["state backend"]["status"] == "not checked"


@pytest.mark.usefixtures("aws_answers")
def test_programs_that_hang_or_break(mlops: Mlops, all_installed: Install) -> None:
    all_installed("pulumi", "exec /bin/sleep 600")
    all_installed("aws", "kill -SEGV $$")
    all_installed("git", "echo what; exit 4")
    result = mlops("doctor", "--json")
    assert result.exit_code == 1
    found = checks(result.stdout)
    assert found["pulumi"]["found"] == "did not answer within 5 s"
    assert {found[name]["status"] for name in ("pulumi", "aws", "git")} == {"broken"}
    assert found["kubectl"]["status"] == found["credentials"]["status"] == "ok"


@pytest.mark.usefixtures("all_installed")
def test_offline_nobody_is_asked(mlops: Mlops) -> None:
    result = mlops("doctor", "--offline", "--json")
    assert result.exit_code == 0
    statuses = {name: check["status"] for name, check in checks(result.stdout).items()}
    assert statuses == {
        **dict.fromkeys(("Python", *SAYS), "ok"),
        "region": "missing",
        **dict.fromkeys(("credentials", "state backend", "state bucket"), "not checked"),
    }


@pytest.mark.usefixtures("all_installed")
def test_aws_that_takes_the_call_and_says_nothing(
    mlops: Mlops, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "somebody")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        result = mlops("doctor", "--json")
    assert result.exit_code == 1
    found = checks(result.stdout)
    assert found["credentials"]["status"] == "unreachable"
    assert found["state bucket"]["status"] == "unreachable"
    assert found["pulumi"]["status"] == "ok"


@pytest.mark.usefixtures("all_installed", "aws_answers")
@pytest.mark.parametrize(
    ("status", "judgement", "advice"),
    [
        (404, "missing", "There is no bucket state. Run `mlops bootstrap`."),
        (403, "missing", "AWS refuses HeadBucket to you"),
    ],
)
def test_a_state_bucket_that_does_not_let_one_in(
    mlops: Mlops, monkeypatch: pytest.MonkeyPatch, status: int, judgement: str, advice: str
) -> None:
    with answering({"HEAD": Answer(status)}) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", address)
        result = mlops("doctor", "--json")
    assert result.exit_code == 1
    bucket = checks(result.stdout)["state bucket"]
    assert bucket["status"] == judgement
    assert advice in bucket["advice"]


@pytest.mark.usefixtures("aws_answers")
def test_nobody_is_logged_in_to_the_state(mlops: Mlops, all_installed: Install) -> None:
    error = "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions"
    all_installed("pulumi", f"case $1 in whoami) echo {error} >&2; exit 3;; esac; echo v3.250.0")
    result = mlops("doctor")
    assert result.exit_code == 1
    assert "not logged in" in result.stdout
    assert "pulumi login 's3://" in result.stdout
