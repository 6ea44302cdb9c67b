"""The published API: every component can be offered to every Pulumi language, fully documented."""

import inspect

import pulumi
import pytest
from pulumi.provider.experimental.analyzer import Analyzer, PropertyDefinition

import mlops

COMPONENTS = {
    name: found
    for name, found in vars(mlops).items()
    if inspect.isclass(found) and issubclass(found, pulumi.ComponentResource)
}


def _undocumented(properties: dict[str, PropertyDefinition]) -> list[str]:
    return [name for name, found in properties.items() if not found.description]


def test_the_published_list_is_sorted_and_holds_each_component_with_its_arguments() -> None:
    assert sorted(mlops.__all__) == mlops.__all__
    assert set(mlops.__all__) == {n for c in COMPONENTS for n in (c, f"{c}Args")}


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_has_a_schema_and_a_word_on_everything(name: str) -> None:
    result = Analyzer("mlops").analyze(components=[COMPONENTS[name]])
    component = result["component_definitions"][name]
    assert component.description
    assert component.outputs, "a component without outputs cannot be built on"
    assert _undocumented(component.inputs) == []
    assert _undocumented(component.outputs) == []
    for type_definition in result["type_definitions"].values():
        assert _undocumented(type_definition.properties) == [], type_definition.name
