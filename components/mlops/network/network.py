"""VPC of one stage: where the cluster and the database live, and which ways lead out."""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import ec2

from mlops.network.endpoints import Endpoints, EndpointsArgs
from mlops.network.flow_logs import FlowLogs, FlowLogsArgs
from mlops.network.internet_access import InternetAccess
from mlops.network.subnet_tier import SubnetTier
from mlops.network.subnets import plan_subnets


class NetworkArgs(TypedDict):
    """Addresses, zones and ways out; flow logs and gateway endpoints are always there."""

    cidr: str
    """Private IPv4 range of the VPC, /16 to /21. Cannot be changed without a new VPC."""
    availability_zones: list[str]
    """Two or three zone names. The place in the list decides the addresses: only append."""
    nat: str
    """`one` NAT gateway for all zones (cheap), one `per_zone` (survives the loss of a zone), or
    `none`: private subnets then reach AWS through endpoints only."""
    account_id: str
    """Account that owns the VPC; endpoints admit requests of this account only."""
    region: str
    """Region of the VPC."""
    kms_key_arn: pulumi.Input[str]
    """Key that encrypts the flow logs; its policy must admit CloudWatch Logs."""
    log_group_prefix: str
    """Start of log group names, such as `/mlops/dev/fraud`, without a slash at the end."""
    flow_log_retention_days: int
    """Days the record of connections is kept."""
    trusted_account_ids: NotRequired[list[str]]
    """Further accounts whose buckets and tables may be reached, such as a shared data account."""
    interface_endpoints: NotRequired[list[str]]
    """Services reached without NAT, such as `ecr.api`, `ecr.dkr`, `sts`, `logs`, `kms`,
    `secretsmanager`, `eks-auth`, `aps-workspaces`. Default none; each costs money per zone."""
    role_path: NotRequired[str]
    """IAM path of the role made here. Default `/`."""
    permissions_boundary_arn: NotRequired[pulumi.Input[str]]
    """Policy that bounds the role made here."""


class Network(pulumi.ComponentResource):
    """VPC with private, public and database subnets in each zone.

    Databases have no route out of the VPC, no subnet gives public addresses to machines, and the
    default security group admits nothing.
    """

    vpc_id: pulumi.Output[str]
    """The VPC."""
    vpc_cidr: pulumi.Output[str]
    """Address range of the VPC."""
    private_subnet_ids: pulumi.Output[list[str]]
    """Subnets for nodes, pods and internal load balancers, in the order of the zones."""
    public_subnet_ids: pulumi.Output[list[str]]
    """Subnets for public load balancers, in the order of the zones."""
    database_subnet_ids: pulumi.Output[list[str]]
    """Subnets without a route out of the VPC, in the order of the zones."""
    private_cidrs: pulumi.Output[list[str]]
    """Address ranges of the private subnets."""
    database_cidrs: pulumi.Output[list[str]]
    """Address ranges of the database subnets, for rules that let clients reach a database."""
    nat_public_ips: pulumi.Output[list[str]]
    """Addresses under which workloads appear on the internet, for a partner's allow-list."""
    flow_log_group_name: pulumi.Output[str]
    """Log group that records every connection."""

    def __init__(
        self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:Network", name, {**args}, opts)
        plan = plan_subnets(args["cidr"], args["availability_zones"])
        own = pulumi.ResourceOptions(parent=self)

        vpc = self._vpc(name, args["cidr"])
        public = SubnetTier(
            f"{name}-public",
            {
                "vpc_id": vpc.id,
                "cidr_by_zone": {zone.zone: zone.public for zone in plan},
                "load_balancer_role": "elb",
            },
            own,
        )
        private = SubnetTier(
            f"{name}-private",
            {
                "vpc_id": vpc.id,
                "cidr_by_zone": {zone.zone: zone.private for zone in plan},
                "load_balancer_role": "internal-elb",
                # Even with one NAT gateway, so that a later change of `nat` only moves routes.
                "table_per_zone": True,
            },
            own,
        )
        database = SubnetTier(
            f"{name}-database",
            {"vpc_id": vpc.id, "cidr_by_zone": {zone.zone: zone.database for zone in plan}},
            own,
        )
        internet = InternetAccess(
            f"{name}-internet",
            {
                "vpc_id": vpc.id,
                "nat": args["nat"],
                "availability_zones": args["availability_zones"],
                "public_subnet_ids": public.subnet_ids,
                "public_route_table_id": public.route_table_ids[0],
                "private_route_table_ids": private.route_table_ids,
            },
            own,
        )
        Endpoints(f"{name}-endpoints", _endpoints_args(args, vpc, private), own)
        flow_logs = FlowLogs(f"{name}-flow-logs", _flow_logs_args(args, vpc), own)

        self.vpc_id = vpc.id
        self.vpc_cidr = vpc.cidr_block
        self.private_subnet_ids = private.subnet_ids
        self.public_subnet_ids = public.subnet_ids
        self.database_subnet_ids = database.subnet_ids
        self.private_cidrs = pulumi.Output.from_input([zone.private for zone in plan])
        self.database_cidrs = pulumi.Output.from_input([zone.database for zone in plan])
        self.nat_public_ips = internet.nat_public_ips
        self.flow_log_group_name = flow_logs.log_group_name
        self.register_outputs(
            {
                "vpcId": self.vpc_id,
                "vpcCidr": self.vpc_cidr,
                "privateSubnetIds": self.private_subnet_ids,
                "publicSubnetIds": self.public_subnet_ids,
                "databaseSubnetIds": self.database_subnet_ids,
                "privateCidrs": self.private_cidrs,
                "databaseCidrs": self.database_cidrs,
                "natPublicIps": self.nat_public_ips,
                "flowLogGroupName": self.flow_log_group_name,
            }
        )

    def _vpc(self, name: str, cidr: str) -> ec2.Vpc:
        child = pulumi.ResourceOptions(parent=self)
        vpc = ec2.Vpc(
            f"{name}-vpc",
            cidr_block=cidr,
            # The private endpoint of EKS and the managed metrics scraper need both.
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": name},
            opts=child,
        )
        ec2.DefaultSecurityGroup(
            f"{name}-default-security-group",
            vpc_id=vpc.id,
            ingress=[],
            egress=[],
            tags={"Name": f"{name}-default-closed"},
            opts=child,
        )
        return vpc


def _endpoints_args(args: NetworkArgs, vpc: ec2.Vpc, private: SubnetTier) -> EndpointsArgs:
    return {
        "vpc_id": vpc.id,
        "vpc_cidr": args["cidr"],
        "account_ids": [args["account_id"], *args.get("trusted_account_ids", [])],
        "region": args["region"],
        "route_table_ids": private.route_table_ids,
        "subnet_ids": private.subnet_ids,
        "interface_services": args.get("interface_endpoints", []),
    }


def _flow_logs_args(args: NetworkArgs, vpc: ec2.Vpc) -> FlowLogsArgs:
    flow_logs: FlowLogsArgs = {
        "vpc_id": vpc.id,
        "account_id": args["account_id"],
        "region": args["region"],
        "log_group_name": f"{args['log_group_prefix']}/vpc-flow-logs",
        "retention_days": args["flow_log_retention_days"],
        "kms_key_arn": args["kms_key_arn"],
        "role_path": args.get("role_path", "/"),
    }
    if "permissions_boundary_arn" in args:
        flow_logs["permissions_boundary_arn"] = args["permissions_boundary_arn"]
    return flow_logs
