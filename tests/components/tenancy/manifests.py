"""Recorded Kubernetes resources as the objects the API server would get."""

from collections.abc import Iterator
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
from jsonschema import Draft202012Validator

from infra import computed_values
from infra.recording import Graph, RecordedResource
from sandbox import auto_mode

OLDEST, NEWEST = "1.33", "1.35"
"""Versions of Kubernetes a stack can ask for."""


def manifests(graph: Graph) -> Iterator[dict[str, Any]]:
    """Every Kubernetes object of the graph, with the name it would be given."""
    for resource in graph:
        if resource.type.startswith("kubernetes:"):
            yield manifest(resource)


def manifest(resource: RecordedResource) -> dict[str, Any]:
    """One object, with the name it would be given."""
    metadata = {"name": physical_name(resource), **resource.inputs.get("metadata", {})}
    return {**_as_sent(resource.inputs), "metadata": _as_sent(metadata)}


def physical_name(resource: RecordedResource) -> str:
    """Name in the cluster: the given or the generated one."""
    id_, _ = computed_values.of_resource(resource.type, resource.name, resource.inputs)
    return str(id_).rpartition("/")[2]


def assert_valid(graph: Graph) -> None:
    """Compare every object with the schema of the API, unknown fields included."""
    found = list(manifests(graph))
    assert found, "no Kubernetes object was recorded"
    built_in = [item for item in found if item["kind"] not in _CUSTOM]
    for item in found:
        if item not in built_in:
            _CUSTOM[item["kind"]].validate(item)
    for version in (OLDEST, NEWEST):
        for item in built_in:
            try:
                kubernetes_validate.validate(item, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                where = ".".join(str(step) for step in error.path)
                pytest.fail(f"{item['kind']} {item['metadata']['name']} {where}: {error.message}")


def _closed(schema: Any) -> Any:
    """Refuse fields a schema does not name, as server-side apply does."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    if "properties" in schema:
        closed.setdefault("additionalProperties", False)
    return closed


def _validator(definition: dict[str, Any]) -> Draft202012Validator:
    [version] = definition["spec"]["versions"]
    schema = _closed(version["schema"]["openAPIV3Schema"])
    any_object: dict[str, Any] = {"type": "object"}
    schema["properties"] |= {"apiVersion": {}, "kind": {}, "metadata": any_object}
    return Draft202012Validator(schema)


_CUSTOM = {
    definition["spec"]["names"]["kind"]: _validator(definition)
    for definition in auto_mode.definitions()
}


def _as_sent(value: Any) -> Any:
    """Without nulls, and with whole numbers where the engine's protocol made floats of them."""
    if isinstance(value, dict):
        return {key: _as_sent(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_as_sent(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
