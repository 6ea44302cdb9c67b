"""Decides, as the API server does, what a group may do: only what a bound role lists."""

from collections.abc import Iterable
from typing import Any

from infra.recording import Graph
from tests.components.tenancy.manifests import physical_name

ROLE = "kubernetes:rbac.authorization.k8s.io/v1:Role"
ROLE_BINDING = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"


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
    for binding in graph.of_type(ROLE_BINDING):
        subjects = {(s["kind"], s["name"]) for s in binding.inputs["subjects"]}
        if binding.inputs["metadata"]["namespace"] != namespace or subject not in subjects:
            continue
        for role in graph.of_type(ROLE):
            physical = physical_name(role)
            same_place = role.inputs["metadata"]["namespace"] == namespace
            if same_place and physical == binding.inputs["roleRef"]["name"]:
                yield from role.inputs["rules"]


def _covers(rule: dict[str, Any], verb: str, group: str, resource: str, name: str) -> bool:
    names = rule.get("resourceNames", [])
    return (
        not {verb, "*"}.isdisjoint(rule["verbs"])
        and not {group, "*"}.isdisjoint(rule["apiGroups"])
        and not {resource, "*"}.isdisjoint(rule["resources"])
        and (not names or name in names)
    )
