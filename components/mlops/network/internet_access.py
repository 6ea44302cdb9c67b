"""Ways between a VPC and the internet: both ways for public subnets, outwards for private ones."""

from typing import TypedDict

import pulumi
from pulumi_aws import ec2

NAT_CHOICES = ("one", "per_zone", "none")
ANYWHERE = "0.0.0.0/0"


class InternetAccessArgs(TypedDict):
    """Which route tables lead to the internet, and through how many NAT gateways."""

    vpc_id: pulumi.Input[str]
    """VPC that gets an internet gateway."""
    nat: str
    """`one` NAT gateway, in the first zone; one `per_zone`; or `none`."""
    availability_zones: list[str]
    """Zone names, in the order of the ids below."""
    public_subnet_ids: pulumi.Input[list[str]]
    """Where the NAT gateways stand: one subnet for each zone."""
    public_route_table_id: pulumi.Input[str]
    """Route table of the public subnets."""
    private_route_table_ids: pulumi.Input[list[str]]
    """Route tables of the private subnets: one for each zone."""


class InternetAccess(pulumi.ComponentResource):
    """Internet gateway, NAT gateways and the routes to them."""

    nat_public_ips: pulumi.Output[list[str]]
    """Addresses under which the private subnets appear on the internet; empty without NAT."""

    def __init__(
        self, name: str, args: InternetAccessArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:InternetAccess", name, {**args}, opts)
        gateway_zones = zones_with_gateway(args["nat"], args["availability_zones"])
        internet = self._public_route(name, args)
        public_subnets = pulumi.Output.from_input(args["public_subnet_ids"])
        private_tables = pulumi.Output.from_input(args["private_route_table_ids"])
        addresses, gateways = [], []
        for number, zone in enumerate(gateway_zones):
            address, gateway = self._nat_gateway(
                f"{name}-nat-{zone}", public_subnets[number], internet
            )
            addresses.append(address)
            gateways.append(gateway)
        for number, zone in enumerate(args["availability_zones"] if gateways else []):
            ec2.Route(
                f"{name}-private-{zone}",
                route_table_id=private_tables[number],
                destination_cidr_block=ANYWHERE,
                nat_gateway_id=gateways[min(number, len(gateways) - 1)].id,
                opts=pulumi.ResourceOptions(parent=self),
            )

        self.nat_public_ips = pulumi.Output.all(*[address.public_ip for address in addresses])
        self.register_outputs({"natPublicIps": self.nat_public_ips})

    def _public_route(self, name: str, args: InternetAccessArgs) -> ec2.Route:
        child = pulumi.ResourceOptions(parent=self)
        gateway = ec2.InternetGateway(
            f"{name}-gateway", vpc_id=args["vpc_id"], tags={"Name": name}, opts=child
        )
        return ec2.Route(
            f"{name}-public",
            route_table_id=args["public_route_table_id"],
            destination_cidr_block=ANYWHERE,
            gateway_id=gateway.id,
            opts=child,
        )

    def _nat_gateway(
        self, role: str, subnet_id: pulumi.Output[str], internet: ec2.Route
    ) -> tuple[ec2.Eip, ec2.NatGateway]:
        address = ec2.Eip(
            f"{role}-address",
            domain="vpc",
            tags={"Name": role},
            opts=pulumi.ResourceOptions(parent=self),
        )
        gateway = ec2.NatGateway(
            role,
            subnet_id=subnet_id,
            allocation_id=address.allocation_id,
            tags={"Name": role},
            # A NAT gateway that is made before its way to the internet fails.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[internet]),
        )
        return address, gateway


def zones_with_gateway(nat: str, zones: list[str]) -> list[str]:
    """Zones that get a NAT gateway under this choice; ValueError for an unknown choice."""
    if nat not in NAT_CHOICES:
        raise ValueError(f"nat is {nat!r}; choose one of {', '.join(NAT_CHOICES)}")
    return {"one": zones[:1], "per_zone": zones, "none": []}[nat]
