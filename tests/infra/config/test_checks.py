"""Checks that need no model."""

from typing import Any

import pytest

from infra.config.checks import version_problems
from infra.config.document import ENVIRONMENT_KEY, PLATFORM_KEY, REGION_KEY, Document
from infra.config.findings import ConfigError
from infra.config.load import load
from tests.infra.config.test_kinds import FRAUD, organisation, stack_file

MIGRATE = "and this package reads 3; run `mlops migrate` on the file"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"api_version": 3}, None),
        ({"api_version": 2}, f"is 2, {MIGRATE}"),
        ({}, f"is left out, which means 1, {MIGRATE}"),
        ({"api_version": 4}, "is 4, and this package reads 3; use a newer release of it"),
    ],
)
@pytest.mark.parametrize("key", [ENVIRONMENT_KEY, PLATFORM_KEY])
def test_only_the_current_version_is_read(
    key: str, settings: dict[str, Any], sentence: str | None
) -> None:
    document = Document("stacks/stack.yaml", {key: settings})
    expected = [((key, "api_version"), sentence)] if sentence else []
    assert list(version_problems(document, current=3)) == expected


@pytest.mark.parametrize("config", [{}, {REGION_KEY: "eu-west-1"}, {ENVIRONMENT_KEY: None}])
def test_what_has_no_settings_has_no_version(config: dict[str, Any]) -> None:
    assert list(version_problems(Document("stacks/stack.yaml", config), current=3)) == []


def test_the_version_of_the_organisation_is_its_own() -> None:
    with pytest.raises(ConfigError) as error:
        load("fraud-dev", stack_file(FRAUD), organisation(api_version=2, netwrok={}))
    (finding,) = error.value.findings
    assert (finding.label, finding.key) == ("stacks/defaults.yaml", "api_version")
    load("fraud-dev", stack_file({**FRAUD, "api_version": 1}), organisation(quota={"pods": 60}))
