"""What the schemas of whole files accept and refuse."""

from typing import Any

import pytest

from infra.config.document import ENVIRONMENT_KEY, PLATFORM_KEY, Document
from infra.config.schema.files import organisation_file, stack_file
from tests.infra.config.schema.judge import Judge, complaints

FRAUD: dict[str, Any] = {
    "team": "fraud",
    "stage": "dev",
    "owner": {"email": "fraud-ml@example.com", "cost_center": "4711"},
    "ci": {"github": {"repository": "example/fraud-models", "repository_id": "123456789"}},
    "budget": {"monthly_usd": 800},
}
WITHOUT_COST_CENTER = {**FRAUD, "owner": {"email": "fraud-ml@example.com"}}


def with_environment(settings: dict[str, Any]) -> dict[str, Any]:
    return {"config": {"aws:region": "eu-west-1", ENVIRONMENT_KEY: settings}}


def organisation(**settings: Any) -> Document:
    return Document("stacks/defaults.yaml", {ENVIRONMENT_KEY: settings})


@pytest.mark.parametrize("schema", [stack_file(), organisation_file()])
def test_schemas_are_schemas(schema: dict[str, Any]) -> None:
    assert schema["$schema"] == Judge.META_SCHEMA["$id"]
    Judge.check_schema(schema)


@pytest.mark.parametrize("schema", [stack_file(), organisation_file()])
def test_schemas_say_how_layers_merge(schema: dict[str, Any]) -> None:
    assert "Maps merge key by key; a list replaces" in schema["description"]


def test_what_the_engine_writes_beside_config_is_accepted() -> None:
    written = {
        "secretsprovider": "awskms://alias/state?region=eu-west-1",
        "encryptedkey": "QUJD",
        "encryptionsalt": "v1:QUJD:v1:QUJD",
        "environment": ["shared"],
    }
    assert complaints(stack_file(), with_environment(FRAUD) | written) == []


@pytest.mark.parametrize(
    "file", [with_environment(FRAUD) | {"team": "fraud"}, {}, {"config": None}, None, "config"]
)
def test_what_is_no_stack_file_is_refused(file: Any) -> None:
    assert complaints(stack_file(), file)


def test_what_the_organisation_says_need_not_be_told() -> None:
    told = organisation(owner={"cost_center": "4711"})
    assert complaints(stack_file(told), with_environment(WITHOUT_COST_CENTER)) == []
    assert complaints(stack_file(), with_environment(WITHOUT_COST_CENTER)) == [
        f"$.config['{ENVIRONMENT_KEY}'].owner: 'cost_center' is a required property"
    ]


def test_the_organisation_decides_what_a_file_without_tenancy_is() -> None:
    with_network = {**FRAUD, "network": {"nat": "one"}}
    everywhere_shared = stack_file(organisation(tenancy="shared"))
    assert complaints(stack_file(), with_environment(with_network)) == []
    assert complaints(everywhere_shared, with_environment(with_network))
    dedicated = {**with_network, "tenancy": "dedicated"}
    assert complaints(everywhere_shared, with_environment(dedicated)) == []


@pytest.mark.parametrize("settings", ["fraud", {"owner": "4711"}, {"owner": None}])
def test_a_wrong_file_of_the_organisation_leaves_a_schema(settings: Any) -> None:
    wrong = Document("stacks/defaults.yaml", {ENVIRONMENT_KEY: settings})
    assert complaints(stack_file(wrong), with_environment(FRAUD)) == []


@pytest.mark.parametrize(
    "config",
    [
        {ENVIRONMENT_KEY: {}},
        {ENVIRONMENT_KEY: {"owner": {"cost_center": "4711"}, "ci": {"github": {}}}},
        {ENVIRONMENT_KEY: {"tenancy": "shared", "network": {"nat": "one"}}},
        {PLATFORM_KEY: {"logs": {"retention_days": 30}}, ENVIRONMENT_KEY: {"quota": {"gpu": 1}}},
    ],
)
def test_the_organisation_may_say_any_part(config: dict[str, Any]) -> None:
    assert complaints(organisation_file(), {"config": config}) == []


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"aws:region": "eu-west-1", ENVIRONMENT_KEY: {}},
        {ENVIRONMENT_KEY: {"netwrok": {}}},
        {ENVIRONMENT_KEY: {"network": {"nat": "two"}}},
        {PLATFORM_KEY: {"quota": {"gpu": 1}}},
    ],
)
def test_the_organisation_may_not_say_what_has_no_effect(config: dict[str, Any]) -> None:
    assert complaints(organisation_file(), {"config": config})
