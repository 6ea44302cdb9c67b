"""Which kind of stack a file describes, and what of the defaults is meant for it."""

from typing import Any

import pytest

from infra.config.document import ENVIRONMENT_KEY, PLATFORM_KEY, REGION_KEY, Document
from infra.config.findings import ConfigError
from infra.config.kinds import Kind
from infra.config.layers import LayerName
from infra.config.load import NO_DEFAULTS, load
from infra.config.model import DedicatedEnvironment, Platform, SharedEnvironment

FRAUD: dict[str, Any] = {
    "team": "fraud",
    "stage": "dev",
    "owner": {"email": "fraud-ml@example.com", "cost_center": "4711"},
    "ci": {"github": {"repository": "example/fraud-models", "repository_id": "123456789"}},
    "budget": {"monthly_usd": 800},
}
SHARED = {**FRAUD, "tenancy": "shared"}
PLATFORM = {key: value for key, value in FRAUD.items() if key != "team"}


def stack_file(settings: Any, key: str = ENVIRONMENT_KEY) -> Document:
    return Document("stacks/stack.yaml", {key: settings, REGION_KEY: "eu-west-1"})


def organisation(**settings: Any) -> Document:
    return Document("stacks/defaults.yaml", {ENVIRONMENT_KEY: settings})


@pytest.mark.parametrize(
    ("given", "everywhere", "model"),
    [
        (stack_file(FRAUD), NO_DEFAULTS, DedicatedEnvironment),
        (stack_file(SHARED), NO_DEFAULTS, SharedEnvironment),
        (stack_file(FRAUD), organisation(tenancy="shared"), SharedEnvironment),
        (
            stack_file({**FRAUD, "tenancy": "dedicated"}),
            organisation(tenancy="shared"),
            DedicatedEnvironment,
        ),
        (stack_file(PLATFORM, PLATFORM_KEY), organisation(tenancy="shared"), Platform),
    ],
)
def test_key_and_tenancy_tell_the_kind(
    given: Document, everywhere: Document, model: type[Any]
) -> None:
    assert Kind.of(given, everywhere).model is model


def test_a_shared_environment_stands_on_the_platform_of_its_stage() -> None:
    settings = load("fraud-dev", stack_file(SHARED)).settings
    assert isinstance(settings, SharedEnvironment)
    assert settings.platform == "platform-dev"


def test_what_the_organisation_says_about_platforms_does_not_disturb_a_shared_environment() -> None:
    everywhere = organisation(
        network={"nat": "per_zone"}, ci={"state": None}, quota={"pods": 60}, tenancy="shared"
    )
    config = load("fraud-dev", stack_file(FRAUD), everywhere)
    assert config.settings.model_dump()["quota"]["pods"] == 60
    assert config.origins[("quota", "pods")].layer is LayerName.ORGANISATION
    assert ("network", "nat") not in config.origins


@pytest.mark.parametrize(
    ("settings", "key"), [({"netwrok": {}}, "netwrok"), ({"quota": {"cup": 3}}, "quota.cup")]
)
def test_a_typo_of_the_organisation_is_refused_in_every_kind(
    settings: dict[str, Any], key: str
) -> None:
    with pytest.raises(ConfigError) as error:
        load("fraud-dev", stack_file(SHARED), organisation(**settings))
    (finding,) = error.value.findings
    assert (finding.label, finding.key) == ("stacks/defaults.yaml", key)


def test_a_stage_that_the_organisation_names_selects_the_profile() -> None:
    without = {key: value for key, value in FRAUD.items() if key != "stage"}
    config = load("fraud-stage", stack_file(without), organisation(stage="stage"))
    assert config.settings.model_dump()["registry"]["multi_az"] is True
    assert config.settings.model_dump()["network"]["cidr"] == "10.20.0.0/16"
