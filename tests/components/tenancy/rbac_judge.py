"""Decides, as the API server does, what a group may do: only what a bound role lists."""

from collections.abc import Iterable
from typing import Any

from infra.recording import Graph, RecordedResource
from tests.components.tenancy.manifests import physical_name

EVERYWHERE = ""
_RBAC = "kubernetes:rbac.authorization.k8s.io/v1:"


def may(
    graph: Graph,
    subject: tuple[str, str],
    verb: str,
    resource: str,
    *,
    namespace: str,
    group: str = "",
    name: str = "any",
) -> bool:
    """Tell whether `subject` (kind and name) may do `verb` on a resource of a namespace."""
    rules = _rules_of(graph, subject, namespace)
    return any(_covers(rule, verb, group, resource, name) for rule in rules)


def _rules_of(graph: Graph, subject: tuple[str, str], namespace: str) -> Iterable[dict[str, Any]]:
    for kind in ("RoleBinding", "ClusterRoleBinding"):
        for binding in graph.of_type(_RBAC + kind):
            subjects = {(s["kind"], s["name"]) for s in binding.inputs["subjects"]}
            if subject in subjects and _place(binding) in (namespace, EVERYWHERE):
                yield from _granted(graph, binding.inputs["roleRef"], namespace)


def _granted(graph: Graph, role_ref: dict[str, str], namespace: str) -> Iterable[dict[str, Any]]:
    for role in graph.of_type(_RBAC + role_ref["kind"]):
        if physical_name(role) == role_ref["name"] and _place(role) in (namespace, EVERYWHERE):
            yield from role.inputs["rules"]


def _place(resource: RecordedResource) -> str:
    return str(resource.inputs.get("metadata", {}).get("namespace", EVERYWHERE))


def _covers(rule: dict[str, Any], verb: str, group: str, resource: str, name: str) -> bool:
    names = rule.get("resourceNames", [])
    return (
        not {verb, "*"}.isdisjoint(rule["verbs"])
        and not {group, "*"}.isdisjoint(rule["apiGroups"])
        and not {resource, "*"}.isdisjoint(rule["resources"])
        and (not names or name in names)
    )
