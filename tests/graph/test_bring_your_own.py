"""What a stack stands on when it is given what others have made."""

import functools
import json
from typing import Any

import pytest

from infra.config.document import ENVIRONMENT_KEY, PLATFORM_KEY, REGION_KEY, Document
from infra.recording import Graph
from tests.graph.program import graph_from, graph_of
from tests.graph.test_invariants import ENCRYPTED, value_at
from tests.policies.test_stacks_comply import violations

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234"
OWNER: dict[str, Any] = {
    "stage": "dev",
    "owner": {"email": "fraud-ml@example.com", "cost_center": "4711"},
    "ci": {"github": {"repository": "example/fraud-models", "repository_id": "123456789"}},
    "budget": {"monthly_usd": 800},
    "encryption": {"key_arn": KEY},
}
STACKS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "dedicated": ("demo-dev", ENVIRONMENT_KEY, {**OWNER, "team": "demo"}),
    "shared": ("fraud-dev", ENVIRONMENT_KEY, {**OWNER, "team": "fraud", "tenancy": "shared"}),
    "platform": ("platform-dev", PLATFORM_KEY, OWNER),
}


@functools.cache
def graph_given(kind: str) -> Graph:
    stack, object_key, settings = STACKS[kind]
    config = {object_key: settings, REGION_KEY: "eu-west-1"}
    return graph_from(stack, Document("stacks/given.yaml", config))


@pytest.fixture(params=STACKS)
def graph(request: pytest.FixtureRequest) -> Graph:
    return graph_given(request.param)


def test_no_policy_is_broken(graph: Graph) -> None:
    assert violations(graph) == []


def test_a_given_key_encrypts_everything_and_none_is_made(graph: Graph) -> None:
    assert graph.of_type("aws:kms/key:Key") == graph.of_type("aws:kms/alias:Alias") == []
    stores = [
        (store, path)
        for kind in ENCRYPTED
        for store in graph.of_type(kind)
        for path in ENCRYPTED[kind]
    ]
    assert stores
    assert {value_at(store.inputs, path) for store, path in stores} == {KEY}


@pytest.mark.parametrize("kind", ["dedicated", "platform"])
def test_ci_uses_a_given_key_and_does_not_change_it(kind: str) -> None:
    stack = STACKS[kind][0]
    of_its_own, given = deploy_actions(graph_of(stack)), deploy_actions(graph_given(kind))
    assert of_its_own - given == {"kms:TagResource", "kms:UpdateKeyDescription"}
    assert given <= of_its_own
    assert "kms:CreateGrant" in given


def deploy_actions(graph: Graph) -> set[str]:
    return {
        action
        for policy in graph.of_type("aws:iam/policy:Policy")
        if "-deploy-" in policy.inputs["name"]
        for statement in json.loads(policy.inputs["policy"])["Statement"]
        for action in statement["Action"]
    }
