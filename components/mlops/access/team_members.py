"""The people of one team: which IAM roles enter the cluster, and as which Kubernetes group."""

import hashlib
from typing import TypedDict

import pulumi
from pulumi_aws import eks


class TeamMembersArgs(TypedDict):
    """Roles, not people: who may take a role is decided in IAM or in the identity provider."""

    cluster_name: pulumi.Input[str]
    """Cluster the team works in."""
    developer_role_arns: list[str]
    """IAM roles whose holders enter as developers."""
    viewer_role_arns: list[str]
    """IAM roles whose holders enter as viewers."""
    developer_group: str
    """Kubernetes group that the team's namespace binds to its developer role."""
    viewer_group: str
    """Kubernetes group that the team's namespace binds to its viewer role."""


class TeamMembers(pulumi.ComponentResource):
    """Access entries that carry groups and no policy of EKS: the namespace's own roles decide.

    The policies EKS offers (`AmazonEKSEditPolicy`) would let a team delete its network policies.
    """

    access_entry_arns: pulumi.Output[list[str]]
    """One entry for each role."""

    def __init__(
        self, name: str, args: TeamMembersArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:TeamMembers", name, {**args}, opts)
        both = set(args["developer_role_arns"]) & set(args["viewer_role_arns"])
        if both:
            message = (
                f"{', '.join(sorted(both))} stands among the developers and the viewers; "
                "EKS knows one entry for each role, so name it once"
            )
            raise ValueError(message)

        members = [
            *(("developer", arn, args["developer_group"]) for arn in args["developer_role_arns"]),
            *(("viewer", arn, args["viewer_group"]) for arn in args["viewer_role_arns"]),
        ]
        entries = [
            eks.AccessEntry(
                # By role, not by place in the list: removing one must not touch the others.
                f"{name}-{kind}-{_short(arn)}",
                cluster_name=args["cluster_name"],
                principal_arn=arn,
                kubernetes_groups=[group],
                type="STANDARD",
                opts=pulumi.ResourceOptions(parent=self),
            )
            for kind, arn, group in members
        ]

        self.access_entry_arns = pulumi.Output.all(*(entry.access_entry_arn for entry in entries))
        self.register_outputs({"accessEntryArns": self.access_entry_arns})


def _short(arn: str) -> str:
    return hashlib.sha256(arn.encode()).hexdigest()[:8]
