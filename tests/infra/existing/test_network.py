"""A network that a stack file names must be one that a cluster can live in."""

from typing import Any

import pulumi
import pytest

from infra.config.blocks import ExistingNetwork
from infra.existing.network import network_of
from mlops.settings import NetworkConnection
from tests.infra.existing.asked import asked

VPC = "vpc-0123456789abcdef0"
# Their last digits say in which of three zones they lie.
PRIVATE = ("subnet-00000000000000010", "subnet-00000000000000011")
DATABASE = ("subnet-00000000000000021", "subnet-00000000000000022")
IN_ONE_ZONE = ("subnet-00000000000000010", "subnet-00000000000000013")


def found(
    changed: dict[str, dict[str, Any]] | None = None,
    private: tuple[str, ...] = PRIVATE,
    database: tuple[str, ...] | None = DATABASE,
) -> NetworkConnection:
    told = ExistingNetwork(vpc_id=VPC, private_subnet_ids=private, database_subnet_ids=database)
    return asked(lambda providers: network_of(told, providers), changed)


def test_what_the_platform_needs_to_know_comes_from_aws() -> None:
    assert found() == {
        "vpc_id": VPC,
        "vpc_cidr": "10.60.0.0/16",
        "private_subnet_ids": list(PRIVATE),
        "private_cidrs": ["10.60.16.0/24", "10.60.17.0/24"],
        "database_subnet_ids": list(DATABASE),
        "database_cidrs": ["10.60.33.0/24", "10.60.34.0/24"],
    }


def test_without_subnets_of_its_own_the_database_lies_in_the_private_ones() -> None:
    network = found(database=None)
    assert network["database_subnet_ids"] == network["private_subnet_ids"] == list(PRIVATE)
    assert network["database_cidrs"] == network["private_cidrs"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({VPC: {"enableDnsSupport": False}}, f"the VPC {VPC}, in which enableDnsSupport is off"),
        (
            {VPC: {"enableDnsHostnames": False}},
            f"the VPC {VPC}, in which enableDnsHostnames is off; turn it on",
        ),
        (
            {PRIVATE[1]: {"availableIpAddressCount": 5}},
            f"the subnet {PRIVATE[1]} with 5 free addresses; EKS wants 6",
        ),
        (
            {PRIVATE[0]: {"availabilityZoneId": "use1-az3"}},
            f"the subnet {PRIVATE[0]} in zone use1-az3, where EKS takes no subnets",
        ),
        (
            {PRIVATE[0]: {"mapPublicIpOnLaunch": True}},
            f"the subnet {PRIVATE[0]}, which gives machines public addresses",
        ),
        (
            {DATABASE[0]: {"mapPublicIpOnLaunch": True}},
            f"the subnet {DATABASE[0]}, which gives machines public addresses",
        ),
    ],
)
def test_what_no_cluster_can_live_in_is_refused(
    changed: dict[str, dict[str, Any]], sentence: str
) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        found(changed)
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"network.existing names {sentence}")


def test_one_zone_is_not_enough() -> None:
    with pytest.raises(pulumi.RunError, match="names private_subnet_ids in eu-west-1b only; name"):
        found(private=IN_ONE_ZONE)
    with pytest.raises(pulumi.RunError, match="names database_subnet_ids in eu-west-1b only; name"):
        found(database=IN_ONE_ZONE)


def test_as_many_free_addresses_as_eks_wants_are_enough() -> None:
    assert found({each: {"availableIpAddressCount": 6} for each in PRIVATE})


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(pulumi.RunError) as refused:
        found({VPC: {"enableDnsSupport": False}, PRIVATE[0]: {"mapPublicIpOnLaunch": True}})
    assert len(str(refused.value).splitlines()) == 2
