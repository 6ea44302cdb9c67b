"""One team's role and database on the shared PostgreSQL server."""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_kubernetes.core.v1 import ConfigMap, PodSpecArgsDict, Secret, ServiceAccount
from pulumi_kubernetes.rbac.v1 import Role, RoleBinding

from mlops.access.statements import policy, read_secret
from mlops.access.workload_identity import WorkloadIdentity, WorkloadIdentityArgs
from mlops.tenancy.run_once import run_once_job
from mlops.tenancy.tenant_job.postgres import require_identifier
from mlops.tenancy.tenant_pod import sources, tenant_pod

LABELS = {
    "app.kubernetes.io/name": "database-tenant",
    "app.kubernetes.io/part-of": "mlops",
}


class DatabaseTenantArgs(TypedDict):
    """Which database, for whom, on which server."""

    database: str
    """Name of the database and of the role that owns it: lower-case letters, digits, `_`."""
    namespace: pulumi.Input[str]
    """The team's namespace: the credentials are kept there, and the role is marked with it."""
    system_namespace: pulumi.Input[str]
    """Where the job runs. Not the team's, so that nobody in the team can borrow its identity."""
    image: pulumi.Input[str]
    """Image with Python, psycopg2 and boto3: the tracking server's."""
    host: pulumi.Input[str]
    """Address of the server."""
    port: pulumi.Input[int]
    """Port of the server."""
    master_secret_arn: pulumi.Input[str]
    """Secret of the master user; only the job reads it, and only at run time."""
    kms_key_arn: pulumi.Input[str]
    """Key that encrypts that secret."""
    cluster_name: pulumi.Input[str]
    """Cluster the job runs in."""
    cluster_arn: pulumi.Input[str]
    """ARN of that cluster."""
    account_id: str
    """Account of the cluster."""
    role_path: NotRequired[str]
    """IAM path of the job's role. Default `/mlops/`."""
    permissions_boundary_arn: NotRequired[pulumi.Input[str]]
    """Permissions boundary of the job's IAM role. Default: none."""


class DatabaseTenant(pulumi.ComponentResource):
    """Role and database of one team, made by a job in the cluster; no password passes Pulumi.

    The job runs again when its input changes, and when the Secret was lost: a Secret made anew has
    another identity, which is part of the job. Then the password is new too. Deleting the component
    leaves role and database on the server.
    """

    secret_name: pulumi.Output[str]
    """Secret in the team's namespace: username, password, database, host, port, uri. Known once it
    is filled."""
    database_name: pulumi.Output[str]
    """Name of the database. Known once it exists."""
    ready: pulumi.Output[str]
    """Names the run that last settled the credentials. Put it into an annotation of the pods that
    use them: the password changes only in such a run, and then the pods restart and read it."""

    def __init__(
        self, name: str, args: DatabaseTenantArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:DatabaseTenant", name, {**args}, opts)
        require_identifier(args["database"])
        child = pulumi.ResourceOptions(parent=self)

        account = ServiceAccount(
            f"{name}-account",
            metadata={
                # The system namespace serves many teams, so the name says whose job it is.
                "name": pulumi.Output.concat("database-tenant-", args["namespace"]),
                "namespace": args["system_namespace"],
                "labels": LABELS,
            },
            automount_service_account_token=False,
            opts=child,
        )
        identity = WorkloadIdentity(f"{name}-identity", _identity(args, account), opts=child)
        # Filled by the job. What it holds is nobody's business here: neither compared nor kept.
        secret = Secret(
            f"{name}-credentials",
            metadata={"namespace": args["namespace"], "labels": LABELS},
            type="Opaque",
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["data", "stringData"]),
        )
        permission = self._permission_to_fill(name, args, account, secret)
        program = ConfigMap(
            f"{name}-program",
            metadata={"namespace": args["system_namespace"], "labels": LABELS},
            data=sources(),
            immutable=True,
            # Another program is another ConfigMap under another name, and with that another job.
            opts=pulumi.ResourceOptions(parent=self, replace_on_changes=["data"]),
        )
        job = run_once_job(
            f"{name}-job",
            namespace=args["system_namespace"],
            labels=LABELS,
            annotations={"mlops/secret-uid": secret.metadata.uid},
            pod=_pod(args, identity, secret, program),
            parent=self,
            depends_on=[permission],
        )

        self.ready = job.metadata.name
        self.secret_name = _after(self.ready, secret.metadata.name)
        self.database_name = _after(self.ready, args["database"])
        self.register_outputs(
            {
                "secretName": self.secret_name,
                "databaseName": self.database_name,
                "ready": self.ready,
            }
        )

    def _permission_to_fill(
        self, name: str, args: DatabaseTenantArgs, account: ServiceAccount, secret: Secret
    ) -> RoleBinding:
        child = pulumi.ResourceOptions(parent=self)
        role = Role(
            f"{name}-role",
            metadata={"namespace": args["namespace"], "labels": LABELS},
            rules=[
                {
                    "api_groups": [""],
                    "resources": ["secrets"],
                    "resource_names": [secret.metadata.name],
                    "verbs": ["get", "patch"],
                }
            ],
            opts=child,
        )
        return RoleBinding(
            f"{name}-binding",
            metadata={"namespace": args["namespace"], "labels": LABELS},
            role_ref={
                "api_group": "rbac.authorization.k8s.io",
                "kind": "Role",
                "name": role.metadata.name,
            },
            subjects=[
                {
                    "kind": "ServiceAccount",
                    "name": account.metadata.name,
                    "namespace": args["system_namespace"],
                }
            ],
            opts=child,
        )


def _identity(args: DatabaseTenantArgs, account: ServiceAccount) -> WorkloadIdentityArgs:
    identity: WorkloadIdentityArgs = {
        "cluster_name": args["cluster_name"],
        "cluster_arn": args["cluster_arn"],
        "account_id": args["account_id"],
        "namespace": args["system_namespace"],
        "service_account": account.metadata.name,
        "policy_json": policy(read_secret(args["master_secret_arn"], args["kms_key_arn"])),
    }
    if "role_path" in args:
        identity["role_path"] = args["role_path"]
    if "permissions_boundary_arn" in args:
        identity["permissions_boundary_arn"] = args["permissions_boundary_arn"]
    return identity


def _pod(
    args: DatabaseTenantArgs, identity: WorkloadIdentity, secret: Secret, program: ConfigMap
) -> PodSpecArgsDict:
    return tenant_pod(
        args["image"],
        identity.service_account,
        program.metadata.name,
        {
            "DATABASE_NAME": args["database"],
            "DATABASE_HOST": args["host"],
            "DATABASE_PORT": _digits(args["port"]),
            "MASTER_SECRET_ARN": args["master_secret_arn"],
            "SECRET_NAMESPACE": args["namespace"],
            "SECRET_NAME": secret.metadata.name,
        },
    )


def _digits(port: pulumi.Input[int]) -> pulumi.Output[str]:
    # The engine hands numbers on as floats.
    return pulumi.Output.from_input(port).apply(lambda number: str(int(number)))


def _after(event: pulumi.Output[str], value: pulumi.Input[str]) -> pulumi.Output[str]:
    return pulumi.Output.all(value, event).apply(lambda known: str(known[0]))
