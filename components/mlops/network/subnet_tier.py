"""Subnets of one kind, one in each zone, with their route tables."""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import ec2


class SubnetTierArgs(TypedDict):
    """Where the subnets lie and how their routing is divided."""

    vpc_id: pulumi.Input[str]
    """VPC the subnets belong to."""
    cidr_by_zone: dict[str, str]
    """Address range of the subnet in each zone."""
    table_per_zone: NotRequired[bool]
    """A route table for each zone instead of one for all. Default false."""
    load_balancer_role: NotRequired[str]
    """`elb` or `internal-elb`: EKS then puts public or internal load balancers here."""


class SubnetTier(pulumi.ComponentResource):
    """Private, public or database subnets of a VPC: the routes decide which."""

    subnet_ids: pulumi.Output[list[str]]
    """The subnets, in the order of the zones."""
    route_table_ids: pulumi.Output[list[str]]
    """Route tables in the order of the zones, or the one table of all zones."""

    def __init__(
        self, name: str, args: SubnetTierArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:SubnetTier", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        zones = list(args["cidr_by_zone"])
        table_names = [f"{name}-{zone}" for zone in zones] if _per_zone(args) else [name]
        tables = [
            ec2.RouteTable(f"{role}-routes", vpc_id=args["vpc_id"], tags={"Name": role}, opts=child)
            for role in table_names
        ]
        subnets = []
        for number, (zone, cidr) in enumerate(args["cidr_by_zone"].items()):
            role = f"{name}-{zone}"
            subnet = ec2.Subnet(
                role,
                vpc_id=args["vpc_id"],
                availability_zone=zone,
                cidr_block=cidr,
                # Load balancers and NAT gateways bring their own public addresses.
                map_public_ip_on_launch=False,
                tags={"Name": role, **_load_balancer_tag(args)},
                opts=child,
            )
            ec2.RouteTableAssociation(
                f"{role}-routing",
                subnet_id=subnet.id,
                route_table_id=tables[number if _per_zone(args) else 0].id,
                opts=child,
            )
            subnets.append(subnet)

        self.subnet_ids = pulumi.Output.all(*[subnet.id for subnet in subnets])
        self.route_table_ids = pulumi.Output.all(*[table.id for table in tables])
        self.register_outputs({"subnetIds": self.subnet_ids, "routeTableIds": self.route_table_ids})


def _per_zone(args: SubnetTierArgs) -> bool:
    return args.get("table_per_zone", False)


def _load_balancer_tag(args: SubnetTierArgs) -> dict[str, str]:
    role = args.get("load_balancer_role")
    return {f"kubernetes.io/role/{role}": "1"} if role else {}
