"""Whoever brings something does not say as well how it is made; defaults may."""

from typing import Any

import pytest

from infra.config.document import ENVIRONMENT_KEY, REGION_KEY, Document
from infra.config.findings import ConfigError
from infra.config.load import StackConfig, load

FRAUD: dict[str, Any] = {
    "team": "fraud",
    "stage": "dev",
    "owner": {"email": "fraud-ml@example.com", "cost_center": "4711"},
    "ci": {"github": {"repository": "example/fraud-models", "repository_id": "123456789"}},
    "budget": {"monthly_usd": 800},
}
EXISTING = {
    "vpc_id": "vpc-0123456789abcdef0",
    "private_subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
}


def loaded(network: dict[str, Any], organisation: dict[str, Any]) -> StackConfig:
    stack = {ENVIRONMENT_KEY: {**FRAUD, "network": network}, REGION_KEY: "eu-west-1"}
    return load(
        "fraud-dev",
        Document("stacks/fraud.yaml", stack),
        Document("stacks/defaults.yaml", {ENVIRONMENT_KEY: {"network": organisation}}),
    )


def test_defaults_of_the_organisation_are_for_those_who_bring_nothing() -> None:
    assert loaded({"existing": EXISTING}, {"nat": "per_zone"})


@pytest.mark.parametrize(
    ("network", "organisation"),
    [
        ({"nat": "one", "existing": EXISTING}, {}),
        ({"nat": "one"}, {"existing": EXISTING}),
        ({}, {"nat": "one", "existing": EXISTING}),
    ],
)
def test_both_at_once_is_refused(network: dict[str, Any], organisation: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"network.nat says how .* network.existing brings it"):
        loaded(network, organisation)


def test_a_stack_takes_back_what_the_organisation_brings() -> None:
    config = loaded({"existing": None, "nat": "one"}, {"existing": EXISTING})
    assert config.settings.model_dump()["network"]["existing"] is None
