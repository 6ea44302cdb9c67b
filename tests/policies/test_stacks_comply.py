"""Every reference stack keeps every rule of the pack, judged on its whole resource graph."""

import pytest

from infra.config.model import DedicatedEnvironment
from infra.recording import Graph, RecordedResource
from policies.pack import RULES
from policies.rule import Resource, ResourceRule
from tests.graph.program import STACKS, graph_of, of_kind


def _seen(resource: RecordedResource) -> Resource:
    return Resource(
        type=resource.type,
        name=resource.name,
        urn=resource.urn,
        props=resource.inputs,
        protect=resource.protect,
        references=resource.property_dependencies,
        provider_name=resource.provider.rpartition("::")[0].rpartition("::")[2] or "default",
    )


def violations(graph: Graph) -> list[str]:
    """Return what breaks a rule."""
    resources = [_seen(resource) for resource in graph if resource.custom]
    single = [
        f"{rule.id}: {resource.name}: {message}"
        for rule in RULES
        if isinstance(rule, ResourceRule)
        for resource in resources
        if rule.applies_to(resource)
        for message in rule.check(resource)
    ]
    whole = [
        f"{rule.id}: {message}"
        for rule in RULES
        if not isinstance(rule, ResourceRule)
        for _, message in rule.check(resources)
    ]
    return single + whole


@pytest.mark.parametrize("stack", STACKS)
def test_a_reference_stack_breaks_no_rule(stack: str) -> None:
    assert violations(graph_of(stack)) == []


@pytest.mark.parametrize("stack", of_kind(DedicatedEnvironment))
def test_every_rule_about_something_the_stack_has_gets_to_judge_it(stack: str) -> None:
    resources = [_seen(resource) for resource in graph_of(stack) if resource.custom]
    idle = {
        rule.id
        for rule in RULES
        if isinstance(rule, ResourceRule) and not any(rule.applies_to(r) for r in resources)
    }
    assert idle == {"identity-no-user"}, "users are what no stack may have"
