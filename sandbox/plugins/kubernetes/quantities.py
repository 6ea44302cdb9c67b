"""Resource quantities: the server writes `0.5` as `500m` and `1024Mi` as `1Gi`."""

import re
from decimal import Decimal
from typing import Any

_SUFFIXES = {
    "": Decimal(1),
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    **{suffix: Decimal(1000) ** power for power, suffix in enumerate("kMGTPE", start=1)},
    **{f"{suffix}i": Decimal(1024) ** power for power, suffix in enumerate("KMGTPE", start=1)},
}
_QUANTITY = re.compile(r"([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)([numkMGTPE]?|[KMGTPE]i)")


def quantity(value: Any) -> Decimal | None:
    """Return the amount that a value stands for; None if it is no quantity."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    match = _QUANTITY.fullmatch(str(value))
    return Decimal(match[1]) * _SUFFIXES[match[2]] if match else None


def same_meaning(one: Any, other: Any) -> bool:
    """Say whether the server takes both for the same value."""
    if one == other and isinstance(one, bool) == isinstance(other, bool):
        return True
    amount = quantity(one)
    return amount is not None and amount == quantity(other)
