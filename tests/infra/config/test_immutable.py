"""What must not change, and where the values of the last deployment come from."""

import json
from typing import Any

import pytest

from infra.config.immutable import OUTPUT, changes, deployed_in, immutable, told

DEPLOYED = {
    "aws:region": "eu-west-1",
    "team": "fraud",
    "stage": "dev",
    "tenancy": "dedicated",
    "network.cidr": "10.10.0.0/16",
}


def exported(outputs: dict[str, Any] | None) -> str:
    """Return a state as `pulumi stack export` writes it."""
    stack = {"urn": "urn:pulumi:fraud-dev::mlops::pulumi:pulumi:Stack::mlops-fraud-dev"}
    resources = [
        {"urn": "urn:…::aws", "type": "pulumi:providers:aws", "outputs": {"region": "eu-west-1"}},
        {**stack, "type": "pulumi:pulumi:Stack"} | ({"outputs": outputs} if outputs else {}),
    ]
    return json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": resources}})


def test_the_range_of_a_network_that_is_brought_is_not_kept() -> None:
    network = {"cidr": "10.10.0.0/16", "existing": {"vpc_id": "vpc-0123456789abcdef0"}}
    assert "network.cidr" not in immutable({"stage": "dev", "network": network}, "eu-west-1")


def test_only_what_a_kind_of_stack_has_is_immutable() -> None:
    settings = {
        "name": "platform",
        "stage": "dev",
        "network": {"cidr": "10.11.0.0/16", "nat": "one"},
    }
    assert immutable(settings, "eu-west-1") == {
        "aws:region": "eu-west-1",
        "name": "platform",
        "stage": "dev",
        "network.cidr": "10.11.0.0/16",
        "network.existing.vpc_id": "made",
    }


def test_nothing_changed_is_nothing_to_tell() -> None:
    assert list(changes(DEPLOYED, dict(DEPLOYED))) == []
    assert list(changes({}, DEPLOYED)) == [], "never deployed"


@pytest.mark.parametrize("key", DEPLOYED)
def test_every_change_is_told_with_both_values(key: str) -> None:
    ((changed, sentence),) = changes(DEPLOYED, DEPLOYED | {key: "other"})
    assert changed == key
    assert sentence.startswith(f"is other, but was deployed as {DEPLOYED[key]};")


def test_another_tenancy_is_one_change() -> None:
    shared = {**DEPLOYED, "tenancy": "shared", "platform": "platform-dev"}
    del shared["network.cidr"]
    assert [key for key, _ in changes(DEPLOYED, shared)] == ["tenancy"]


def test_a_state_tells_what_was_deployed() -> None:
    assert deployed_in(exported({OUTPUT: DEPLOYED, "vpcId": "vpc-1"})) == DEPLOYED
    assert told({OUTPUT: DEPLOYED}) == DEPLOYED


@pytest.mark.parametrize(
    "state",
    [
        exported(None),
        exported({"vpcId": "vpc-1"}),
        json.dumps({"version": 3, "deployment": {"manifest": {}}}),
    ],
    ids=["not finished", "by an older release", "destroyed"],
)
def test_a_state_without_the_output_tells_nothing(state: str) -> None:
    assert deployed_in(state) == {}


@pytest.mark.parametrize("text", ["", "not json", "[]", "3", "{}", '{"deployment": []}', "null"])
def test_what_is_no_state_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no state as `pulumi stack export` writes it"):
        deployed_in(text)
