"""The blocks a stack file is made of; `model` puts them together.

No default stands here: every value comes from a layer (see `layers`), so each has an origin. Only
in a block that may be left out as a whole, where a layer cannot know whether it is there, a key may
be left out too.
"""

from typing import Annotated, get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from infra.config.choices import (
    Architecture,
    Consolidation,
    LogRetentionDays,
    MajorUpgrade,
    Nat,
    OnDestroy,
)
from infra.config.shapes import (
    BucketArn,
    ClientRange,
    CostCenter,
    DatabaseIdentifier,
    Email,
    GithubRepository,
    GpuFamily,
    InstanceClass,
    KeyArn,
    KubernetesVersion,
    NetworkRange,
    OidcProviderArn,
    PolicyArn,
    PostgresqlVersion,
    PrincipalArn,
    RepositoryId,
    RoleArn,
    RolePath,
    SubnetId,
    VpcId,
)


class Block(BaseModel):
    """A group of keys; frozen, and a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Owner(Block):
    """Who answers for the environment and who pays for it."""

    email: Email = Field(description="Mailbox of the team; hears of alarms and costs.")
    cost_center: CostCenter = Field(description="Cost center on every bill line.")


class Github(Block):
    """The repository whose workflows may preview and deploy this stack."""

    repository: GithubRepository = Field(description="owner/name.")
    repository_id: RepositoryId = Field(
        description="Number GitHub gave the repository; survives a rename, unlike the name."
    )


class State(Block):
    """The S3 bucket that `pulumi login` names, and the key of the state's secrets."""

    bucket_arn: BucketArn = Field(description="Bucket of the state.")
    key_arn: KeyArn = Field(description="Key that encrypts the bucket and the stack's secrets.")


class NamespaceCi(Block):
    """Where the pipelines run that work in a namespace of a shared platform."""

    github: Github = Field(description="The GitHub repository that is trusted.")


class Ci(NamespaceCi):
    """Where the pipelines run that work on the whole stack."""

    oidc_provider_arn: OidcProviderArn | None = Field(
        description="The account's identity provider for GitHub, where another stack or the "
        "bootstrap has made it: an account can have only one. Left out, it is made here."
    )
    state: State | None = Field(
        description="Where the state lies, so that both CI roles get this stack's part of it. "
        "Left out, they get none: for a state that is not kept in S3."
    )


class Budget(Block):
    """What the environment may cost."""

    monthly_usd: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        description="US dollars a month; alerts follow actual and forecast cost.", examples=[800]
    )


class Members(Block):
    """The team's people, by the IAM roles they work with."""

    developer_role_arns: tuple[RoleArn, ...] = Field(
        description="May run workloads in the team's namespace."
    )
    viewer_role_arns: tuple[RoleArn, ...] = Field(description="May look into the namespace.")


class Iam(Block):
    """Rules of the account for every role made here."""

    permissions_boundary_arn: PolicyArn | None = Field(
        description="Policy that bounds every role. Without one the deploy role cannot change "
        "roles, because nothing would limit what it gives them."
    )
    role_path: RolePath = Field(
        description="IAM path under which every role lies, in <stage>/<team>/. A change replaces "
        "every role."
    )


class Encryption(Block):
    """The key of everything that is encrypted."""

    key_arn: KeyArn | None = Field(
        description="KMS key that encrypts all of this stack, in its account and region. Left out, "
        "keys are made here."
    )


Subnets = Annotated[tuple[SubnetId, ...], Field(min_length=2, max_length=16)]


class ExistingNetwork(Block):
    """A VPC that is there, with the subnets that may be used."""

    vpc_id: VpcId = Field(description="The VPC.")
    private_subnet_ids: Subnets = Field(
        description="Subnets for nodes and pods, in at least two zones.",
        examples=[["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]],
    )
    database_subnet_ids: Subnets | None = Field(
        default=None,
        description="Subnets for the database, in at least two zones. Left out: the private ones.",
    )


class Network(Block):
    """The VPC."""

    cidr: NetworkRange = Field(description="Address range of the VPC; never changed later.")
    availability_zones: Annotated[int, Field(ge=2, le=3)] = Field(
        description="In how many zones subnets lie."
    )
    nat: Nat = Field(description="How private subnets reach the internet.")
    existing: ExistingNetwork | None = Field(
        description="A VPC to use as it is; then none is made, and the other keys have no say."
    )


class GeneralPool(Block):
    """On-demand nodes for every pod that asks for nothing special."""

    cpu_limit: Annotated[int, Field(ge=8, le=10_000)] = Field(
        description="Virtual CPUs of all its nodes together, with 8 GiB of memory each at most."
    )
    architectures: tuple[Architecture, ...] = Field(
        description="Processors; with both, a pod that names none may get either."
    )


class SpotPool(Block):
    """Spot nodes, for pods that tolerate the taint karpenter.sh/capacity-type=spot."""

    cpu_limit: Annotated[int, Field(ge=0, le=10_000)] = Field(
        description="As in general; 0: there is no such pool."
    )
    architectures: tuple[Architecture, ...] = Field(description="As in general.")


class GpuPool(Block):
    """On-demand nodes with NVIDIA GPUs, for pods that ask for nvidia.com/gpu."""

    gpu_limit: Annotated[int, Field(ge=0, le=1_000)] = Field(
        description="GPUs of all its nodes together; 0: there is no such pool."
    )
    instance_families: tuple[GpuFamily, ...] = Field(
        description="Families of instances; the cheapest that fits is started."
    )


class Pools(Block):
    """What machines the cluster may start, and how many."""

    general: GeneralPool = Field(description="For every pod that asks for nothing special.")
    spot: SpotPool = Field(description="For work that may be interrupted.")
    gpu: GpuPool = Field(description="For pods that ask for a GPU.")


class Cluster(Block):
    """The Kubernetes cluster (EKS Auto Mode)."""

    version: KubernetesVersion = Field(description="Kubernetes minor version.")
    public_access_cidrs: tuple[ClientRange, ...] = Field(
        description="Who may reach the API server from outside the VPC; empty: nobody.",
        examples=[["203.0.113.0/24"]],
    )
    admin_principal_arns: tuple[PrincipalArn, ...] = Field(
        description="Who may assume the cluster's administrator role; empty: whoever the account "
        "lets assume it.",
    )
    pools: Pools = Field(description="What machines the cluster may start, and how many.")
    consolidation: Consolidation = Field(
        description="When half-empty nodes are merged, which moves the pods on them."
    )
    on_destroy: OnDestroy = Field(description="retain: AWS refuses to delete the cluster.")


class Quota(Block):
    """What all pods of the team's namespace may request together."""

    cpu: Annotated[int, Field(ge=2, le=10_000)] = Field(description="Virtual CPUs.")
    memory_gib: Annotated[int, Field(ge=4, le=100_000)] = Field(description="GiB of memory.")
    pods: Annotated[int, Field(ge=5, le=5_000)] = Field(description="Number of pods.")
    gpu: Annotated[int, Field(ge=0, le=1_000)] = Field(description="Number of GPUs.")
    storage_gib: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        description="GiB of persistent volumes."
    )


class Artifacts(Block):
    """The bucket for models, runs and data files."""

    on_destroy: OnDestroy = Field(description="retain: bucket and objects stay in the account.")
    noncurrent_days: Annotated[int, Field(ge=1, le=3_650)] = Field(
        description="Days an overwritten or deleted object version is kept."
    )
    object_lock_days: Annotated[int, Field(ge=0, le=3_650)] = Field(
        description="Days in which no version can be removed (Object Lock); 0: no lock."
    )


class ExistingDatabase(Block):
    """An RDS instance that is there."""

    instance_identifier: DatabaseIdentifier = Field(
        description="The instance: RDS for PostgreSQL in the VPC of network.existing."
    )


class Registry(Block):
    """The database of runs and registered models (RDS for PostgreSQL)."""

    engine_version: PostgresqlVersion = Field(description="PostgreSQL major version.")
    major_upgrade: MajorUpgrade = Field(
        description="now: a new engine_version upgrades the database at once. Set it back after."
    )
    instance_class: InstanceClass = Field(description="Size of the database server.")
    storage_gib: Annotated[int, Field(ge=20, le=65_536)] = Field(
        description="GiB of storage to begin with."
    )
    max_storage_gib: Annotated[int, Field(ge=20, le=65_536)] = Field(
        description="GiB up to which storage grows by itself."
    )
    multi_az: bool = Field(description="Keep a standby in a second zone.")
    backup_retention_days: Annotated[int, Field(ge=1, le=35)] = Field(
        description="Days to whose every second the database can be restored."
    )
    on_destroy: OnDestroy = Field(
        description="retain: deletion is refused, and a final snapshot is taken."
    )
    existing: ExistingDatabase | None = Field(
        description="A database server to use as it is; then none is made, and the other keys have "
        "no say."
    )


class Tracking(Block):
    """The MLflow server."""

    replicas: Annotated[int, Field(ge=1, le=10)] = Field(description="Number of pods.")


class Alerts(Block):
    """Who hears of alarms."""

    emails: Annotated[tuple[Email, ...], Field(max_length=9)] = Field(
        description="Beside the owner; each is subscribed after confirming a mail from AWS."
    )


class Monitoring(Block):
    """Metrics and alarms."""

    alerts: Alerts = Field(description="Who hears of alarms.")


class Logs(Block):
    """Every log group of the environment."""

    retention_days: LogRetentionDays = Field(description="Days a log line is kept.")


def block_of(field: FieldInfo) -> type[Block] | None:
    """Return the block a field holds, if it holds one."""
    for candidate in (field.annotation, *get_args(field.annotation)):
        if isinstance(candidate, type) and issubclass(candidate, Block):
            return candidate
    return None
