"""What a stack is told, key by key, whether or not it is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from infra.config.blocks import Block, block_of
from infra.config.describe import at
from infra.config.document import REGION_KEY, Document, KeyPath
from infra.config.findings import ConfigError, Finding
from infra.config.kinds import Kind
from infra.config.layers import Layer, LayerName, Origin, merge
from infra.config.load import NO_DEFAULTS, load
from infra.config.model import Settings


@dataclass(frozen=True)
class Setting:
    """A value and where it came from."""

    path: KeyPath
    """Without `mlops:environment`."""
    value: Any
    origin: Origin | None
    """None for a key that nobody has set, which is possible in blocks that may be left out."""

    @property
    def key(self) -> str:
        """The path as people write it."""
        return ".".join(self.path)


@dataclass(frozen=True)
class View:
    """A stack as far as it can be told."""

    stack: str
    kind: Kind | None
    """None where the file does not say what it describes."""
    settings: tuple[Setting, ...]
    """Every value, in the order of the model; what the model does not know comes last."""
    layers: tuple[Layer, ...]
    """What the settings were merged from, the weakest first."""
    findings: tuple[Finding, ...]
    """Why the stack is refused; none: it is right."""

    def value(self, key: str) -> Any:
        """Return the value of a key; None if the stack has no such key."""
        return next((each.value for each in self.settings if each.key == key), None)

    def overridden(self, setting: Setting) -> list[tuple[Any, Origin]]:
        """Return what weaker layers said about a setting, the strongest first."""
        if setting.origin is None:
            return []
        weaker = self.layers[: list(LayerName).index(setting.origin.layer)]
        alone = [merge([layer]) for layer in reversed(weaker)]
        return [
            (at(said.values, setting.path), said.origins[setting.path])
            for said in alone
            if setting.path in said.origins
        ]


def look(stack: str, given: Document, organisation: Document = NO_DEFAULTS) -> View:
    """Read a stack as `load` does, but keep what is known of one that `load` refuses."""
    findings: Sequence[Finding] = ()
    try:
        load(stack, given, organisation)
    except ConfigError as error:
        findings = error.findings
    region = [_region(given)] if REGION_KEY in given.config else []
    key = given.object_key
    if key not in given.config or not all(
        isinstance(each.settings(key), dict) for each in (given, organisation)
    ):
        return View(stack, None, tuple(region), (), tuple(findings))
    kind = Kind.of(given, organisation)
    layers = kind.layers(given, organisation)
    merged = merge(layers)
    settings = [
        Setting(path, at(merged.values, path), origin)
        for path, origin in merged.origins.items()
        if path
    ]
    settings.sort(key=lambda setting: _place(kind.model, setting.path))
    return View(stack, kind, (*region, *settings), tuple(layers), tuple(findings))


def _region(given: Document) -> Setting:
    origin = Origin(LayerName.STACK, given.label, given.line_of((REGION_KEY,)))
    return Setting((REGION_KEY,), given.config[REGION_KEY], origin)


def _place(model: type[Settings], path: KeyPath) -> list[int]:
    place: list[int] = []
    block: type[Block] | None = model
    for name in path:
        known = list(block.model_fields) if block else []
        place.append(known.index(name) if name in known else len(known))
        block = block_of(block.model_fields[name]) if block and name in known else None
    return place
