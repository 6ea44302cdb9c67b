"""What the schema says of each key."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.config.choices import Stage
from infra.config.document import ENVIRONMENT_KEY, PLATFORM_KEY
from infra.config.kinds import Kind
from infra.config.load import NO_DEFAULTS
from infra.config.schema.files import DEDICATED, PLATFORM, SHARED, stack_file
from infra.config.schema.settings import defaults_of, is_block, settings_schema
from tests.infra.config.schema.judge import complaints
from tests.infra.config.test_profiles import TOLD_BY_PEOPLE

KINDS = [
    pytest.param(DEDICATED, id="dedicated"),
    pytest.param(SHARED, id="shared"),
    pytest.param(PLATFORM, id="platform"),
]
TOLD: dict[str, Any] = {
    "owner": {"email": "fraud-ml@example.com", "cost_center": "4711"},
    "budget": {"monthly_usd": 800},
}
GITHUB = {"repository": "example/fraud-models", "repository_id": "123456789"}


def leaves(schema: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for key, value in schema["properties"].items():
        if is_block(value):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def required(schema: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for key in schema["required"]:
        value = schema["properties"][key]
        if is_block(value):
            yield from required(value, f"{prefix}{key}.")
        else:
            yield prefix + key


@pytest.mark.parametrize("kind", KINDS)
def test_what_people_must_tell_is_required_and_nothing_else(kind: Kind) -> None:
    expected = TOLD_BY_PEOPLE - ({"team"} if kind is PLATFORM else set())
    assert set(required(settings_schema(kind, NO_DEFAULTS))) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_described_with_its_default(kind: Kind) -> None:
    schema = settings_schema(kind, NO_DEFAULTS)
    must_be_told = set(required(schema))
    for key, value in leaves(schema):
        assert value["description"].endswith("."), key
        assert ("Default: " in value["description"]) == (key not in must_be_told), key


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_and_number_is_bounded(kind: Kind) -> None:
    for key, value in leaves(settings_schema(kind, NO_DEFAULTS)):
        each = value["items"] if value["type"] == "array" else value
        if each["type"] == "integer":
            assert each.keys() & {"enum", "maximum"}, key
        if "string" in each["type"]:
            assert "enum" in each or {"pattern", "patternErrorMessage", "examples"} <= set(each), (
                key
            )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stage", Stage)
def test_defaults_conform_to_the_schema(kind: Kind, stage: Stage) -> None:
    settings = {**defaults_of(kind, NO_DEFAULTS)[stage], **TOLD, "stage": stage.value}
    settings["ci"] = {**settings.get("ci", {}), "github": GITHUB}
    if kind.object_key == ENVIRONMENT_KEY:
        settings |= {"team": "fraud", "tenancy": "shared" if kind is SHARED else "dedicated"}
    config = {"aws:region": "eu-west-1", kind.object_key: settings}
    assert complaints(stack_file(), {"config": config}) == []


def test_a_default_is_told_by_stage_where_stages_differ() -> None:
    described = {
        key: schema["description"]
        for key, schema in leaves(settings_schema(DEDICATED, NO_DEFAULTS))
    }
    assert described["registry.backup_retention_days"] == (
        "Days to whose every second the database can be restored. "
        "Default: dev 7, stage 14, prod 35."
    )
    assert described["quota.gpu"] == "Number of GPUs. Default: 0."


def test_a_list_says_that_it_replaces() -> None:
    for key, schema in leaves(settings_schema(DEDICATED, NO_DEFAULTS)):
        says_so = "Replaces the list of the layer below." in schema["description"]
        assert says_so == (schema["type"] == "array"), key


def test_nothing_is_referred_to() -> None:
    assert "$ref" not in str(stack_file())


def test_a_platform_has_the_keys_of_its_own_object() -> None:
    properties = stack_file()["properties"]["config"]["properties"]
    assert "name" in properties[PLATFORM_KEY]["properties"]
    assert "name" not in properties[ENVIRONMENT_KEY]["properties"]
