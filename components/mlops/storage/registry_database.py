"""The PostgreSQL server that holds runs, models and features: encrypted, private, backed up."""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import cloudwatch, ec2, iam, rds, vpc

from mlops.access.trust import DEFAULT_ROLE_PATH, service_for, trust

PORT = 5432
MASTER_USERNAME = "registry_owner"
EXPORTED_LOGS = ("postgresql", "upgrade")
MONITORING_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
MONITORING_INTERVAL_SECONDS = 60
# The length that comes without charge.
PERFORMANCE_INSIGHTS_DAYS = 7
SLOW_STATEMENT_MILLISECONDS = 1000
PARAMETERS = {
    "rds.force_ssl": "1",
    "log_min_duration_statement": str(SLOW_STATEMENT_MILLISECONDS),
    "log_statement": "ddl",
}


class RegistryDatabaseArgs(TypedDict):
    """Size and lifetime; encryption, TLS and the absence of a password are not up for decision."""

    identifier: str
    """Physical name. It must be known beforehand, because the log groups carry it."""
    vpc_id: pulumi.Input[str]
    """Network the database lives in."""
    subnet_ids: pulumi.Input[list[str]]
    """Private subnets, in two availability zones at least."""
    client_security_group_id: pulumi.Input[str]
    """Who may connect: members of this security group and nobody else."""
    kms_key_arn: pulumi.Input[str]
    """Key that encrypts storage, snapshots, the master secret, insights and logs."""
    account_id: str
    """Account the database lives in."""
    region: str
    """Region the database lives in."""
    engine_version: str
    """PostgreSQL version: a major one such as `17`; AWS keeps the minor one current."""
    major_upgrade: NotRequired[str]
    """What happens to an existing database when another major version is given: `refuse`, or `now`.
    Then it is upgraded at once and stands still for minutes to an hour. Before, RDS takes a
    snapshot; there is no way back but to restore it. Default `refuse`."""
    instance_class: str
    """Instance class, such as `db.t4g.medium`."""
    storage_gib: int
    """Storage at the start, 20 GiB at least."""
    max_storage_gib: int
    """Size to which storage may grow by itself, at least a tenth above the start."""
    multi_az: bool
    """Whether a standby in another availability zone takes over when the first one fails."""
    backup_retention_days: int
    """Days back to which the database can be restored, 1 to 35."""
    on_destroy: str
    """`delete` removes database and backups with the stack; `retain` protects the database and
    leaves a final snapshot when it is unprotected and deleted."""
    log_retention_days: int
    """Days the database's logs are kept."""
    role_path: NotRequired[str]
    """IAM path of the monitoring role. Default `/mlops/`."""
    permissions_boundary_arn: NotRequired[pulumi.Input[str]]
    """Policy that bounds the monitoring role. Default: none."""


class RegistryDatabase(pulumi.ComponentResource):
    """One PostgreSQL server. Its databases and users are made later, from inside the cluster.

    RDS makes the master password, keeps it in Secrets Manager and rotates it; it is never known
    to Pulumi.
    """

    endpoint_host: pulumi.Output[str]
    """Host name, known once clients are let in."""
    port: pulumi.Output[int]
    """Port clients connect to."""
    master_secret_arn: pulumi.Output[str]
    """Secret with the master's user name and password."""
    instance_identifier: pulumi.Output[str]
    """Identifier, the dimension of the database's metrics."""
    instance_arn: pulumi.Output[str]
    """ARN of the database, for backup plans."""
    security_group_id: pulumi.Output[str]
    """Security group of the database."""

    def __init__(
        self, name: str, args: RegistryDatabaseArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        _check(args)
        super().__init__("mlops:index:RegistryDatabase", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        identifier, keep = args["identifier"], args["on_destroy"] == "retain"
        upgrade_now = args.get("major_upgrade") == "now"

        security_group = ec2.SecurityGroup(
            f"{name}-security-group",
            description=f"Database {identifier}: reached by its clients only, reaches nothing",
            vpc_id=args["vpc_id"],
            opts=child,
        )
        clients = vpc.SecurityGroupIngressRule(
            f"{name}-clients",
            description="PostgreSQL from the cluster",
            security_group_id=security_group.id,
            referenced_security_group_id=args["client_security_group_id"],
            ip_protocol="tcp",
            from_port=PORT,
            to_port=PORT,
            opts=child,
        )
        subnets = rds.SubnetGroup(
            f"{name}-subnets",
            description=f"Private subnets of the database {identifier}",
            subnet_ids=args["subnet_ids"],
            opts=child,
        )
        parameters = rds.ParameterGroup(
            f"{name}-parameters",
            description=f"TLS only; slow statements and changes of schema logged: {identifier}",
            family=f"postgres{_major(args['engine_version'])}",
            parameters=[{"name": key, "value": value} for key, value in PARAMETERS.items()],
            opts=child,
        )
        # RDS writes to these whatever we say; made by RDS they would never expire.
        logs = [
            cloudwatch.LogGroup(
                f"{name}-logs-{log}",
                name=f"/aws/rds/instance/{identifier}/{log}",
                retention_in_days=args["log_retention_days"],
                kms_key_id=args["kms_key_arn"],
                opts=child,
            )
            for log in EXPORTED_LOGS
        ]
        monitoring = self._monitoring_role(name, args)
        monitoring_policy = iam.RolePolicyAttachment(
            f"{name}-monitoring-policy",
            role=monitoring.name,
            policy_arn=MONITORING_POLICY,
            opts=child,
        )
        instance = rds.Instance(
            f"{name}-instance",
            identifier=identifier,
            engine="postgres",
            engine_version=args["engine_version"],
            instance_class=args["instance_class"],
            storage_type="gp3",
            allocated_storage=args["storage_gib"],
            max_allocated_storage=args["max_storage_gib"],
            storage_encrypted=True,
            kms_key_id=args["kms_key_arn"],
            username=MASTER_USERNAME,
            manage_master_user_password=True,
            master_user_secret_kms_key_id=args["kms_key_arn"],
            iam_database_authentication_enabled=True,
            ca_cert_identifier="rds-ca-rsa2048-g1",
            port=PORT,
            publicly_accessible=False,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=[security_group.id],
            parameter_group_name=parameters.name,
            multi_az=args["multi_az"],
            auto_minor_version_upgrade=True,
            allow_major_version_upgrade=True if upgrade_now else None,
            # A change of size restarts the server; where data is kept that waits for its window.
            # Not so an upgrade: as long as it waited, the old parameters could not be removed.
            apply_immediately=upgrade_now or not keep,
            backup_retention_period=args["backup_retention_days"],
            copy_tags_to_snapshot=True,
            delete_automated_backups=not keep,
            deletion_protection=keep,
            skip_final_snapshot=not keep,
            # Named after something that only this database ever has: a second one of the same
            # identifier would otherwise find the name taken, and could not be deleted.
            final_snapshot_identifier=pulumi.Output.concat(
                identifier, "-final-", security_group.id.apply(lambda id_: id_.removeprefix("sg-"))
            )
            if keep
            else None,
            enabled_cloudwatch_logs_exports=list(EXPORTED_LOGS),
            performance_insights_enabled=True,
            performance_insights_kms_key_id=args["kms_key_arn"],
            performance_insights_retention_period=PERFORMANCE_INSIGHTS_DAYS,
            monitoring_interval=MONITORING_INTERVAL_SECONDS,
            monitoring_role_arn=monitoring.arn,
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[*logs, monitoring_policy], protect=keep
            ),
        )

        self.endpoint_host = pulumi.Output.all(instance.address, clients.id).apply(
            lambda known: str(known[0])
        )
        self.port = instance.port
        self.master_secret_arn = instance.master_user_secrets.apply(
            lambda secrets: secrets[0].secret_arn or ""
        )
        self.instance_identifier = instance.identifier
        self.instance_arn = instance.arn
        self.security_group_id = security_group.id
        self.register_outputs(
            {
                "endpointHost": self.endpoint_host,
                "port": self.port,
                "masterSecretArn": self.master_secret_arn,
                "instanceIdentifier": self.instance_identifier,
                "instanceArn": self.instance_arn,
                "securityGroupId": self.security_group_id,
            }
        )

    def _monitoring_role(self, name: str, args: RegistryDatabaseArgs) -> iam.Role:
        account_id, identifier = args["account_id"], args["identifier"]
        arn = f"arn:aws:rds:{args['region']}:{account_id}:db:{identifier}"
        return iam.Role(
            f"{name}-monitoring-role",
            description=f"Operating system metrics of the database {identifier}",
            path=args.get("role_path", DEFAULT_ROLE_PATH),
            permissions_boundary=args.get("permissions_boundary_arn"),
            assume_role_policy=trust(service_for("monitoring.rds", account_id, arn)),
            opts=pulumi.ResourceOptions(parent=self),
        )


def _major(engine_version: str) -> str:
    return engine_version.split(".", maxsplit=1)[0]


def _check(args: RegistryDatabaseArgs) -> None:
    """Refuse what AWS would refuse after minutes, or would do differently from what is meant."""
    if args["on_destroy"] not in ("delete", "retain"):
        raise ValueError(f"on_destroy is {args['on_destroy']!r}; allowed are 'delete' and 'retain'")
    if args.get("major_upgrade", "refuse") not in ("refuse", "now"):
        raise ValueError(
            f"major_upgrade is {args.get('major_upgrade')!r}; allowed are 'refuse' and 'now'"
        )
    if not _major(args["engine_version"]).isdigit():
        raise ValueError(
            f"engine_version is {args['engine_version']!r}; give a PostgreSQL version such as '17'"
        )
    if not 1 <= args["backup_retention_days"] <= 35:
        raise ValueError(
            f"backup_retention_days is {args['backup_retention_days']}; allowed are 1 to 35"
        )
    if args["max_storage_gib"] * 10 < args["storage_gib"] * 11:
        raise ValueError(
            f"max_storage_gib is {args['max_storage_gib']}; with storage_gib "
            f"{args['storage_gib']} it must be at least a tenth larger"
        )
