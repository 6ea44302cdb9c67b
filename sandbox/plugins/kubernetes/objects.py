"""Pure functions on API objects: names, annotations, what the server adds, the state's record."""

import base64
import hashlib
import re
from typing import Any

from sandbox.plugins.kubernetes.quantities import same_meaning
from sandbox.plugins.kubernetes.secrets import mark
from sandbox.plugins.kubernetes.values import UNKNOWN, Tree, from_object, to_object

AUTONAMED = "pulumi.com/autonamed"
DELETION_PROPAGATION = "pulumi.com/deletionPropagationPolicy"
FIELD_MANAGER = "pulumi.com/patchFieldManager"
PATCH_FORCE = "pulumi.com/patchForce"
REPLACE_UNREADY = "pulumi.com/replaceUnready"
SKIP_AWAIT = "pulumi.com/skipAwait"
TIMEOUT_SECONDS = "pulumi.com/timeoutSeconds"
WAIT_FOR = "pulumi.com/waitFor"

# The official plug-in keeps the same three in the state, so a stack can change between the two.
INPUTS = "__inputs"
API_VERSION = "__initialApiVersion"
MANAGER = "__fieldManager"

_SERVER_METADATA = (
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
)
_SERVER_ANNOTATIONS = (
    "deployment.kubernetes.io/revision",
    "kubectl.kubernetes.io/last-applied-configuration",
)
_PREVIEW_UNKNOWN = ("creationTimestamp", "resourceVersion", "uid")

# Free text: there "0.5" and "500m" are different.
_TEXTS = frozenset({"annotations", "binaryData", "data", "labels", "stringData"})


def metadata(value: Tree) -> Tree:
    """Return an object's metadata; empty while it is not known."""
    found = value.get("metadata")
    return found if isinstance(found, dict) else {}


def annotation(value: Tree, name: str) -> str:
    """Return an annotation; empty if it is not set."""
    found = metadata(value).get("annotations")
    return str(found.get(name, "")) if isinstance(found, dict) else ""


def is_set(value: Tree, name: str) -> bool:
    """Say whether an annotation is `true`."""
    return annotation(value, name) == "true"


def object_id(value: Tree) -> str:
    """Return the resource id: `namespace/name`, or `name` outside namespaces."""
    data = metadata(value)
    return "/".join(filter(None, (data.get("namespace"), data["name"])))


def split_id(identifier: str) -> tuple[str | None, str]:
    """Return namespace and name of a resource id."""
    namespace, _, name = identifier.rpartition("/")
    return namespace or None, name


def describe(value: Tree) -> str:
    """Return an object's kind and id, for messages."""
    return f"{value.get('kind', 'object')} {object_id(value)}"


def autonamed(inputs: Tree, *, logical_name: str, seed: bytes, proposed: str = "") -> Tree:
    """Return inputs with a name: the engine's proposal, else the logical one and a suffix.

    The suffix follows from the engine's seed, so preview and update of one run agree.
    """
    suffix = hashlib.sha256(seed + logical_name.encode()).hexdigest()[:8]
    return _with_autoname(inputs, proposed or f"{logical_name}-{suffix}")


def adopt_autoname(inputs: Tree, old: Tree) -> Tree:
    """Return inputs with the name that an earlier run made."""
    if "name" in metadata(inputs) or not is_set(old, AUTONAMED):
        return inputs
    return _with_autoname(inputs, metadata(old)["name"])


def _with_autoname(inputs: Tree, name: str) -> Tree:
    data = metadata(inputs)
    annotations = data.get("annotations", {})
    if isinstance(annotations, dict):
        annotations = {**annotations, AUTONAMED: "true"}
    return {**inputs, "metadata": {**data, "name": name, "annotations": annotations}}


def is_named(inputs: Tree) -> bool:
    """Say whether the inputs have a name, or will have one once it is known."""
    return inputs.get("metadata") == UNKNOWN or bool(metadata(inputs).get("name"))


def with_namespace(inputs: Tree, namespace: str | None) -> Tree:
    """Return inputs in a namespace of their own or the given one; in none if it is None."""
    data = metadata(inputs)
    if not data:
        return inputs
    chosen = data.get("namespace") or namespace if namespace else None
    rest = {name: item for name, item in data.items() if name != "namespace"}
    return {**inputs, "metadata": {**rest, "namespace": chosen} if chosen else rest}


def without_server_metadata(value: Tree) -> Tree:
    """Return an object without the metadata that only the server sets."""
    kept = {name: item for name, item in metadata(value).items() if name not in _SERVER_METADATA}
    return {**value, "metadata": kept} if metadata(value) else value


def as_preview(dry_run: Tree) -> Tree:
    """Return the answer to a dry run without what will be different in earnest."""
    data = {
        name: UNKNOWN if name in _PREVIEW_UNKNOWN else item
        for name, item in metadata(dry_run).items()
    }
    return {name: item for name, item in dry_run.items() if name != "status"} | {"metadata": data}


def imported_inputs(live: Tree) -> Tree:
    """Return the inputs that would make a live object of which nothing else is known."""
    inputs = without_server_metadata({n: item for n, item in live.items() if n != "status"})
    annotations = metadata(inputs).get("annotations")
    if annotations:
        kept = {n: item for n, item in annotations.items() if n not in _SERVER_ANNOTATIONS}
        data = {n: item for n, item in metadata(inputs).items() if n != "annotations"}
        inputs["metadata"] = {**data, "annotations": kept} if kept else data
    return inputs


def observed(inputs: Any, live: Any, *, is_text: bool = False) -> Any:
    """Return the inputs as the live object has them.

    Fields that the inputs do not have stay out, a value that the server only writes differently
    stays as it was given, and an empty one that the server leaves out stays too.
    """
    if isinstance(inputs, dict) and isinstance(live, dict):
        return {
            name: observed(item, live[name], is_text=is_text or name in _TEXTS)
            if name in live
            else item
            for name, item in inputs.items()
            if name in live or not item
        }
    if isinstance(inputs, list) and isinstance(live, list):
        return _observed_items(inputs, live, is_text=is_text)
    same = inputs == live if is_text else same_meaning(inputs, live)
    return inputs if same else live


def observed_inputs(inputs: Tree, live: Tree) -> Tree:
    """Return all inputs of an object as the live one has them."""
    seen: Tree = observed(inputs, live)
    strings = inputs.get("stringData")
    if inputs.get("kind") == "Secret" and isinstance(strings, dict):
        data = live.get("data") or {}
        seen["stringData"] = {
            name: base64.b64decode(data[name]).decode(errors="replace")
            for name in strings
            if name in data
        }
    return seen


def _observed_items(inputs: list[Any], live: list[Any], *, is_text: bool) -> list[Any]:
    """Pair items by name where all have one, as the server may add and sort such; else by place."""
    named = _by_name(live)
    if inputs and named is not None and _by_name(inputs) is not None:
        return [
            observed(item, named[item["name"]], is_text=is_text)
            for item in inputs
            if item["name"] in named
        ]
    paired = [observed(old, new, is_text=is_text) for old, new in zip(inputs, live, strict=False)]
    return paired + live[len(inputs) :]


def _by_name(items: list[Any]) -> dict[str, Any] | None:
    if not all(isinstance(item, dict) and "name" in item for item in items):
        return None
    found = {item["name"]: item for item in items}
    return found if len(found) == len(items) else None


def checkpoint(live: Tree, inputs: Tree, *, manager: str, api_version: str = "") -> Tree:
    """Return what the state keeps of an object: all of it, and the inputs that made it."""
    plain = to_object(inputs)
    data = {name: item for name, item in metadata(live).items() if name != "managedFields"}
    shown = mark(from_object({**live, "metadata": data}), inputs)
    return {
        **shown,
        INPUTS: mark(from_object(plain), inputs),
        API_VERSION: api_version or plain.get("apiVersion", ""),
        MANAGER: manager,
    }


def field_manager(urn: str, inputs: Tree, state: Tree | None = None) -> str:
    """Return under whose name the fields of this resource are applied.

    It follows from the URN, so a run that was killed after it made an object finds it as its own.
    """
    kept = (state or {}).get(MANAGER)
    digest = hashlib.sha256(urn.encode()).hexdigest()[:8]
    return annotation(inputs, FIELD_MANAGER) or kept or f"pulumi-kubernetes-{digest}"


def is_managed_by(live: Tree, manager: str) -> bool:
    """Say whether this manager has applied fields of a live object."""
    return any(
        entry.get("manager") == manager and entry.get("operation") == "Apply"
        for entry in metadata(live).get("managedFields", [])
    )


def timeout_s(inputs: Tree, given: float, default: float) -> float:
    """Return how long to wait: the resource's option, its annotation, else the default."""
    noted = annotation(inputs, TIMEOUT_SECONDS)
    if given:
        return given
    return float(noted) if re.fullmatch(r"\d+", noted) else default
