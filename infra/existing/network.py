"""The network that a stack file names."""

from collections.abc import Iterator, Sequence

import pulumi
from pulumi_aws import ec2

from infra.config.blocks import ExistingNetwork
from infra.existing.asking import answer, require
from infra.providers import ZONES_WITHOUT_EKS, Providers
from mlops.settings import NetworkConnection

FREE_ADDRESSES = 6
"""So many EKS wants free in each subnet.
Source: Amazon EKS user guide, "VPC and subnet considerations"."""


def network_of(told: ExistingNetwork, providers: Providers) -> NetworkConnection:
    """Return the network that is there; end the program if no cluster could live in it."""
    vpc = _vpc(told.vpc_id, providers)
    private = _subnets(told, told.private_subnet_ids, providers)
    databases = (
        _subnets(told, told.database_subnet_ids, providers) if told.database_subnet_ids else private
    )
    require(
        f"network.existing names {problem}"
        for problem in (
            *_of_the_vpc(vpc),
            *_of_private(private),
            *_of_tier("private_subnet_ids", private),
            *(_of_tier("database_subnet_ids", databases) if told.database_subnet_ids else ()),
        )
    )
    return {
        "vpc_id": vpc.id,
        "vpc_cidr": vpc.cidr_block,
        "private_subnet_ids": [subnet.id for subnet in private],
        "private_cidrs": [subnet.cidr_block for subnet in private],
        "database_subnet_ids": [subnet.id for subnet in databases],
        "database_cidrs": [subnet.cidr_block for subnet in databases],
    }


def subnet_of(vpc_id: str, subnet_id: str, named: str, providers: Providers) -> ec2.GetSubnetResult:
    """Return a subnet; end the program if it is not of this VPC."""
    ask = pulumi.InvokeOptions(provider=providers.aws)
    return answer(
        f"{named} the subnet {subnet_id} of {vpc_id}",
        lambda: ec2.get_subnet(id=subnet_id, vpc_id=vpc_id, opts=ask),
    )


def _vpc(vpc_id: str, providers: Providers) -> ec2.GetVpcResult:
    ask = pulumi.InvokeOptions(provider=providers.aws)
    return answer(
        f"network.existing names the VPC {vpc_id}", lambda: ec2.get_vpc(id=vpc_id, opts=ask)
    )


def _subnets(
    told: ExistingNetwork, ids: Sequence[str], providers: Providers
) -> list[ec2.GetSubnetResult]:
    return [subnet_of(told.vpc_id, each, "network.existing names", providers) for each in ids]


def _of_the_vpc(vpc: ec2.GetVpcResult) -> Iterator[str]:
    # The private endpoint of EKS and the managed metrics scraper need both.
    for switched_on, name in (
        (vpc.enable_dns_support, "enableDnsSupport"),
        (vpc.enable_dns_hostnames, "enableDnsHostnames"),
    ):
        if not switched_on:
            yield f"the VPC {vpc.id}, in which {name} is off; turn it on"


def _of_private(subnets: Sequence[ec2.GetSubnetResult]) -> Iterator[str]:
    for subnet in subnets:
        if subnet.available_ip_address_count < FREE_ADDRESSES:
            yield (
                f"the subnet {subnet.id} with {subnet.available_ip_address_count} free addresses; "
                f"EKS wants {FREE_ADDRESSES} in each, and every pod takes one more"
            )
        if subnet.availability_zone_id in ZONES_WITHOUT_EKS:
            yield (
                f"the subnet {subnet.id} in zone {subnet.availability_zone_id}, where EKS takes no "
                "subnets; name one of another zone"
            )


def _of_tier(key: str, subnets: Sequence[ec2.GetSubnetResult]) -> Iterator[str]:
    zones = sorted({subnet.availability_zone for subnet in subnets})
    if len(zones) < 2:
        yield f"{key} in {zones[0]} only; name subnets of at least two zones"
    for subnet in subnets:
        if subnet.map_public_ip_on_launch:
            yield (
                f"the subnet {subnet.id}, which gives machines public addresses; name a private "
                "one, or turn off MapPublicIpOnLaunch"
            )
