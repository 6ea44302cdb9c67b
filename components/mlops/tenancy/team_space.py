"""One team's place in the cluster: an isolated namespace and the people's permissions in it."""

from typing import TypedDict

import pulumi
from pulumi_kubernetes.rbac.v1 import PolicyRuleArgsDict, Role, RoleBinding

from mlops.tenancy.isolated_namespace import IsolatedNamespace, NamespaceQuota
from mlops.tenancy.permissions import developer_rules, viewer_rules


class TeamSpaceArgs(TypedDict):
    """Who the team is and how much it may use."""

    namespace: str
    """Name in the cluster, such as `fraud-dev`."""
    labels: dict[str, str]
    """Labels of the namespace, such as team, stage and cost center."""
    quota: NamespaceQuota
    """Ceiling of the namespace."""
    database_cidrs: pulumi.Input[list[str]]
    """Address ranges in which PostgreSQL may be reached, such as the VPC's. At least one."""
    developer_group: str
    """Kubernetes group, named by access entries, that may run workloads."""
    viewer_group: str
    """Kubernetes group, named by access entries, that may look."""


class TeamSpace(pulumi.ComponentResource):
    """Where everything of one team runs, kept apart from every other team."""

    namespace: pulumi.Output[str]
    """Name of the namespace. What uses it waits until everything that guards it stands."""

    def __init__(
        self, name: str, args: TeamSpaceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:TeamSpace", name, {**args}, opts)
        space = IsolatedNamespace(
            f"{name}-space",
            {
                "namespace": args["namespace"],
                "labels": args["labels"],
                "quota": args["quota"],
                "database_cidrs": args["database_cidrs"],
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        bindings = [
            self._grant(f"{name}-developer", space, args["developer_group"], developer_rules()),
            self._grant(f"{name}-viewer", space, args["viewer_group"], viewer_rules()),
        ]

        self.namespace = pulumi.Output.all(
            space.namespace, *(binding.metadata.name for binding in bindings)
        ).apply(lambda names: str(names[0]))
        self.register_outputs({"namespace": self.namespace})

    def _grant(
        self, name: str, space: IsolatedNamespace, group: str, rules: list[PolicyRuleArgsDict]
    ) -> RoleBinding:
        child = pulumi.ResourceOptions(parent=self)
        role = Role(
            f"{name}-role", metadata={"namespace": space.namespace}, rules=[*rules], opts=child
        )
        return RoleBinding(
            f"{name}-binding",
            metadata={"namespace": space.namespace},
            role_ref={
                "api_group": "rbac.authorization.k8s.io",
                "kind": "Role",
                "name": role.metadata.name,
            },
            subjects=[{"api_group": "rbac.authorization.k8s.io", "kind": "Group", "name": group}],
            opts=child,
        )
