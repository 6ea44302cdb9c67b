"""Which part of a VPC's addresses each subnet gets. Pure arithmetic: nothing is created here."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

MAX_ZONES = 3
MIN_ZONES = 2
LARGEST_PREFIX = 16
SMALLEST_PREFIX = 21

# RFC 1918, and the shared range that AWS also accepts for a VPC.
_PRIVATE_RANGES = tuple(
    IPv4Network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
# A zone's workloads get a quarter of the VPC; its two small subnets a sixty-fourth each.
_PRIVATE_BITS = 2
_SMALL_BITS = 6
_FIRST_PUBLIC_BLOCK = 48
_FIRST_DATABASE_BLOCK = 52


@dataclass(frozen=True)
class ZoneSubnets:
    """The three subnets of one availability zone."""

    zone: str
    """Name of the zone, such as `eu-west-1a`."""
    private: str
    """CIDR for nodes and pods: they reach the internet through NAT, if there is any."""
    public: str
    """CIDR for load balancers and NAT gateways."""
    database: str
    """CIDR for databases: no route leaves the VPC."""


def plan_subnets(cidr: str, zones: Sequence[str]) -> tuple[ZoneSubnets, ...]:
    """Divide `cidr` between `zones`; ValueError says what is wrong with either.

    The layout always has room for three zones: three quarters of the range are the private
    subnets, the last quarter holds the public and the database subnets and a reserve. So a zone
    that is added at the end of the list moves no address of the zones before it.
    """
    vpc = _private_network(cidr)
    _check_zones(zones)
    private = list(vpc.subnets(prefixlen_diff=_PRIVATE_BITS))
    small = list(vpc.subnets(prefixlen_diff=_SMALL_BITS))
    return tuple(
        ZoneSubnets(
            zone=zone,
            private=str(private[slot]),
            public=str(small[_FIRST_PUBLIC_BLOCK + slot]),
            database=str(small[_FIRST_DATABASE_BLOCK + slot]),
        )
        for slot, zone in enumerate(zones)
    )


def _private_network(cidr: str) -> IPv4Network:
    try:
        network = IPv4Network(cidr, strict=False)
    except ValueError as error:
        raise ValueError(
            f"network CIDR {cidr!r} is not an IPv4 range; write one like 10.0.0.0/16"
        ) from error
    if "/" not in cidr or str(network) != cidr:
        raise ValueError(
            f"network CIDR {cidr!r} is not the plain name of a range; did you mean {network}?"
        )
    if not any(network.subnet_of(private) for private in _PRIVATE_RANGES):
        allowed = ", ".join(str(private) for private in _PRIVATE_RANGES)
        raise ValueError(
            f"network CIDR {cidr} is not private; choose a range inside one of {allowed}"
        )
    if not LARGEST_PREFIX <= network.prefixlen <= SMALLEST_PREFIX:
        size = "too large" if network.prefixlen < LARGEST_PREFIX else "too small"
        # A load balancer wants at least a /27 in each zone, and that is a /21's sixty-fourth.
        raise ValueError(
            f"network CIDR {cidr} is {size}; choose a prefix from /{LARGEST_PREFIX} "
            f"(the largest VPC) to /{SMALLEST_PREFIX} (the smallest that has room for "
            "load balancers in every zone)"
        )
    return network


def _check_zones(zones: Sequence[str]) -> None:
    if not MIN_ZONES <= len(zones) <= MAX_ZONES:
        raise ValueError(
            f"{len(zones)} availability zones were given ({', '.join(zones) or 'none'}); "
            f"give {MIN_ZONES} or {MAX_ZONES}: the cluster and the database need two"
        )
    if len(set(zones)) != len(zones):
        raise ValueError(
            f"an availability zone is named twice in {', '.join(zones)}; name each one once"
        )
