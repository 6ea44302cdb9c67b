"""What the stack files of one folder claim, and which of it cannot be true together.

Two files whose networks overlap are both refused, each as it is loaded, and with the same advice:
neither can tell which was there first. One correction clears both. Only a network that is known to
be deployed as its file says is left in peace, because it can no longer move.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from pydantic import TypeAdapter, ValidationError

from infra.config import profiles
from infra.config.address_plan import next_free
from infra.config.choices import Stage
from infra.config.document import REGION_KEY, Document, KeyPath
from infra.config.kinds import Kind, stage_named
from infra.config.layers import LayerName, Merged, merge
from infra.config.shapes import NetworkRange
from infra.config.superseded import is_brought

CIDR = ("network", "cidr")
PLATFORM = ("platform",)

_RANGE: TypeAdapter[str] = TypeAdapter(NetworkRange)


@dataclass(frozen=True)
class Claim:
    """What others need to know of one stack file."""

    stack: str
    region: str | None
    """None where the file does not tell."""
    region_place: str
    """File and line."""
    network: IPv4Network | None
    """None where the stack makes no network, or the file tells no valid range."""
    network_place: str
    """File and line: of the range, or of the block that leaves it out."""


def claims_of(documents: Mapping[str, Document], organisation: Document) -> tuple[Claim, ...]:
    """Return what every stack file claims; `documents` are the files by stack.

    A file that is wrong claims only what can be told nevertheless.
    """
    return tuple(_claim(stack, each, organisation) for stack, each in sorted(documents.items()))


def overlap(stack: str, merged: Merged, claims: Sequence[Claim]) -> Iterator[tuple[KeyPath, str]]:
    """Yield the finding that this stack's network overlaps networks of other files."""
    mine = _network_of(merged.values)
    if mine is None:
        return
    others = {each: each.network for each in claims if each.stack != stack and each.network}
    hit = [
        f"{network} of {other.stack} ({other.network_place})"
        for other, network in others.items()
        if network.overlaps(mine)
    ]
    if hit:
        # Nor is a range proposed that a later file could take without saying so.
        free = next_free(mine, [mine, *others.values(), *_stage_defaults()])
        range_ = (
            f"free range, such as {free}"
            if free
            else f"smaller range: no /{mine.prefixlen} is free"
        )
        yield (
            CIDR,
            f"is {mine}{_if_default(merged, CIDR)} and overlaps {' and '.join(hit)}; networks that "
            f"overlap cannot be peered, so give the one that is not deployed yet a {range_}",
        )


def unfit_platform(
    region: str, merged: Merged, claims: Sequence[Claim]
) -> Iterator[tuple[KeyPath, str]]:
    """Yield the finding that the platform of a shared environment is not here, or elsewhere.

    A platform that another project makes is none of these files' business.
    """
    platform, stage = merged.values.get("platform"), merged.values["stage"]
    if not isinstance(platform, str) or "/" in platform or not claims:
        return
    platforms = {
        each.stack: each
        for each in claims
        if each.stack.startswith("platform") and each.stack.endswith(f"-{stage}")
    }
    told = f"is {platform}{_if_default(merged, PLATFORM)}"
    found = platforms.get(platform)
    if found is None:
        advice = _other_platform(platform, list(platforms))
        yield PLATFORM, f"{told}, and no stack file here describes it; {advice}"
    elif found.region not in (region, None):
        near = ", ".join(each.stack for each in platforms.values() if each.region == region)
        alternative = f", or name a platform of {region}: {near}" if near else ""
        yield (
            PLATFORM,
            f"{told}, which is in {found.region} ({found.region_place}), but this stack is in "
            f"{region}; write aws:region: {found.region}{alternative}",
        )


def _claim(stack: str, given: Document, organisation: Document) -> Claim:
    region = given.config.get(REGION_KEY)
    return Claim(
        stack,
        region if isinstance(region, str) else None,
        given.place_of((REGION_KEY,)),
        _network(given, organisation),
        given.place_of((given.object_key, *CIDR)),
    )


def _network(given: Document, organisation: Document) -> IPv4Network | None:
    key = given.object_key
    told = [each.settings(key) for each in (given, organisation)]
    if not all(isinstance(each, dict) for each in told):
        return None
    if stage_named(given, organisation) not in list(Stage):
        return None
    return _network_of(merge(Kind.of(given, organisation).layers(given, organisation)).values)


def _network_of(values: Any) -> IPv4Network | None:
    """Return the network that these settings make, if they make one and its range is valid."""
    if is_brought(values, "network"):
        return None  # its range is known to AWS, and chosen by others
    block = values.get("network")
    try:
        return IPv4Network(_RANGE.validate_python(block["cidr"]))
    except (TypeError, KeyError, ValidationError):
        return None


def _stage_defaults() -> list[IPv4Network]:
    return [IPv4Network(profiles.profile(stage)["network"]["cidr"]) for stage in Stage]


def _if_default(merged: Merged, path: KeyPath) -> str:
    match merged.origins[path].layer:
        case LayerName.STACK:
            return ""
        case LayerName.ORGANISATION:
            return " (the organisation's default)"
    return f" (the default of {merged.values['stage']})"


def _other_platform(platform: str, platforms: Sequence[str]) -> str:
    """Return what to do about a platform that has no file."""
    if not platforms:
        return (
            f"write Pulumi.{platform}.yaml first, or name organization/project/{platform} if "
            "another project makes it"
        )
    close = difflib.get_close_matches(platform, platforms, n=1)
    meant = f"did you mean {close[0]}? " if close else ""
    return f"{meant}here: {', '.join(platforms)}"
