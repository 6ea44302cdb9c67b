"""The AWS identity of one Kubernetes service account, through EKS Pod Identity."""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import eks, iam

from mlops.access.trust import DEFAULT_ROLE_PATH, service_account, trust


class WorkloadIdentityArgs(TypedDict):
    """Which pods, and what they may do."""

    cluster_name: pulumi.Input[str]
    """Cluster the pods run in."""
    cluster_arn: pulumi.Input[str]
    """ARN of the same cluster; the role cannot be taken from any other."""
    account_id: str
    """Account the cluster lives in."""
    namespace: pulumi.Input[str]
    """Namespace of the service account."""
    service_account: pulumi.Input[str]
    """Name of the service account. It need not exist yet."""
    policy_json: pulumi.Input[str]
    """What the pods may do, as `mlops.access.statements.policy` writes it."""
    role_path: NotRequired[str]
    """IAM path of the role. Default `/mlops/`."""
    permissions_boundary_arn: NotRequired[pulumi.Input[str]]
    """Policy that bounds the role. Default: none."""


class WorkloadIdentity(pulumi.ComponentResource):
    """A role that pods of exactly one service account can take, and nobody else.

    Credentials reach a pod only if the association exists when the pod is created. Give
    `service_account`, which waits for the association, to the pod template, and it does.
    """

    role_arn: pulumi.Output[str]
    """ARN of the role, known once the role has its policy."""
    role_name: pulumi.Output[str]
    """Name of the role, known once the role has its policy."""
    service_account: pulumi.Output[str]
    """Name of the service account, known once pods that use it get credentials."""

    def __init__(
        self, name: str, args: WorkloadIdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:WorkloadIdentity", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        namespace, account = args["namespace"], args["service_account"]

        role = iam.Role(
            f"{name}-role",
            description=pulumi.Output.concat(
                "Pods of the service account ", account, " in the namespace ", namespace
            ),
            path=args.get("role_path", DEFAULT_ROLE_PATH),
            permissions_boundary=args.get("permissions_boundary_arn"),
            assume_role_policy=trust(
                service_account(args["cluster_arn"], args["account_id"], namespace, account)
            ),
            opts=child,
        )
        policy = iam.RolePolicy(
            f"{name}-policy", role=role.name, policy=args["policy_json"], opts=child
        )
        association = eks.PodIdentityAssociation(
            f"{name}-association",
            cluster_name=args["cluster_name"],
            namespace=namespace,
            service_account=account,
            role_arn=role.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )

        self.role_arn = pulumi.Output.all(role.arn, policy.id).apply(lambda known: str(known[0]))
        self.role_name = pulumi.Output.all(role.name, policy.id).apply(lambda known: str(known[0]))
        self.service_account = association.service_account
        self.register_outputs(
            {
                "roleArn": self.role_arn,
                "roleName": self.role_name,
                "serviceAccount": self.service_account,
            }
        )
