"""`mlops new` writes a file that is right, or none."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from infra.config.document import from_file
from infra.config.load import load
from infra.config.model import DedicatedEnvironment, Platform, SharedEnvironment
from tests.infra.cli.conftest import Mlops
from tests.infra.cli.stack_folder import MINIMAL, StackFolder

Done = subprocess.CompletedProcess[str]

FLAGS = {
    "--stage": "dev",
    "--region": "eu-west-1",
    "--email": "fraud-ml@example.com",
    "--cost-center": "4711",
    "--repository": "example/fraud-models",
    "--repository-id": "123456789",
    "--budget": "800",
}


def flags(**other: str) -> list[str]:
    named = {f"--{name.replace('_', '-')}": value for name, value in other.items()}
    return [part for pair in {**FLAGS, **named}.items() for part in pair]


def test_it_writes_the_smallest_file_and_says_what_is_next(
    mlops: Mlops, stacks: StackFolder
) -> None:
    result = mlops("new", "fraud", *flags())
    assert result.exit_code == 0
    file = stacks.path / "Pulumi.fraud-dev.yaml"
    assert file.read_text() == MINIMAL.format(team="fraud", stage="dev")
    assert file.read_text() in result.stdout
    assert "Wrote stacks/Pulumi.fraud-dev.yaml:" in result.stdout
    assert "  mlops explain fraud-dev" in result.stdout.splitlines()
    assert "  pulumi up --stack fraud-dev --policy-pack policies" in result.stdout.splitlines()
    assert mlops("validate").exit_code == 0


@pytest.mark.parametrize(
    ("name", "more", "kind"),
    [
        ("fraud", {}, DedicatedEnvironment),
        ("fraud", {"stage": "prod"}, DedicatedEnvironment),
        ("fraud", {"tenancy": "shared"}, SharedEnvironment),
        ("fraud", {"tenancy": "shared", "platform": "org/mlops/platform-dev"}, SharedEnvironment),
        ("platform", {}, Platform),
        ("platform-eu", {"stage": "stage"}, Platform),
    ],
)
def test_what_it_writes_is_accepted(
    mlops: Mlops, stacks: StackFolder, name: str, more: dict[str, str], kind: type[object]
) -> None:
    mlops("new", "platform", *flags(cost_center="4000"))
    result = mlops("new", name, *flags(**more), "--json", "--force")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    file = Path(document["file"])
    assert file.read_text() == document["text"]
    assert len(document["text"].splitlines()) <= 12
    config = load(document["stack"], from_file(file, "new"))
    assert isinstance(config.settings, kind)


def test_a_range_that_is_taken_is_not_taken_again(mlops: Mlops, stacks: StackFolder) -> None:
    for team in ("fraud", "risk", "churn"):
        assert mlops("new", team, *flags()).exit_code == 0
    ranges = [
        load(stack, from_file(stacks.path / f"Pulumi.{stack}.yaml", "new")).settings
        for stack in ("fraud-dev", "risk-dev", "churn-dev")
    ]
    assert [each.network.cidr for each in ranges if isinstance(each, DedicatedEnvironment)] == [
        "10.10.0.0/16",
        "10.11.0.0/16",
        "10.12.0.0/16",
    ]


def test_a_shared_environment_has_no_range(mlops: Mlops, stacks: StackFolder) -> None:
    mlops("new", "platform", *flags())
    text = json.loads(mlops("new", "risk", *flags(tenancy="shared"), "--json").stdout)["text"]
    assert "cidr" not in text


def test_the_platform_goes_up_first(mlops: Mlops, stacks: StackFolder) -> None:
    mlops("new", "platform", *flags())
    result = mlops("new", "fraud", *flags(tenancy="shared"), "--json")
    ups = [step for step in json.loads(result.stdout)["next_steps"] if "pulumi up" in step]
    assert ups == [
        "pulumi up --stack platform-dev --policy-pack policies",
        "pulumi up --stack fraud-dev --policy-pack policies",
    ]


def test_editors_are_told_of_the_schema_where_there_is_one(
    mlops: Mlops, stacks: StackFolder
) -> None:
    (stacks.path / "stack.schema.json").write_text("{}")
    document = json.loads(mlops("new", "fraud", *flags(), "--json").stdout)
    first, rest = document["text"].split("\n", 1)
    assert first == "# yaml-language-server: $schema=stack.schema.json"
    assert rest == MINIMAL.format(team="fraud", stage="dev")


def test_what_the_organisation_says_is_not_asked(mlops: Mlops, stacks: StackFolder) -> None:
    stacks.write_defaults('owner: {email: all@example.com, cost_center: "1"}')
    few = [part for part in flags() if part not in ("--email", "--cost-center", "4711")]
    few.remove("fraud-ml@example.com")
    result = mlops("new", "fraud", *few)
    assert result.exit_code == 0
    assert "owner" not in (stacks.path / "Pulumi.fraud-dev.yaml").read_text()
    assert mlops("validate").exit_code == 0


def test_without_a_terminal_everything_missing_is_listed(mlops: Mlops, stacks: StackFolder) -> None:
    result = mlops("new", "fraud", "--stage", "dev", "--json")
    assert result.exit_code == 2
    document = json.loads(result.stdout)
    assert set(document["problems"]) == set(FLAGS) - {"--stage"}
    assert "--email is missing: Mailbox of the team" in result.stderr
    assert list(stacks.path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "wrong", "refused"),
    [
        ("Fraud", {}, ("TEAM", "lower-case letters")),
        ("../fraud", {}, ("TEAM", "lower-case letters")),
        ("platform-", {}, ("TEAM", "platform- and lower-case")),
        ("fraud", {"stage": "test"}, ("--stage", 'is "test"; allowed: dev, stage or prod')),
        ("fraud", {"region": "eu-west-11"}, ("--region", "eu-west-1")),
        ("fraud", {"email": "x"}, ("--email", "one e-mail address")),
        ("fraud", {"budget": "much"}, ("--budget", "a whole number from 1")),
        ("fraud", {"budget": "0"}, ("--budget", "a whole number from 1")),
        ("fraud", {"repository": "x"}, ("--repository", "owner/name of one repository")),
        ("fraud", {"cost_center": "CHANGEME"}, ("--cost-center", "placeholder")),
        ("fraud", {"tenancy": "mine"}, ("--tenancy", "dedicated or shared")),
        ("fraud", {"platform": "platform-dev"}, ("--platform", "tenancy is dedicated")),
        (
            "fraud",
            {"tenancy": "shared", "platform": "platform-prod"},
            ("--platform", "is a platform of another stage"),
        ),
        ("platform", {"tenancy": "shared"}, ("--tenancy", "belongs to one team")),
    ],
)
def test_a_wrong_answer_is_refused_in_the_words_of_the_model(
    mlops: Mlops,
    stacks: StackFolder,
    name: str,
    wrong: dict[str, str],
    refused: tuple[str, str],
) -> None:
    result = mlops("new", name, *flags(**wrong), "--json")
    assert result.exit_code == 2
    problems = json.loads(result.stdout)["problems"]
    flag, problem = refused
    assert list(problems) == [flag]
    assert problem in problems[flag]
    assert list(stacks.path.iterdir()) == []


def test_an_existing_file_is_kept_unless_forced(mlops: Mlops, stacks: StackFolder) -> None:
    file = stacks.write("fraud-dev", "quota: {cpu: 32}")
    before = file.read_text()
    result = mlops("new", "fraud", "--stage", "dev")
    assert result.exit_code == 1
    assert "stacks/Pulumi.fraud-dev.yaml is there already; --force" in result.stderr
    assert file.read_text() == before
    assert mlops("new", "fraud", *flags(), "--force").exit_code == 0
    assert file.read_text() == MINIMAL.format(team="fraud", stage="dev")


def test_nothing_is_written_if_the_organisation_is_wrong(mlops: Mlops, stacks: StackFolder) -> None:
    stacks.write_defaults("quota: {cpu: lots}")
    result = mlops("new", "fraud", *flags())
    assert result.exit_code == 1
    assert "stacks/defaults.yaml:3: quota.cpu is" in result.stderr
    assert not (stacks.path / "Pulumi.fraud-dev.yaml").exists()


def on_a_terminal(stacks: StackFolder, typed: str, *arguments: str) -> Done:
    """Run `mlops new` where somebody types; the lines are typed before it asks."""
    terminal, inside = pty.openpty()
    os.write(terminal, typed.encode())
    try:
        return subprocess.run(  # noqa: S603  # our own program
            [Path(sys.executable).with_name("mlops"), "new", *arguments],
            cwd=stacks.path,
            stdin=inside,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        os.close(inside)
        os.close(terminal)


def test_it_asks_on_a_terminal_and_checks_each_answer(stacks: StackFolder) -> None:
    answers = ["nowhere", "eu-west-1", "x", "fraud-ml@example.com", *list(FLAGS.values())[3:]]
    done = on_a_terminal(stacks, "\n".join([*answers, ""]), "fraud", "--stage", "dev")
    assert done.returncode == 0, done.stderr
    assert 'Error: it is "nowhere", no commercial region of AWS' in done.stderr
    assert 'Error: it is "x"; allowed: one e-mail address' in done.stderr
    assert done.stdout.strip().startswith("Wrote Pulumi.fraud-dev.yaml:"), "questions go elsewhere"
    text = (stacks.path / "Pulumi.fraud-dev.yaml").read_text()
    assert text == MINIMAL.format(team="fraud", stage="dev")


def test_an_existing_file_is_noticed_before_further_questions(stacks: StackFolder) -> None:
    stacks.write("fraud-dev")
    done = on_a_terminal(stacks, "dev\n", "fraud")
    assert done.returncode == 1
    assert "Pulumi.fraud-dev.yaml is there already" in done.stderr
    assert "AWS region" not in done.stderr


def test_who_stops_answering_gets_no_file(stacks: StackFolder) -> None:
    end_of_input = "\x04"
    done = on_a_terminal(stacks, f"dev\n{end_of_input}", "fraud")
    assert done.returncode == 130
    assert done.stderr.endswith("Error: Interrupted.\n")
    assert list(stacks.path.iterdir()) == []
