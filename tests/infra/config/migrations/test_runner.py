"""Files of older versions become current ones, whole or not at all."""

from pathlib import Path

import pytest

from infra.config.document import ENVIRONMENT_KEY, PLATFORM_KEY, from_text
from infra.config.files import stack_files
from infra.config.migrations.runner import migrate, migrate_file
from infra.config.migrations.stack_text import MigrationError, StackText
from infra.config.migrations.steps import steps_in
from tests.infra.config.migrations import sample

SAMPLE = steps_in(sample)
OLD = """\
# yaml-language-server: $schema=stack.schema.json
config:
  aws:region: eu-west-1   # Ireland
  mlops:environment:
    # Agreed with the bank.
    team: fraud
    stage: prod
    owner: {email: fraud-ml@example.com,  cost_center: "4711"}
    registry:
      multi_az: true   # since the audit
      storage_gib: 50
    monitoring: {alerts: {emails: [oncall@example.com]}}
    logs: {retention_days: 14}
    artifacts: {object_lock_days: 90, noncurrent_days: 180}
    # Two of them.
    tracking: {replicas: 2}
"""
NEW = """\
# yaml-language-server: $schema=stack.schema.json
config:
  aws:region: eu-west-1   # Ireland
  mlops:environment:
    api_version: 3
    # Agreed with the bank.
    team: fraud
    stage: prod
    owner: {email: fraud-ml@example.com,  cost_center: "4711"}
    registry:
      standby: true   # since the audit
      storage_gib: 50
      # Two of them.
      replicas: 2
    logs: {retention_weeks: 2}
    artifacts: {noncurrent_days: 180}
    alarms: {emails: [oncall@example.com]}
"""


def test_a_file_is_rewritten_step_by_step() -> None:
    migration = migrate(OLD, "stacks/old.yaml", SAMPLE)
    assert migration.text == NEW
    assert migration.notes == (
        "registry.multi_az is now registry.standby",
        "monitoring.alerts.emails is now alarms.emails",
        "tracking.replicas is now registry.replicas",
        "logs.retention_days was 14 and is now 2",
        "logs.retention_days is now logs.retention_weeks",
        "artifacts.object_lock_days is removed: lock the bucket in the account's policy",
    )


def test_a_current_file_stays_as_it_is() -> None:
    migration = migrate(NEW, "stacks/new.yaml", SAMPLE)
    assert (migration.text, migration.notes) == (NEW, ())


def test_a_file_in_between_takes_only_the_steps_it_lacks() -> None:
    text = OLD.replace("    team", "    api_version: 2\n    team")
    migration = migrate(text, "stacks/old.yaml", SAMPLE)
    settings = from_text(migration.text, "f").settings(ENVIRONMENT_KEY)
    assert settings["api_version"] == 3
    assert settings["registry"] == {"multi_az": True, "storage_gib": 50}
    assert settings["logs"] == {"retention_weeks": 2}


def test_the_defaults_of_the_organisation_are_rewritten_block_by_block() -> None:
    text = (
        "config:\n"
        "  mlops:environment: {api_version: 3, logs: {retention_weeks: 2}}\n"
        "  mlops:platform:\n"
        "    logs: {retention_days: 7}\n"
    )
    document = from_text(migrate(text, "stacks/defaults.yaml", SAMPLE).text, "f")
    assert document.settings(ENVIRONMENT_KEY) == {"api_version": 3, "logs": {"retention_weeks": 2}}
    assert document.settings(PLATFORM_KEY) == {"api_version": 3, "logs": {"retention_weeks": 1}}


@pytest.mark.parametrize("file", [pytest.param(file, id=file.stem) for file in stack_files()])
def test_every_stack_file_is_current(file: Path) -> None:
    text = file.read_text()
    assert migrate(text, file.name).text == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            NEW.replace("api_version: 3", "api_version: 4"),
            "stacks/a.yaml: api_version is 4, and this package reads 3; use a newer release of it",
        ),
        (
            NEW.replace("api_version: 3", "api_version: 0"),
            "stacks/a.yaml: api_version is 0; allowed: 3",
        ),
        (
            OLD.replace("14", "15"),
            "stacks/a.yaml: logs.retention_days is 15; correct it first",
        ),
        (
            OLD.replace("multi_az: true", "multi_az: true\n      standby: true"),
            "stacks/a.yaml: registry.multi_az stands beside registry.standby, its new name; keep "
            "one of them",
        ),
        (
            OLD.replace("team: fraud", "team: fraud\n    team: other"),
            "stacks/a.yaml:7: team stands twice, first on line 6; keep one of them",
        ),
        (
            OLD.replace("team: fraud", "team: &name fraud"),
            "stacks/a.yaml: has YAML anchors; write out what they stand for",
        ),
        (
            "config: {a: b",
            "stacks/a.yaml:1: is not valid YAML: expected ',' or '}', but got '<stream end>'",
        ),
    ],
)
def test_what_cannot_be_migrated_is_told(text: str, sentence: str) -> None:
    with pytest.raises(MigrationError) as error:
        migrate(text, "stacks/a.yaml", SAMPLE)
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    "text", ["", "config: {aws:region: eu-west-1}\n", "config:\n  mlops:platform:\n"]
)
def test_what_has_no_settings_is_left_to_the_check(text: str) -> None:
    assert migrate(text, "stacks/a.yaml", SAMPLE).text == text


def test_a_file_is_rewritten_where_it_lies(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.fraud-prod.yaml"
    file.write_text(OLD)
    assert migrate_file(file, steps=SAMPLE).text == file.read_text() == NEW
    assert migrate_file(file, steps=SAMPLE).notes == ()


def test_a_dry_run_only_tells(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.fraud-prod.yaml"
    file.write_text(OLD)
    assert migrate_file(file, dry_run=True, steps=SAMPLE).text == NEW
    assert file.read_text() == OLD


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    def refuse(settings: StackText) -> None:
        settings.move("team", "squad")
        raise MigrationError("the team has to choose a squad")

    file = tmp_path / "Pulumi.fraud-prod.yaml"
    file.write_text(OLD)
    with pytest.raises(MigrationError, match=r"fraud-prod\.yaml: the team has to choose a squad"):
        migrate_file(file, steps={1: refuse})
    assert file.read_text() == OLD


def test_without_steps_no_file_changes(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.fraud-prod.yaml"
    file.write_text(OLD)
    assert migrate_file(file, steps={}).text == file.read_text() == OLD
