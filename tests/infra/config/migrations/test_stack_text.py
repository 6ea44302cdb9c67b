"""What a step can do to the settings of a stack."""

from collections.abc import Callable

import pytest

from infra.config.document import ENVIRONMENT_KEY, from_text
from infra.config.migrations.stack_text import MigrationError, StackText

TEXT = """\
# yaml-language-server: $schema=stack.schema.json
config:
  aws:region: eu-west-1
  mlops:environment:
    team: fraud  # the team
    # Alarms.
    monitoring:  # who hears
      # The one on call.
      alerts: {emails: [oncall@example.com]}  # all of them
    # Since the audit.
    registry:
      multi_az: true  # two zones
      # Enough for a year.
      storage_gib: 50
    quota: {cpu: 4, gpu: 1}  # small
"""


def edited(edit: Callable[[StackText], None], text: str = TEXT) -> StackText:
    settings = StackText(text, ENVIRONMENT_KEY)
    edit(settings)
    return settings


def changes(settings: StackText) -> list[str]:
    """Return the lines that are gone and those that are new, as a diff shows them."""
    before, after = TEXT.splitlines(), settings.text.splitlines()
    return [f"-{line}" for line in before if line not in after] + [
        f"+{line}" for line in after if line not in before
    ]


def test_a_key_gets_another_name_in_place() -> None:
    settings = edited(lambda each: each.move("registry.multi_az", "registry.standby"))
    assert changes(settings) == [
        "-      multi_az: true  # two zones",
        "+      standby: true  # two zones",
    ]
    assert settings.notes == ["registry.multi_az is now registry.standby"]


def test_a_key_gets_another_block_and_keeps_its_comments() -> None:
    settings = edited(lambda each: each.move("registry.storage_gib", "quota.database_gib"))
    assert changes(settings) == [
        "-      # Enough for a year.",
        "-      storage_gib: 50",
        "-    quota: {cpu: 4, gpu: 1}  # small",
        "+    # Enough for a year.",
        "+    quota: {cpu: 4, gpu: 1, database_gib: 50}  # small",
    ]


def test_a_block_that_is_missing_is_made() -> None:
    settings = edited(lambda each: each.move("registry.multi_az", "database.failover.zones"))
    assert settings.text.endswith(
        "    quota: {cpu: 4, gpu: 1}  # small\n"
        "    # two zones\n"
        "    database: {failover: {zones: true}}\n"
    )


def test_a_block_that_becomes_empty_goes_as_well_but_none_of_its_comments() -> None:
    settings = edited(lambda each: each.move("monitoring.alerts.emails", "emails"))
    assert changes(settings) == [
        "-    monitoring:  # who hears",
        "-      # The one on call.",
        "-      alerts: {emails: [oncall@example.com]}  # all of them",
        "+    # who hears",
        "+    # The one on call.",
        "+    # all of them",
        "+    emails: [oncall@example.com]",
    ]


def test_a_whole_block_moves() -> None:
    settings = edited(lambda each: each.move("registry", "database.server"))
    config = from_text(settings.text, "f").settings(ENVIRONMENT_KEY)
    assert config["database"] == {"server": {"multi_az": True, "storage_gib": 50}}
    assert "registry" not in config
    for comment in ("# Since the audit.", "# two zones", "# Enough for a year."):
        assert f"    {comment}\n" in settings.text


def test_a_value_changes_its_unit() -> None:
    settings = edited(lambda each: each.convert("registry.storage_gib", lambda gib: gib * 1024))
    assert changes(settings) == ["-      storage_gib: 50", "+      storage_gib: 51200"]
    assert settings.notes == ["registry.storage_gib was 50 and is now 51200"]


def test_a_key_is_removed_with_its_comment_and_a_reason() -> None:
    settings = edited(lambda each: each.remove("registry.storage_gib", "it grows by itself"))
    assert changes(settings) == ["-      # Enough for a year.", "-      storage_gib: 50"]
    assert settings.notes == ["registry.storage_gib is removed: it grows by itself"]


@pytest.mark.parametrize(
    "edit",
    [
        lambda each: each.move("tracking.replicas", "registry.replicas"),
        lambda each: each.convert("tracking.replicas", lambda count: count + 1),
        lambda each: each.remove("tracking.replicas", "not needed"),
        lambda each: each.move("team.name", "name"),
    ],
)
def test_a_key_that_is_not_set_is_passed_over(edit: Callable[[StackText], None]) -> None:
    settings = edited(edit)
    assert (settings.text, settings.notes) == (TEXT, [])


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (
            lambda each: each.move("quota.cpu", "quota.gpu"),
            "quota.cpu stands beside quota.gpu, its new name; keep one of them",
        ),
        (
            lambda each: each.move("quota.cpu", "team.cpu"),
            "team is no block of keys; correct it first",
        ),
        (
            lambda each: each.convert("team", lambda team: team / 2),
            'team is "fraud"; correct it first',
        ),
        (lambda each: each.convert("quota", int), 'quota is {"cpu": 4, "gpu": 1}; correct it'),
    ],
)
def test_what_cannot_be_done_is_told(edit: Callable[[StackText], None], sentence: str) -> None:
    with pytest.raises(MigrationError, match="^" + sentence.replace("{", r"\{")):
        edited(edit)


@pytest.mark.parametrize("written", ["api_version: 1  # old\n    ", ""])
def test_the_version_stands_before_all_else(written: str) -> None:
    text = TEXT.replace("    team: fraud", f"    {written}team: fraud")
    settings = edited(lambda each: each.set_version(2), text)
    comment = "  # old" if written else ""
    assert f"  mlops:environment:\n    api_version: 2{comment}\n    team: fraud" in settings.text
