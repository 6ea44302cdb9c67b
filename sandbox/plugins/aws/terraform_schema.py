"""The bridge's side of the translation: Terraform's schema under the bridge's property names."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from sandbox.plugins.aws import shapes
from sandbox.plugins.aws.names import camel_case, plural
from sandbox.plugins.aws.shapes import Shape

_SCALARS: Mapping[int, Shape] = {1: "boolean", 2: "number", 3: "number", 4: "string"}
_LISTS = (5, 7)
_MAP = 6
_PROVIDER = "provider"

Attributes = Mapping[str, Mapping[str, Any]]
_Known = dict[frozenset[tuple[str, Shape]], str]


@dataclass(frozen=True)
class TerraformSchema:
    """Names and shapes of everything one Terraform provider offers, as its bridge shows them."""

    resources: dict[str, str] = field(default_factory=dict)
    """Terraform resource name -> the bridge's type token."""
    functions: dict[str, str] = field(default_factory=dict)
    """Terraform data source name -> the bridge's function token."""
    objects: dict[str, dict[str, Shape]] = field(default_factory=dict)
    """Label of an object -> its properties."""

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Read the bridge's answer to `GetMapping`.

        It has all that is needed, and takes a fraction of a second where the package schema takes
        half a minute.
        """
        schema = cls()
        known: _Known = {}
        schema._add_object(_PROVIDER, mapping["provider"]["schema"], {}, known)
        for kind, tokens in (("resources", schema.resources), ("dataSources", schema.functions)):
            for name, entry in mapping[kind].items():
                tokens[name] = entry["tok"]
                attributes = mapping["provider"][kind][name]
                overrides = entry.get("fields") or {}
                schema._add_object(f"{kind}/{name}", attributes, overrides, known)
        return schema

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `as_json` gave."""
        return cls(**data)

    def as_json(self) -> dict[str, Any]:
        """Give plain data to keep for the next time."""
        return asdict(self)

    def resource(self, name: str) -> Shape:
        """Shape of a resource's properties."""
        return shapes.object_named(f"resources/{name}")

    def function(self, name: str) -> Shape:
        """Shape of a data source's arguments and results."""
        return shapes.object_named(f"dataSources/{name}")

    def provider(self) -> Shape:
        """Shape of the provider's own settings."""
        return shapes.object_named(_PROVIDER)

    def _add_object(
        self, label: str, attributes: Attributes, overrides: Attributes, known: _Known
    ) -> None:
        self.objects[label] = {
            overrides.get(name, {}).get("name") or bridged_name(name, attributes): self._shape(
                f"{label}.{name}", attribute, known
            )
            for name, attribute in attributes.items()
        }

    def _shape(self, label: str, attribute: Mapping[str, Any], known: _Known) -> Shape:
        kind = attribute["type"]
        if kind in _LISTS:
            element = self._element(label, attribute, known)
            return element if _holds_one(attribute) else shapes.list_of(element)
        if kind == _MAP:
            element = self._element(label, attribute, known)
            return element if shapes.is_object(element) else shapes.map_of(element)
        return _SCALARS.get(kind, shapes.ANY)

    def _element(self, label: str, attribute: Mapping[str, Any], known: _Known) -> Shape:
        element = attribute.get("element") or {}
        if "schema" in element:
            return self._shape(label, element["schema"], known)
        if "resource" not in element:
            return shapes.ANY
        self._add_object(label, element["resource"], {}, known)
        # Some nested types are repeated hundreds of times; one label for equal ones will do.
        content = frozenset(self.objects[label].items())
        if known.setdefault(content, label) != label:
            del self.objects[label]
        return shapes.object_named(known[content])


def bridged_name(name: str, attributes: Attributes) -> str:
    """Name a Terraform attribute as the bridge does: camel case, and plural if a true list."""
    attribute = attributes[name]
    if attribute["type"] in _LISTS and not _holds_one(attribute):
        many = plural(name)
        return camel_case(name if many in attributes else many)
    return camel_case(name)


def _holds_one(attribute: Mapping[str, Any]) -> bool:
    """Whether a block is allowed once: the bridge shows it as an object in place of a list."""
    return bool(attribute.get("maxItems") == 1)
