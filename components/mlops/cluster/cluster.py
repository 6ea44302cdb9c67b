"""An EKS cluster in Auto Mode: AWS runs its nodes, network, storage and load balancing."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import cloudwatch, eks, iam

from mlops.access.statements import policy
from mlops.access.trust import DEFAULT_ROLE_PATH, ec2_instances, own_account, service_for, trust
from mlops.cluster import addons, checks
from mlops.cluster.kubeconfig import kubeconfig
from mlops.cluster.roles import (
    CLUSTER_ADMIN_POLICY,
    CONTROL_PLANE_POLICIES,
    NODE_POLICIES,
    encrypt_disks,
    tag_nodes,
)

# For add-ons that tolerate its taint; all else runs on pools of the stack's own (see node_pools).
BUILT_IN_NODE_POOLS = ["system"]


class ClusterArgs(TypedDict):
    """What the caller decides; encryption and access by entries are not up for decision."""

    cluster_name: str
    """Physical name. It must be known beforehand, because the log group carries it."""
    subnet_ids: pulumi.Input[list[str]]
    """Private subnets, in two availability zones at least."""
    kms_key_arn: pulumi.Input[str]
    """Key that encrypts the cluster's secrets, its logs and the disks of its nodes."""
    account_id: str
    """Account the cluster lives in."""
    region: str
    """Region the cluster lives in."""
    version: str
    """Minor version of Kubernetes, such as `1.33`."""
    public_access_cidrs: list[str]
    """Networks that reach the API server over the internet; empty: it has no public endpoint."""
    log_retention_days: int
    """Days the control plane's logs are kept."""
    log_types: list[str]
    """Control plane logs; `audit` and `authenticator` must be among them."""
    admin_principal_arns: list[str]
    """Roles and users that may administer the cluster, `*` allowed within a name. Empty: all of
    the account whose own policies let them take the administrator role. Whoever runs
    `pulumi up` must be among them."""
    deletion_protection: bool
    """Whether the cluster can be deleted only after this is turned off."""
    addons: dict[str, str]
    """Add-ons from the EKS catalogue: name to exact version."""
    role_path: NotRequired[str]
    """IAM path of the cluster's roles. Default `/mlops/`."""
    permissions_boundary_arn: NotRequired[pulumi.Input[str]]
    """Policy that bounds the cluster's roles. Default: none."""


class Cluster(pulumi.ComponentResource):
    """Control plane, its logs, its nodes' identity and its one administrator.

    Whoever creates a cluster is usually its administrator for ever, and its kubeconfig works
    for nobody else. Here the only administrator is a role, and the kubeconfig takes that role:
    people and CI get the same identity, and a change of hands changes no resource. The caller
    of `pulumi up` needs `sts:AssumeRole` on the role and, where `admin_principal_arns` is given,
    a place in it. The role exists before the cluster, and `kubeconfig` is known only after the
    role may administer it, so one run can both create the cluster and fill it.
    """

    cluster_name: pulumi.Output[str]
    """Name of the cluster."""
    cluster_arn: pulumi.Output[str]
    """ARN of the cluster, for trust policies."""
    endpoint: pulumi.Output[str]
    """URL of the API server."""
    certificate_authority: pulumi.Output[str]
    """Certificate authority of the API server, base64."""
    security_group_id: pulumi.Output[str]
    """Security group that EKS gives to the control plane and all nodes."""
    node_role_name: pulumi.Output[str]
    """Role of the nodes, which EKS lets in."""
    admin_role_arn: pulumi.Output[str]
    """The role that administers the cluster."""
    kubeconfig: pulumi.Output[str]
    """Kubeconfig as JSON, a secret. It holds no token: `aws eks get-token` fetches one."""

    def __init__(
        self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        checks.check_version(args["version"])
        checks.check_public_access(args["public_access_cidrs"])
        checks.check_log_types(args["log_types"])
        checks.check_addons(args["addons"])
        super().__init__("mlops:index:Cluster", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        account_id, cluster_name = args["account_id"], args["cluster_name"]
        arn = f"arn:aws:eks:{args['region']}:{account_id}:cluster/{cluster_name}"

        logs = cloudwatch.LogGroup(
            f"{name}-logs",
            # EKS writes here whatever we say; made by EKS it would never expire.
            name=f"/aws/eks/{cluster_name}/cluster",
            retention_in_days=args["log_retention_days"],
            kms_key_id=args["kms_key_arn"],
            opts=child,
        )
        role = self._role(
            f"{name}-role",
            f"Control plane of the cluster {cluster_name}",
            trust(service_for("eks", account_id, arn, tags_session=True)),
            args,
        )
        node_role = self._role(
            f"{name}-node-role",
            f"Nodes of the cluster {cluster_name}",
            trust(ec2_instances()),
            args,
        )
        permissions = [
            *self._attach(f"{name}-role", role, CONTROL_PLANE_POLICIES),
            *self._attach(f"{name}-node-role", node_role, NODE_POLICIES),
            iam.RolePolicy(
                f"{name}-role-nodes",
                role=role.name,
                policy=policy(tag_nodes(), encrypt_disks(args["kms_key_arn"])),
                opts=child,
            ),
        ]
        administrator = self._role(
            f"{name}-administrator-role",
            f"Administrator of the cluster {cluster_name}",
            trust(own_account(account_id, args["admin_principal_arns"])),
            args,
        )
        cluster = self._control_plane(name, args, role, node_role, [logs, *permissions])
        entry = eks.AccessEntry(
            f"{name}-administrator-entry",
            cluster_name=cluster.name,
            principal_arn=administrator.arn,
            type="STANDARD",
            opts=child,
        )
        administers = eks.AccessPolicyAssociation(
            f"{name}-administrator-access",
            cluster_name=cluster.name,
            principal_arn=administrator.arn,
            policy_arn=CLUSTER_ADMIN_POLICY,
            access_scope={"type": "cluster"},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[entry]),
        )
        first_addons = addons.install(f"{name}-addon", cluster.name, args["addons"], child)

        self.cluster_name = cluster.name
        self.cluster_arn = cluster.arn
        self.endpoint = cluster.endpoint
        self.certificate_authority = cluster.certificate_authority.apply(lambda ca: ca.data or "")
        self.security_group_id = cluster.vpc_config.apply(
            lambda vpc: vpc.cluster_security_group_id or ""
        )
        self.node_role_name = node_role.name
        # Before the association exists the role is let in nowhere.
        self.admin_role_arn = pulumi.Output.all(administrator.arn, administers.id).apply(
            lambda known: str(known[0])
        )
        self.kubeconfig = pulumi.Output.secret(
            kubeconfig(
                cluster_name=cluster_name,
                region=args["region"],
                endpoint=self.endpoint,
                certificate_authority=self.certificate_authority,
                # EKS lets a role in some seconds after it has accepted the association, and what
                # fills the cluster must not try earlier.
                role_arn=pulumi.Output.all(
                    self.admin_role_arn, *(addon.id for addon in first_addons)
                ).apply(lambda known: str(known[0])),
            )
        )
        self.register_outputs(
            {
                "clusterName": self.cluster_name,
                "clusterArn": self.cluster_arn,
                "endpoint": self.endpoint,
                "certificateAuthority": self.certificate_authority,
                "securityGroupId": self.security_group_id,
                "nodeRoleName": self.node_role_name,
                "adminRoleArn": self.admin_role_arn,
                "kubeconfig": self.kubeconfig,
            }
        )

    def _role(
        self, name: str, description: str, trust_policy: pulumi.Output[str], args: ClusterArgs
    ) -> iam.Role:
        return iam.Role(
            name,
            description=description,
            path=args.get("role_path", DEFAULT_ROLE_PATH),
            permissions_boundary=args.get("permissions_boundary_arn"),
            assume_role_policy=trust_policy,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _attach(
        self, prefix: str, role: iam.Role, policies: Mapping[str, str]
    ) -> list[iam.RolePolicyAttachment]:
        return [
            iam.RolePolicyAttachment(
                f"{prefix}-{suffix}",
                role=role.name,
                policy_arn=arn,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for suffix, arn in policies.items()
        ]

    def _control_plane(
        self,
        name: str,
        args: ClusterArgs,
        role: iam.Role,
        node_role: iam.Role,
        first: list[pulumi.Resource],
    ) -> eks.Cluster:
        protected = args["deletion_protection"]
        public = args["public_access_cidrs"]
        return eks.Cluster(
            f"{name}-control-plane",
            name=args["cluster_name"],
            version=args["version"],
            role_arn=role.arn,
            bootstrap_self_managed_addons=False,
            access_config={
                "authentication_mode": "API",
                "bootstrap_cluster_creator_admin_permissions": False,
            },
            # Auto Mode is these three; EKS refuses one without the others.
            compute_config={
                "enabled": True,
                "node_pools": BUILT_IN_NODE_POOLS,
                "node_role_arn": node_role.arn,
            },
            kubernetes_network_config={"elastic_load_balancing": {"enabled": True}},
            storage_config={"block_storage": {"enabled": True}},
            vpc_config={
                "subnet_ids": args["subnet_ids"],
                "endpoint_private_access": True,
                "endpoint_public_access": bool(public),
                "public_access_cidrs": public or None,
            },
            encryption_config={
                "provider": {"key_arn": args["kms_key_arn"]},
                "resources": ["secrets"],
            },
            enabled_cluster_log_types=args["log_types"],
            upgrade_policy={"support_type": "STANDARD"},
            zonal_shift_config={"enabled": True},
            # False is what EKS does unasked; older providers do not know the argument.
            deletion_protection=True if protected else None,
            opts=pulumi.ResourceOptions(parent=self, depends_on=first, protect=protected),
        )
