"""Which private address range is free beside the ones that are taken."""

from collections.abc import Collection, Iterator
from ipaddress import IPv4Network

PRIVATE_RANGES = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))

CLUSTER_RANGES = tuple(map(IPv4Network, ("10.100.0.0/16", "172.20.0.0/16")))
"""EKS gives the services of a cluster addresses of one of these, so no pod would reach a network
that lies there. Source: Amazon EKS API reference, KubernetesNetworkConfigRequest."""


def next_free(wanted: IPv4Network, taken: Collection[IPv4Network]) -> IPv4Network | None:
    """Return the first private block as large as `wanted` that overlaps nothing taken.

    The search begins at `wanted`, so that a neighbour is proposed where one is free, and after the
    last private address goes on from the first. None if no block is free.
    """
    blocked = (*CLUSTER_RANGES, *taken)
    size = wanted.num_addresses
    for first, end in _spans(wanted):
        address = first
        while address + size <= end:
            block = IPv4Network((address, wanted.prefixlen))
            in_the_way = [each for each in blocked if each.overlaps(block)]
            if not in_the_way:
                return block
            address = -(-max(map(_end, in_the_way)) // size) * size  # rounded up to a whole block
    return None


def _spans(wanted: IPv4Network) -> Iterator[tuple[int, int]]:
    """Yield the first address of each span to search and the one behind its last, in order."""
    start = int(wanted.network_address)
    yield from ((max(start, int(each[0])), _end(each)) for each in PRIVATE_RANGES)
    yield from ((int(each[0]), _end(each)) for each in PRIVATE_RANGES)


def _end(network: IPv4Network) -> int:
    """Return the address behind the last one."""
    return int(network.broadcast_address) + 1
