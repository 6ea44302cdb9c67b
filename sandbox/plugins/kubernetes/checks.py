"""Completes and checks the inputs of a resource before anything else looks at them."""

from dataclasses import dataclass

from sandbox.plugins.kubernetes import objects
from sandbox.plugins.kubernetes.errors import KubernetesError
from sandbox.plugins.kubernetes.kinds import ResourceType
from sandbox.plugins.kubernetes.values import Tree


@dataclass(frozen=True)
class Naming:
    """How a resource without a name gets one."""

    logical_name: str
    seed: bytes
    proposed: str = ""
    """The engine's own proposal, where the project configures names."""
    is_off: bool = False


def check(
    kind: ResourceType, inputs: Tree, old: Tree, *, naming: Naming, default_namespace: str
) -> Tree:
    """Return inputs with kind, name and namespace.

    The namespace of custom kinds is left open: only the server knows whether they live in one.
    """
    checked = objects.without_server_metadata(
        {"apiVersion": kind.kind.api_version, "kind": kind.kind.kind, **inputs}
    )
    checked = _named(kind, objects.adopt_autoname(checked, old), naming)
    if kind.kind.is_namespaced is None or not objects.metadata(checked):
        return checked
    return objects.with_namespace(checked, default_namespace if kind.kind.is_namespaced else None)


def _named(kind: ResourceType, inputs: Tree, naming: Naming) -> Tree:
    if objects.is_named(inputs):
        return inputs
    if kind.is_patch:
        raise KubernetesError("a Patch resource changes an existing object: set its metadata.name")
    if objects.metadata(inputs).get("generateName"):
        raise KubernetesError(
            "metadata.generateName does not go with server-side apply; leave the name out "
            "to get one from the resource's own, or set metadata.name"
        )
    if naming.is_off:
        raise KubernetesError("automatic names are off for this project: set metadata.name")
    return objects.autonamed(
        inputs, logical_name=naming.logical_name, seed=naming.seed, proposed=naming.proposed
    )
