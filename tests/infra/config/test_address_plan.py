"""A proposed address range is private, free, and always the same one."""

from collections.abc import Collection
from ipaddress import IPv4Network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from infra.config.address_plan import CLUSTER_RANGES, PRIVATE_RANGES, next_free

PREFIXES = st.integers(16, 21)


@st.composite
def private_networks(draw: st.DrawFn) -> IPv4Network:
    """Networks as `network.cidr` takes them."""
    around = draw(st.sampled_from(PRIVATE_RANGES))
    prefix = draw(PREFIXES)
    size = 2 ** (32 - prefix)
    block = draw(st.integers(0, around.num_addresses // size - 1))
    return IPv4Network((int(around.network_address) + block * size, prefix))


def networks(*texts: str) -> list[IPv4Network]:
    return [IPv4Network(text) for text in texts]


@given(private_networks(), st.lists(private_networks() | st.sampled_from(PRIVATE_RANGES)))
@example(IPv4Network("192.168.248.0/21"), networks("192.168.240.0/20", "10.0.0.0/8"))
def test_what_is_proposed_is_free_private_and_as_large(
    wanted: IPv4Network, taken: list[IPv4Network]
) -> None:
    free = next_free(wanted, taken)
    assert next_free(wanted, sorted(set(taken), reverse=True)) == free, "the same in any order"
    if free is None:
        assert all(IPv4Network(each) in taken for each in PRIVATE_RANGES[:2])
        return
    assert free.prefixlen == wanted.prefixlen
    assert not any(free.overlaps(each) for each in (*taken, *CLUSTER_RANGES))
    assert any(free.subnet_of(private) for private in PRIVATE_RANGES)


@given(private_networks())
def test_what_is_free_itself_is_proposed(wanted: IPv4Network) -> None:
    if not any(wanted.overlaps(each) for each in CLUSTER_RANGES):
        assert next_free(wanted, ()) == wanted


@given(st.lists(private_networks(), min_size=2, max_size=8))
def test_whoever_follows_every_proposal_ends_without_overlap(wanted: list[IPv4Network]) -> None:
    planned: list[IPv4Network] = []
    for each in wanted:
        free = next_free(each, planned)
        assert free
        planned.append(free)
    assert not any(one.overlaps(other) for at, one in enumerate(planned) for other in planned[:at])


@pytest.mark.parametrize(
    ("wanted", "taken", "free"),
    [
        ("10.10.0.0/16", ["10.10.0.0/16"], "10.11.0.0/16"),
        ("10.10.0.0/16", ["10.10.0.0/16", "10.11.8.0/21"], "10.12.0.0/16"),
        ("10.10.0.0/21", ["10.10.4.0/22"], "10.10.8.0/21"),
        # EKS keeps 10.100.0.0/16 for the services of clusters.
        ("10.99.0.0/16", ["10.99.0.0/16"], "10.101.0.0/16"),
        ("10.255.0.0/16", ["10.255.0.0/16"], "172.16.0.0/16"),
        ("192.168.0.0/16", ["192.168.0.0/16"], "10.0.0.0/16"),
    ],
)
def test_the_search_goes_up_and_then_on_from_the_start(
    wanted: str, taken: Collection[str], free: str
) -> None:
    assert next_free(IPv4Network(wanted), networks(*taken)) == IPv4Network(free)


def test_where_nothing_is_left_there_is_none() -> None:
    wanted = IPv4Network("10.10.0.0/16")
    full = [*PRIVATE_RANGES[:2], IPv4Network("192.168.255.0/24")]
    assert next_free(wanted, full) is None
    assert next_free(IPv4Network("10.10.0.0/17"), full) == IPv4Network("192.168.0.0/17")
