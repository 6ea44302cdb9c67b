"""The provider's functions: reading manifests is done here, charts are not."""

from typing import Any

from sandbox.plugins.kubernetes.errors import KubernetesError
from sandbox.plugins.kubernetes.values import Tree

DECODE_YAML = "kubernetes:yaml:decode"


def invoke(token: str, arguments: Tree) -> Tree:
    """Return the result of a function of the provider."""
    if token != DECODE_YAML:
        raise KubernetesError(
            f"{token} needs the official kubernetes plug-in; "
            "this stand-in manages single objects and knows no charts or overlays"
        )
    return {"result": _documents(str(arguments.get("text", "")), arguments.get("defaultNamespace"))}


def _documents(text: str, namespace: Any) -> list[Tree]:
    import yaml  # noqa: PLC0415  seldom needed

    found: list[Tree] = []
    try:
        for document in yaml.safe_load_all(text):
            if document:
                is_list = str(document.get("kind", "")).endswith("List") and "items" in document
                found += document["items"] if is_list else [document]
    except yaml.YAMLError as error:
        raise KubernetesError("the manifest is no YAML") from error
    for one in found:
        if namespace and isinstance(one.get("metadata"), dict):
            one["metadata"].setdefault("namespace", namespace)
    return found
