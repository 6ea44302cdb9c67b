"""Which kind of stack a file describes, and which layers lie under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic.fields import FieldInfo

from infra.config import profiles
from infra.config.blocks import Block, block_of
from infra.config.choices import Stage, Tenancy
from infra.config.document import ENVIRONMENT_KEY, PLATFORM_KEY, Document
from infra.config.layers import Layer, LayerName
from infra.config.model import DedicatedEnvironment, Platform, Settings, SharedEnvironment

MODELS: dict[str, tuple[type[Settings], ...]] = {
    ENVIRONMENT_KEY: (DedicatedEnvironment, SharedEnvironment),
    PLATFORM_KEY: (Platform,),
}
"""The models of what may stand under a key, the one that holds unless something else is said
first."""


def stage_named(given: Document, organisation: Document) -> Any:
    """Return the stage that a file or the organisation names, whatever it is."""
    key = given.object_key
    return given.settings(key).get("stage", organisation.settings(key).get("stage"))


@dataclass(frozen=True)
class Kind:
    """One kind of stack."""

    object_key: str
    """Key under `config` that holds the settings."""
    model: type[Settings]
    """What they may say."""

    @classmethod
    def of(cls, given: Document, organisation: Document) -> "Kind":
        """Return the kind a stack file describes; its settings must be a block."""
        key = given.object_key
        tenancy = given.settings(key).get("tenancy", organisation.settings(key).get("tenancy"))
        shared = key == ENVIRONMENT_KEY and tenancy == Tenancy.SHARED
        return cls(key, MODELS[key][1 if shared else 0])

    def layers(self, given: Document, organisation: Document) -> list[Layer]:
        """Return all layers, the weakest first."""
        named = stage_named(given, organisation)
        # An unknown stage is an error of its own; any profile keeps the others findable.
        stage = Stage(named) if named in list(Stage) else Stage.DEV
        return [
            Layer(LayerName.PACKAGE, self._meant(profiles.package_defaults())),
            Layer(LayerName.PROFILE, self._meant(profiles.profile(stage))),
            Layer(
                LayerName.ORGANISATION,
                self._meant(organisation.settings(self.object_key)),
                organisation,
                self.object_key,
            ),
            Layer(LayerName.STACK, given.settings(self.object_key), given, self.object_key),
        ]

    def _meant(self, defaults: dict[str, Any]) -> dict[str, Any]:
        """Return defaults without what only other kinds of stack know; a typo stays one."""
        return _without_others(defaults, [self.model], [m for ms in MODELS.values() for m in ms])


def _without_others(
    values: dict[str, Any], own: Sequence[type[Block]], every: Sequence[type[Block]]
) -> dict[str, Any]:
    kept = {}
    for key, value in values.items():
        mine, known = _fields(own, key), _fields(every, key)
        if mine and (inner := _blocks(mine)) and isinstance(value, dict):
            kept[key] = _without_others(value, inner, _blocks(known))
        elif mine or not known:
            kept[key] = value
    return kept


def _fields(models: Sequence[type[Block]], key: str) -> list[FieldInfo]:
    return [model.model_fields[key] for model in models if key in model.model_fields]


def _blocks(fields: Sequence[FieldInfo]) -> list[type[Block]]:
    return [block for field in fields if (block := block_of(field))]
