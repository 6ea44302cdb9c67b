"""Asks what the program asks AWS, with an AWS that answers as a test says."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from unittest import mock

from infra import computed_values
from infra.config.document import ENVIRONMENT_KEY, REGION_KEY, Document
from infra.config.load import load
from infra.config.model import DedicatedEnvironment
from infra.providers import Providers, Site
from infra.recording import record

Found = TypeVar("Found")

SITE = Site("123456789012", "eu-west-1", ("eu-west-1a", "eu-west-1b", "eu-west-1c"))
FRAUD: dict[str, Any] = {
    "team": "fraud",
    "stage": "dev",
    "owner": {"email": "fraud-ml@example.com", "cost_center": "4711"},
    "ci": {"github": {"repository": "example/fraud-models", "repository_id": "123456789"}},
    "budget": {"monthly_usd": 800},
}


def settings(stage: str = "dev", **given: Any) -> DedicatedEnvironment:
    """Return the settings of a stack file that says this."""
    values = {ENVIRONMENT_KEY: {**FRAUD, "stage": stage, **given}, REGION_KEY: "eu-west-1"}
    loaded = load(f"fraud-{stage}", Document("stacks/given.yaml", values)).settings
    assert isinstance(loaded, DedicatedEnvironment)
    return loaded


def asked(
    ask: Callable[[Providers], Found], changed: Mapping[str, Mapping[str, Any]] | None = None
) -> Found:
    """Return what the program learns.

    `changed` says what is special: for the id or name of what is asked about, other answers.
    """
    told = changed or {}

    def answers(token: str, args: dict[str, Any], region: str) -> dict[str, Any]:
        usual = usually(token, args, region)
        special = [told[value] for value in args.values() if str(value) in told]
        return {**usual, **{key: value for each in special for key, value in each.items()}}

    found: list[Found] = []
    usually = computed_values.of_invoke
    with mock.patch.object(computed_values, "of_invoke", answers):
        record(lambda: found.append(ask(Providers("eu-west-1", {}))))
    return found[0]
