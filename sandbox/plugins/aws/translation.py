"""Property values from one side's names and shapes into the other's."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.plugins.aws import shapes, wire
from sandbox.plugins.aws.alignment import Alignment
from sandbox.plugins.aws.paths import Path, Step
from sandbox.plugins.aws.shapes import Objects, Shape

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


@dataclass(frozen=True)
class Direction:
    """One way of translating; build both with `directions`."""

    source: Objects
    target: Objects
    names: Callable[[str, str], Mapping[str, str]]
    """Labels of a source and a target object -> source property -> target property."""

    def value(
        self, value: Any, source: Shape, target: Shape, lost: "Losses | None" = None, at: str = ""
    ) -> Any:
        """Translate a value; note in `lost` what has no counterpart."""
        if value is None or wire.is_unknown(value) or wire.is_reference(value):
            return value
        if wire.is_wrapper(value):
            return wire.rewrapped(value, lambda it: self.value(it, source, target, lost, at))
        if isinstance(value, list):
            return self._list(value, source, target, lost, at)
        if shapes.is_list(target):
            return [self.value(value, source, shapes.element_of(target), lost, at)]
        if isinstance(value, dict):
            return self._members(value, source, target, lost, at)
        return _scalar(value, target)

    def properties(
        self, value: wire.Properties, source: Shape, target: Shape, lost: "Losses | None" = None
    ) -> wire.Properties:
        """Translate a resource's properties."""
        return self._object(value, source, target, lost, "")

    def path(self, path: Path, source: Shape, target: Shape) -> Path:
        """Translate the path of a property."""
        steps: list[Step] = []
        for position, step in enumerate(path):
            if isinstance(step, int) and shapes.is_list(source):
                source = shapes.element_of(source)
                if shapes.is_list(target):
                    target = shapes.element_of(target)
                    steps.append(step)
                continue
            if shapes.is_list(target):
                target = shapes.element_of(target)
                steps.append(0)
            if shapes.is_map(source) or not shapes.is_object(source) or shapes.is_map(target):
                return (*steps, *path[position:])
            renamed = self._name(str(step), source, target)
            if renamed is None:
                return (*steps, *path[position:])
            steps.append(renamed)
            source = self.source[shapes.label_of(source)].get(str(step), shapes.ANY)
            target = self.target.get(shapes.label_of(target), {}).get(renamed, shapes.ANY)
        return tuple(steps)

    def _list(
        self, value: list[Any], source: Shape, target: Shape, lost: "Losses | None", at: str
    ) -> Any:
        element = shapes.element_of(source)
        if target != shapes.ANY and not shapes.is_list(target):
            if target == "string":
                return _document(value)
            return self.value(value[0], element, target, lost, f"{at}[0]") if value else None
        inner = shapes.element_of(target)
        return [
            self.value(member, element, inner, lost, f"{at}[{index}]")
            for index, member in enumerate(value)
        ]

    def _members(
        self, value: wire.Properties, source: Shape, target: Shape, lost: "Losses | None", at: str
    ) -> Any:
        if target == "string":
            return _document(value)
        if shapes.is_list(source):  # only one of its members came
            source = shapes.element_of(source)
        if shapes.is_object(source) and shapes.is_object(target):
            return self._object(value, source, target, lost, at)
        if shapes.is_map(source) and shapes.is_map(target):
            element, inner = shapes.element_of(source), shapes.element_of(target)
            return {
                key: self.value(member, element, inner, lost, f"{at}.{key}")
                for key, member in value.items()
            }
        return value

    def _object(
        self, value: wire.Properties, source: Shape, target: Shape, lost: "Losses | None", at: str
    ) -> wire.Properties:
        result = {}
        for key, member in value.items():
            path = f"{at}.{key}" if at else key
            name = self._name(key, source, target)
            if name is None:
                if lost is not None:
                    lost.note(path, member)
                continue
            inner = self.source[shapes.label_of(source)].get(key, shapes.ANY)
            outer = self.target[shapes.label_of(target)].get(name, shapes.ANY)
            result[name] = self.value(member, inner, outer, lost, path)
        return result

    def _name(self, key: str, source: Shape, target: Shape) -> str | None:
        """Find the other side's name; one the source does not know is the other side's already."""
        if not shapes.is_object(target):
            return key
        label = shapes.label_of(source)
        known = self.names(label, shapes.label_of(target)).get(key)
        return known if known or key in self.source[label] else key


@dataclass
class Losses:
    """Properties that could not be translated."""

    values: dict[str, Any] = field(default_factory=dict)
    """Path -> value, without those whose absence means the same."""

    def note(self, path: str, value: Any) -> None:
        """Remember a property unless it asks for nothing."""
        if value not in (None, False, "", [], {}):
            self.values[path] = value


def directions(sdk: Objects, bridge: Objects) -> tuple[Direction, Direction]:
    """From the SDK to the bridge, and back.

    On the way back every property of the bridge is kept, if need be under the bridge's name: the
    bridge gets its whole state again when the resource is changed or deleted.
    """
    alignment = Alignment(sdk, bridge)

    def back(bridge_label: str, sdk_label: str) -> Mapping[str, str]:
        unchanged = {name: name for name in bridge[bridge_label]}
        return {**unchanged, **alignment.to_sdk(bridge_label, sdk_label)}

    return Direction(sdk, bridge, alignment.to_bridge), Direction(bridge, sdk, back)


def _document(value: Any) -> Any:
    """Write a JSON document that the SDK takes as an object and the provider as text."""
    if wire.contains_unknown(value):
        return UNKNOWN
    text = json.dumps(_whole_numbers(wire.unwrapped(value)), separators=(",", ":"))
    return wire.secret(text) if wire.contains_secret(value) else text


def _whole_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole_numbers(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_whole_numbers(member) for member in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _scalar(value: Any, target: Shape) -> Any:
    """Text, truth values and numbers, where the two sides chose different ones."""
    if target == "string" and isinstance(value, bool):
        return "true" if value else "false"
    if target == "string" and isinstance(value, int | float):
        return str(_whole_numbers(value))
    if target == "boolean" and value in ("true", "false"):
        return value == "true"
    if target == "number" and isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return value
