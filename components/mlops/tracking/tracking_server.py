"""MLflow: where one team's runs, metrics and models are registered."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgsDict
from pulumi_kubernetes.batch.v1 import Job
from pulumi_kubernetes.core.v1 import PodSpecArgsDict, Service, ServiceAccount
from pulumi_kubernetes.networking.v1 import NetworkPolicy, NetworkPolicyPeerArgsDict
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget

from mlops.access.statements import policy, read_write_bucket
from mlops.access.workload_identity import WorkloadIdentity, WorkloadIdentityArgs
from mlops.tenancy.network_rules import blocks
from mlops.tenancy.restricted_pod import pod
from mlops.tenancy.run_once import run_once_job
from mlops.tracking.mlflow_container import ARTIFACT_PREFIX, PORT, host_names, migration, server

SERVICE_NAME = "mlflow"
SERVER_LABELS = {
    "app.kubernetes.io/name": "mlflow",
    "app.kubernetes.io/component": "server",
}
DATABASE_ANNOTATION = "mlops/database-ready"
MIGRATION_LABELS = {**SERVER_LABELS, "app.kubernetes.io/component": "migration"}


class TrackingServerArgs(TypedDict):
    """Where the server runs and what it stands on."""

    namespace: pulumi.Input[str]
    """The team's namespace."""
    image: pulumi.Input[str]
    """Image with MLflow 3, the PostgreSQL driver, boto3 and the Prometheus exporter."""
    database_secret_name: pulumi.Input[str]
    """Secret in that namespace whose `uri` opens the team's database."""
    database_ready: pulumi.Input[str]
    """Names the run that last settled those credentials (`ready` of DatabaseTenant). Another one
    migrates again and restarts the server, which reads its password only at start."""
    artifact_bucket_name: pulumi.Input[str]
    """Bucket for models and other files of runs."""
    artifact_bucket_arn: pulumi.Input[str]
    """ARN of the same bucket."""
    kms_key_arn: pulumi.Input[str]
    """Key that encrypts the bucket."""
    cluster_name: pulumi.Input[str]
    """Cluster the server runs in."""
    cluster_arn: pulumi.Input[str]
    """ARN of that cluster."""
    account_id: str
    """Account of the cluster."""
    replicas: int
    """Servers behind the one address. From 2 on they spread over zones and are drained in turn."""
    metrics_cidrs: NotRequired[pulumi.Input[list[str]]]
    """Address ranges of whoever collects `/metrics` from outside the namespace. They reach the
    whole API, which is on the same port. Default: nobody."""
    role_path: NotRequired[str]
    """IAM path of the server's role. Default `/mlops/`."""
    permissions_boundary_arn: NotRequired[pulumi.Input[str]]
    """Permissions boundary of the server's role. Default: none."""


class TrackingServer(pulumi.ComponentResource):
    """MLflow server of one team on its own database; files go straight to the team's bucket.

    An update of the image migrates the database first. If that fails, the running servers stay as
    they are.
    """

    tracking_uri: pulumi.Output[str]
    """Where clients in the cluster find it. Known once the server answers."""
    service_name: pulumi.Output[str]
    """Service in the team's namespace, for a port forward."""

    def __init__(
        self, name: str, args: TrackingServerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:TrackingServer", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)

        account = self._account(f"{name}-account", "mlflow", args, SERVER_LABELS)
        identity = WorkloadIdentity(f"{name}-identity", _identity(args, account), opts=child)
        migrate = self._migrate(name, args)
        network = NetworkPolicy(
            f"{name}-network",
            metadata={"namespace": args["namespace"], "labels": SERVER_LABELS},
            spec={
                "pod_selector": {"match_labels": SERVER_LABELS},
                "policy_types": ["Ingress"],
                "ingress": [
                    {"from_": _clients(args), "ports": [{"protocol": "TCP", "port": PORT}]}
                ],
            },
            opts=child,
        )
        deployment = Deployment(
            f"{name}-server",
            metadata={"namespace": args["namespace"], "labels": SERVER_LABELS},
            spec=_deployment(args, _server_pod(args, identity)),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[migrate, network]),
        )
        service = Service(
            f"{name}-service",
            metadata={
                "name": SERVICE_NAME,
                "namespace": args["namespace"],
                "labels": SERVER_LABELS,
            },
            spec={
                "type": "ClusterIP",
                "selector": SERVER_LABELS,
                "ports": [{"name": "http", "port": PORT, "target_port": "http"}],
            },
            # A service counts as made once a ready pod is behind it: made first, it waits in vain.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[deployment]),
        )
        if args["replicas"] > 1:
            PodDisruptionBudget(
                f"{name}-disruption",
                metadata={"namespace": args["namespace"], "labels": SERVER_LABELS},
                spec={"max_unavailable": 1, "selector": {"match_labels": SERVER_LABELS}},
                opts=child,
            )

        self.service_name = service.metadata.name
        answering = pulumi.Output.all(
            args["namespace"], self.service_name, deployment.metadata.name
        )
        self.tracking_uri = answering.apply(
            lambda known: f"http://{known[1]}.{known[0]}.svc.cluster.local:{PORT}"
        )
        self.register_outputs({"trackingUri": self.tracking_uri, "serviceName": self.service_name})

    def _account(
        self, name: str, account: str, args: TrackingServerArgs, labels: dict[str, str]
    ) -> ServiceAccount:
        return ServiceAccount(
            name,
            metadata={"name": account, "namespace": args["namespace"], "labels": labels},
            automount_service_account_token=False,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _migrate(self, name: str, args: TrackingServerArgs) -> Job:
        account = self._account(
            f"{name}-migration-account", "mlflow-migration", args, MIGRATION_LABELS
        )
        return run_once_job(
            f"{name}-migration",
            namespace=args["namespace"],
            labels=MIGRATION_LABELS,
            annotations={DATABASE_ANNOTATION: args["database_ready"]},
            pod=pod(account.metadata.name, migration(args["image"], args["database_secret_name"])),
            parent=self,
        )


def _identity(args: TrackingServerArgs, account: ServiceAccount) -> WorkloadIdentityArgs:
    identity: WorkloadIdentityArgs = {
        "cluster_name": args["cluster_name"],
        "cluster_arn": args["cluster_arn"],
        "account_id": args["account_id"],
        "namespace": args["namespace"],
        "service_account": account.metadata.name,
        "policy_json": policy(
            read_write_bucket(args["artifact_bucket_arn"], args["kms_key_arn"], [ARTIFACT_PREFIX])
        ),
    }
    if "role_path" in args:
        identity["role_path"] = args["role_path"]
    if "permissions_boundary_arn" in args:
        identity["permissions_boundary_arn"] = args["permissions_boundary_arn"]
    return identity


def _server_pod(args: TrackingServerArgs, identity: WorkloadIdentity) -> PodSpecArgsDict:
    names = pulumi.Output.from_input(args["namespace"]).apply(
        lambda namespace: host_names(SERVICE_NAME, namespace)
    )
    main = server(args["image"], args["database_secret_name"], args["artifact_bucket_name"], names)
    spec = pod(identity.service_account, main)
    if args["replicas"] > 1:
        spec["topology_spread_constraints"] = [
            {
                "max_skew": 1,
                "topology_key": domain,
                # Rather two servers in one zone than one server.
                "when_unsatisfiable": "ScheduleAnyway",
                "label_selector": {"match_labels": SERVER_LABELS},
            }
            for domain in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
        ]
    return spec


def _deployment(args: TrackingServerArgs, spec: PodSpecArgsDict) -> DeploymentSpecArgsDict:
    return {
        "replicas": args["replicas"],
        "revision_history_limit": 3,
        "selector": {"match_labels": SERVER_LABELS},
        "strategy": {
            "type": "RollingUpdate",
            "rolling_update": {"max_surge": 1, "max_unavailable": 0},
        },
        "template": {
            "metadata": {
                "labels": SERVER_LABELS,
                "annotations": {
                    DATABASE_ANNOTATION: args["database_ready"],
                    # The collector of metrics scrapes only pods that ask for it.
                    "prometheus.io/scrape": "true",
                    "prometheus.io/port": str(PORT),
                },
            },
            "spec": spec,
        },
    }


def _clients(
    args: TrackingServerArgs,
) -> pulumi.Output[Sequence[NetworkPolicyPeerArgsDict]]:
    team: NetworkPolicyPeerArgsDict = {"pod_selector": {}}
    if "metrics_cidrs" not in args:
        return pulumi.Output.from_input([team])
    return blocks(args["metrics_cidrs"]).apply(lambda collectors: [team, *collectors])
