"""Memory and connections of RDS instance classes, told from their names."""

import re

BYTES_PER_GIB = 2**30
# PostgreSQL on RDS: one connection for this much memory, and never more than the cap.
BYTES_PER_CONNECTION = 9_531_392
CONNECTIONS_CAP = 5000

_BURSTABLE_GIB = {
    "micro": 1,
    "small": 2,
    "medium": 4,
    "large": 8,
    "xlarge": 16,
    "2xlarge": 32,
}
# GiB of an instance of size `large`, by the letter of its family.
_LARGE_GIB = {"m": 8, "r": 16}
_CLASS = re.compile(r"db\.(?P<family>[a-z])\w*\.(?P<size>\w+)")
_SIZE = re.compile(r"(?P<count>\d*)xlarge")


def memory_bytes(instance_class: str) -> int:
    """Memory of an instance class; ValueError for a class whose size is not known."""
    found = _CLASS.fullmatch(instance_class)
    gib = _memory_gib(found["family"], found["size"]) if found else None
    if gib is None:
        raise ValueError(
            f"the memory of database instance class {instance_class!r} is not known; choose one "
            "of the families t, m or r, such as db.t4g.medium, db.m7g.large or db.r7g.2xlarge"
        )
    return gib * BYTES_PER_GIB


def nominal_connections(instance_class: str) -> int:
    """Count the connections PostgreSQL would accept if it had the class's whole memory.

    RDS keeps a part for itself, more than a quarter of the smallest classes, so the real limit
    lies below this number.
    """
    return min(memory_bytes(instance_class) // BYTES_PER_CONNECTION, CONNECTIONS_CAP)


def _memory_gib(family: str, size: str) -> int | None:
    if family == "t":
        return _BURSTABLE_GIB.get(size)
    large = _LARGE_GIB.get(family)
    if large is None or size == "large":
        return large
    sized = _SIZE.fullmatch(size)
    return large * 2 * int(sized["count"] or 1) if sized else None
