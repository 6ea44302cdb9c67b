"""What a preview may read inside the cluster: every kind this package makes, but no Secret."""

from typing import TypedDict

import pulumi
from pulumi_kubernetes.rbac.v1 import (
    ClusterRole,
    ClusterRoleBinding,
    RoleBinding,
    RoleRefArgsDict,
    SubjectArgsDict,
)

READ = ["get", "list", "watch"]
# By API group. No Secret: it cannot be read without its content. No `pods/log`: logs are data.
READABLE = {
    "": [
        "configmaps",
        "limitranges",
        "namespaces",
        "persistentvolumeclaims",
        "pods",
        "resourcequotas",
        "serviceaccounts",
        "services",
    ],
    "apps": ["daemonsets", "deployments", "replicasets", "statefulsets"],
    "autoscaling": ["horizontalpodautoscalers"],
    "batch": ["cronjobs", "jobs"],
    "discovery.k8s.io": ["endpointslices"],
    "eks.amazonaws.com": ["nodeclasses"],
    "karpenter.sh": ["nodepools"],
    "networking.k8s.io": ["networkpolicies"],
    "policy": ["poddisruptionbudgets"],
    "rbac.authorization.k8s.io": [
        "clusterrolebindings",
        "clusterroles",
        "rolebindings",
        "roles",
    ],
    "storage.k8s.io": ["storageclasses"],
}
_RBAC = "rbac.authorization.k8s.io"


class PreviewAccessArgs(TypedDict):
    """Who reads, and how far."""

    group: str
    """Kubernetes group of the preview role."""
    namespaces: dict[str, pulumi.Input[str]]
    """Namespaces it may read, by what they are for, such as `team`; empty: the whole cluster, for
    a stack that makes the platform."""


class PreviewAccess(pulumi.ComponentResource):
    """One ClusterRole and its bindings.

    AWS offers two policies for the purpose. `AmazonEKSAdminViewPolicy` reads Secrets, and
    `AmazonEKSViewPolicy` reads logs but neither roles nor node pools.
    """

    role_name: pulumi.Output[str]
    """Name of the ClusterRole."""

    def __init__(
        self, name: str, args: PreviewAccessArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:PreviewAccess", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = ClusterRole(
            f"{name}-role",
            rules=[
                {"api_groups": [group], "resources": resources, "verbs": READ}
                for group, resources in READABLE.items()
            ],
            opts=child,
        )
        self.role_name = role.metadata["name"]
        granted: RoleRefArgsDict = {
            "api_group": _RBAC,
            "kind": "ClusterRole",
            "name": self.role_name,
        }
        to: SubjectArgsDict = {"api_group": _RBAC, "kind": "Group", "name": args["group"]}
        if not args["namespaces"]:
            ClusterRoleBinding(f"{name}-binding", role_ref=granted, subjects=[to], opts=child)
        for purpose, namespace in args["namespaces"].items():
            RoleBinding(
                f"{name}-{purpose}-binding",
                metadata={"namespace": namespace},
                role_ref=granted,
                subjects=[to],
                opts=child,
            )
        self.register_outputs({"roleName": self.role_name})
