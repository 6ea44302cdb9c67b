"""What an update would do to a resource, from its inputs alone."""

from dataclasses import dataclass

from sandbox.plugins.kubernetes import objects
from sandbox.plugins.kubernetes.difference import Difference, differences
from sandbox.plugins.kubernetes.kinds import replaced_by
from sandbox.plugins.kubernetes.resource import Resource
from sandbox.plugins.kubernetes.settings import Settings
from sandbox.plugins.kubernetes.values import Tree


@dataclass(frozen=True)
class Comparison:
    """The changes of one resource."""

    differences: list[Difference]
    keeps_place: bool
    """Whether a new object would have the id of the old one, so that this must go first."""

    @property
    def replaces(self) -> list[str]:
        """The properties that need a new object."""
        return [found.text for found in self.differences if found.replaces]


def compare(
    resource: Resource,
    old_inputs: Tree,
    *,
    identifier: str,
    ignored: tuple[str, ...],
    settings: Settings,
    default_namespace: str,
) -> Comparison:
    """Compare the inputs of the last run with the new ones."""
    kind, new = resource.type.kind, resource.desired
    old = objects.without_server_metadata(old_inputs)
    # A custom kind's namespace may be spelled out or left to the default: it is the same place.
    one, other = objects.metadata(old).get("namespace"), objects.metadata(new).get("namespace")
    if one or other:
        old = objects.with_namespace(old, one or default_namespace)
        new = objects.with_namespace(new, other or default_namespace)
    is_mutable = settings.content_is_mutable(kind.kind) and not new.get("immutable")
    found = differences(
        old,
        new,
        replaced_by=replaced_by(
            kind, is_patch=resource.type.is_patch, content_is_mutable=is_mutable
        ),
        ignored=ignored,
    )
    return Comparison(found, keeps_place=_keeps_place(new, identifier))


def _keeps_place(new: Tree, identifier: str) -> bool:
    namespace, name = objects.split_id(identifier)
    data = objects.metadata(new)
    is_same = data.get("name") == name and data.get("namespace") in (None, namespace)
    return is_same and not objects.is_set(new, objects.AUTONAMED)
