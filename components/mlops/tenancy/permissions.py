"""What a team's people may do in their namespace.

The stock roles `edit` and `admin` are not used: `edit` may delete the NetworkPolicies that keep a
team in, and reads every Secret. Here only what is listed is allowed, and nothing that would widen
it: no Secret, Role, RoleBinding, quota, limit, NetworkPolicy or token can be read or written.
Kubernetes lets whoever may create a pod mount the Secrets of its namespace, so the boundary that
holds is the namespace, not the person.
"""

from pulumi_kubernetes.rbac.v1 import PolicyRuleArgsDict

READ = ["get", "list", "watch"]
WRITE = [*READ, "create", "update", "patch", "delete", "deletecollection"]

_CORE = ""
_WORKLOADS: list[tuple[str, list[str]]] = [
    (_CORE, ["pods", "services", "configmaps", "persistentvolumeclaims"]),
    ("apps", ["deployments", "deployments/scale", "replicasets", "statefulsets"]),
    ("autoscaling", ["horizontalpodautoscalers"]),
    ("batch", ["cronjobs", "jobs"]),
    ("policy", ["poddisruptionbudgets"]),
]
_SURROUNDINGS: list[tuple[str, list[str]]] = [
    (_CORE, ["endpoints", "events", "limitranges", "resourcequotas", "serviceaccounts"]),
    ("discovery.k8s.io", ["endpointslices"]),
    ("events.k8s.io", ["events"]),
    ("metrics.k8s.io", ["pods"]),
    ("networking.k8s.io", ["networkpolicies"]),
]
_LOGS = (_CORE, ["pods/log", "pods/status"])


def developer_rules() -> list[PolicyRuleArgsDict]:
    """Run workloads, read their logs, reach them from a laptop through the API server."""
    return [
        *(_rule(group, resources, WRITE) for group, resources in _WORKLOADS),
        *(_rule(group, resources, READ) for group, resources in [*_SURROUNDINGS, _LOGS]),
        _rule(_CORE, ["pods/portforward"], ["create", "get"]),
    ]


def viewer_rules() -> list[PolicyRuleArgsDict]:
    """Look at everything a developer sees, change nothing."""
    readable = [*_WORKLOADS, *_SURROUNDINGS, _LOGS]
    return [_rule(group, resources, READ) for group, resources in readable]


def _rule(group: str, resources: list[str], verbs: list[str]) -> PolicyRuleArgsDict:
    return {"api_groups": [group], "resources": resources, "verbs": verbs}
