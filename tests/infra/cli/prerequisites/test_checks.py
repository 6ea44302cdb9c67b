"""What each fact means."""

import json
from dataclasses import replace

import pytest

from infra.cli.prerequisites.ask import Answer
from infra.cli.prerequisites.checks import Check, Status, judge, programs
from infra.cli.prerequisites.facts import VERSION_QUESTIONS, Facts

IDENTITY = {"region": "eu-west-1", "account": "123456789012", "principal": "arn:aws:iam::1:role/x"}
WHOAMI = Answer(json.dumps({"user": "me", "url": "s3://state?region=eu-west-1"}))
SILENT = Answer(problem="did not answer within 5 s", timed_out=True)
GOOD = Facts(
    python=(3, 12),
    sdk_version="3.250.0",
    programs={
        "pulumi": Answer("v3.250.1"),
        "aws": Answer("aws-cli/2.31.0 Python/3.13.7 Linux/6.1 exe/x86_64"),
        "kubectl": Answer("Client Version: v1.35.2\nKustomize Version: v5.5.0"),
        "git": Answer("git version 2.39.5"),
    },
    aws=Answer(json.dumps(IDENTITY)),
    backend=WHOAMI,
    bucket=Answer("{}"),
)


def check(facts: Facts, name: str) -> Check:
    [found] = [each for each in judge(facts) if each.name == name]
    return found


def with_program(name: str, answer: Answer | None) -> Facts:
    return replace(GOOD, programs={**GOOD.programs, name: answer})


def test_nothing_stands_in_the_way_where_all_is_well() -> None:
    checks = judge(GOOD)
    assert {each.status for each in checks} == {Status.OK}
    assert not any(each.advice or each.stands_in_the_way for each in checks)
    assert {each.name for each in checks} == {
        *("Python", "pulumi", "aws", "kubectl", "git"),
        *("region", "credentials", "state backend", "state bucket"),
    }


def test_every_program_is_asked_for_its_version() -> None:
    assert {program.name for program in programs("3.250.0")} == set(VERSION_QUESTIONS)


@pytest.mark.parametrize(("version", "status"), [((3, 11), "ok"), ((3, 10), "too old")])
def test_python(version: tuple[int, int], status: str) -> None:
    assert check(replace(GOOD, python=version), "Python").status == status


@pytest.mark.parametrize(
    ("name", "output", "status"),
    [
        ("pulumi", "v3.250.0", "ok"),
        ("pulumi", "v3.251.0-alpha.1", "ok"),
        ("pulumi", "v3.249.9", "too old"),
        ("pulumi", "v4.0.0", "too old"),
        ("aws", "aws-cli/1.27.160 Python/3.8", "ok"),
        ("aws", "aws-cli/1.26.0 Python/3.8", "too old"),
        ("aws", "aws-cli/2.12.3", "ok"),
        ("aws", "aws-cli/2.11.0", "too old"),
        ("kubectl", "Client Version: v1.34.0", "ok"),
        ("kubectl", "Client Version: v1.33.9", "too old"),
        ("git", "git version 1.8.3", "ok"),
        ("git", "who is asking?", "broken"),
        ("pulumi", "", "broken"),
    ],
)
def test_versions(name: str, output: str, status: str) -> None:
    assert check(with_program(name, Answer(output)), name).status == status


@pytest.mark.parametrize(
    ("answer", "status"),
    [(None, "missing"), (SILENT, "broken"), (Answer(problem="ended with code 1: x"), "broken")],
)
@pytest.mark.parametrize(
    ("name", "needed"), [("pulumi", True), ("aws", True), ("kubectl", False), ("git", False)]
)
def test_a_program_that_is_not_there_or_does_not_work(
    name: str, needed: bool, answer: Answer | None, status: str
) -> None:
    found = check(with_program(name, answer), name)
    assert found.status == status
    assert found.stands_in_the_way is needed
    assert "https://" in found.advice, "it says where to get it"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (IDENTITY, "ok"),
        ({"region": "", "error": "There are no AWS credentials.", "silent": False}, "missing"),
        ({"region": "", "error": "AWS cannot be reached.", "silent": True}, "unreachable"),
    ],
)
def test_credentials(said: dict[str, object], status: str) -> None:
    found = check(replace(GOOD, aws=Answer(json.dumps(said))), "credentials")
    assert found.status == status
    assert found.stands_in_the_way is (status != "ok")
    assert found.advice == said.get("error", "")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (SILENT, "unreachable"),
        (Answer(problem="ended with code 1: ModuleNotFoundError"), "broken"),
        (Answer("no document"), "broken"),
        (Answer("[]"), "broken"),
    ],
)
def test_credentials_that_nothing_is_said_about(answer: Answer, status: str) -> None:
    found = check(replace(GOOD, aws=answer), "credentials")
    assert found.status == status
    assert found.stands_in_the_way
    assert found.advice


def test_credentials_are_shown_with_account_and_role() -> None:
    assert check(GOOD, "credentials").found == "account 123456789012, arn:aws:iam::1:role/x"


def test_no_region_is_no_obstacle_because_stack_files_name_theirs() -> None:
    found = check(replace(GOOD, aws=Answer(json.dumps({**IDENTITY, "region": ""}))), "region")
    assert (found.status, found.stands_in_the_way) == (Status.MISSING, False)


@pytest.mark.parametrize(
    ("backend", "status"),
    [
        (WHOAMI, "ok"),
        (Answer(problem="ended with code 3: error: PULUMI_ACCESS_TOKEN must be set"), "missing"),
        (Answer(problem="ended with code 1: error: read .pulumi/meta.yaml"), "unreachable"),
        (SILENT, "unreachable"),
        (Answer("{}"), "unreachable"),
        (None, "not checked"),
    ],
)
def test_the_backend_of_the_state(backend: Answer | None, status: str) -> None:
    facts = replace(GOOD, backend=backend, bucket=Answer("{}") if backend is WHOAMI else None)
    found = check(facts, "state backend")
    assert found.status == status
    assert bool(found.advice) is (status not in ("ok", "not checked"))


@pytest.mark.parametrize(
    ("url", "bucket", "status", "text"),
    [
        ("s3://state?region=eu-west-1", Answer("{}"), "ok", "state"),
        (
            "s3://state",
            Answer('{"error": "There is no bucket state.", "silent": false}'),
            "missing",
            "no bucket state",
        ),
        ("s3://state", SILENT, "unreachable", "did not answer"),
        ("https://api.pulumi.com", None, "not checked", "not in S3"),
        ("file:///state", None, "not checked", "not in S3"),
    ],
)
def test_the_bucket_of_the_state(url: str, bucket: Answer | None, status: str, text: str) -> None:
    facts = replace(GOOD, backend=Answer(json.dumps({"url": url})), bucket=bucket)
    found = check(facts, "state bucket")
    assert found.status == status
    assert text in found.found + found.advice


def test_offline_only_what_needs_no_network_is_judged() -> None:
    region = Answer(json.dumps({"region": "eu-west-1"}))
    facts = replace(GOOD, aws=region, backend=None, bucket=None, offline=True)
    skipped = {each.name for each in judge(facts) if each.status == Status.NOT_CHECKED}
    assert skipped == {"credentials", "state backend", "state bucket"}
    assert not any(each.stands_in_the_way for each in judge(facts))
