"""The division of a VPC's addresses between zones."""

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops.network.subnets import (
    LARGEST_PREFIX,
    MAX_ZONES,
    MIN_ZONES,
    SMALLEST_PREFIX,
    ZoneSubnets,
    plan_subnets,
)

PRIVATE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


@st.composite
def private_cidrs(draw: st.DrawFn) -> str:
    outer = IPv4Network(draw(st.sampled_from(PRIVATE_RANGES)))
    prefix = draw(st.integers(LARGEST_PREFIX, SMALLEST_PREFIX))
    number = draw(st.integers(0, 2 ** (prefix - outer.prefixlen) - 1))
    address = int(outer.network_address) + number * 2 ** (32 - prefix)
    return str(IPv4Network((address, prefix)))


def all_cidrs(plan: tuple[ZoneSubnets, ...]) -> list[IPv4Network]:
    return [
        IPv4Network(cidr) for zone in plan for cidr in (zone.private, zone.public, zone.database)
    ]


@given(cidr=private_cidrs(), count=st.integers(MIN_ZONES, MAX_ZONES))
def test_three_subnets_per_zone_lie_inside_the_vpc_and_apart(cidr: str, count: int) -> None:
    plan = plan_subnets(cidr, ZONES[:count])
    subnets = all_cidrs(plan)
    assert [zone.zone for zone in plan] == ZONES[:count]
    assert len(subnets) == 3 * count
    assert all(subnet.subnet_of(IPv4Network(cidr)) for subnet in subnets)
    assert not any(a.overlaps(b) for a, b in combinations(subnets, 2))


@given(cidr=private_cidrs())
def test_a_third_zone_moves_no_address(cidr: str) -> None:
    assert plan_subnets(cidr, ZONES)[:2] == plan_subnets(cidr, ZONES[:2])


@given(cidr=private_cidrs())
def test_every_subnet_has_room_for_what_lives_in_it(cidr: str) -> None:
    vpc = IPv4Network(cidr)
    for zone in plan_subnets(cidr, ZONES):
        assert IPv4Network(zone.private).num_addresses == vpc.num_addresses // 4
        # AWS load balancers want a /27.
        assert IPv4Network(zone.public).prefixlen <= 27


def test_the_plan_of_a_usual_vpc() -> None:
    assert plan_subnets("10.10.0.0/16", ZONES) == (
        ZoneSubnets("eu-west-1a", "10.10.0.0/18", "10.10.192.0/22", "10.10.208.0/22"),
        ZoneSubnets("eu-west-1b", "10.10.64.0/18", "10.10.196.0/22", "10.10.212.0/22"),
        ZoneSubnets("eu-west-1c", "10.10.128.0/18", "10.10.200.0/22", "10.10.216.0/22"),
    )


@pytest.mark.parametrize(
    ("cidr", "message"),
    [
        ("10.0.0.0/22", "10.0.0.0/22 is too small; choose a prefix from /16 .* to /21"),
        ("10.0.0.0/8", "10.0.0.0/8 is too large"),
        ("8.8.0.0/16", "8.8.0.0/16 is not private; choose a range inside one of 10.0.0.0/8"),
        ("172.32.0.0/16", "is not private"),
        ("10.0.0.1/16", "did you mean 10.0.0.0/16"),
        ("10.0.0.0/255.255.0.0", "did you mean 10.0.0.0/16"),
        ("10.0.0.0", "did you mean 10.0.0.0/32"),
        ("fd00::/48", "'fd00::/48' is not an IPv4 range; write one like 10.0.0.0/16"),
        ("CHANGEME", "'CHANGEME' is not an IPv4 range"),
        ("", "'' is not an IPv4 range"),
    ],
)
def test_a_bad_range_is_refused_with_the_way_out(cidr: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plan_subnets(cidr, ZONES)


@pytest.mark.parametrize(
    ("zones", "message"),
    [
        ([], "0 availability zones were given \\(none\\); give 2 or 3"),
        (["a"], "1 availability zones were given \\(a\\)"),
        (["a", "b", "c", "d"], "4 availability zones were given"),
        (["a", "a"], "named twice in a, a"),
    ],
)
def test_bad_zones_are_refused(zones: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plan_subnets("10.0.0.0/16", zones)


@given(text=st.text(max_size=30).filter(lambda text: "/" not in text))
def test_any_other_text_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^network CIDR "):
        plan_subnets(text, ZONES)
