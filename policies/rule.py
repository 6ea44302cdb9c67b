"""What a rule is, and how it reads properties that may not be known yet.

A rule never meets the engine's wrapper, which raises when an unknown value is read: the SDK would
then turn a mandatory rule into an advisory one, and a rule for the whole stack would stop at the
first unknown value of any resource.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pulumi_policy.proxy import UnknownValueError


class Severity(StrEnum):
    """How bad a violation is."""

    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True)
class Resource:
    """One resource as a rule sees it."""

    type: str
    name: str
    urn: str
    props: Mapping[str, Any]
    """Inputs, camel case; UNKNOWN where only deployment will tell."""
    protect: bool = False
    references: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For each property, the URNs its value comes from: known even where the value is not."""
    provider_name: str = ""


@dataclass(frozen=True)
class ResourceRule:
    """Judges resources one by one."""

    id: str
    """`<area>-<assertion>`: stable, referred to by exemptions."""
    title: str
    """What holds when the rule is kept."""
    fix: str
    """What to do about a violation."""
    severity: Severity
    types: tuple[str, ...]
    """Type tokens the rule applies to; one ending in `:` or `/` stands for all below it."""
    check: Callable[[Resource], Iterator[str]]
    """Yields one message for each violation."""

    def applies_to(self, resource: Resource) -> bool:
        """Whether the rule has a say on this resource."""
        return any(
            resource.type.startswith(t) if t[-1] in ":/" else resource.type == t for t in self.types
        )


@dataclass(frozen=True)
class StackRule:
    """Judges what only shows in the whole stack, such as a missing companion resource."""

    id: str
    title: str
    fix: str
    severity: Severity
    check: Callable[[Sequence[Resource]], Iterator[tuple[str, str]]]
    """Yields URN and message for each violation."""


Rule = ResourceRule | StackRule


class _Unknown:
    """The value of a property that only deployment will tell."""

    def __bool__(self) -> bool:
        message = "an unknown value is neither true nor false; compare with UNKNOWN first"
        raise TypeError(message)


UNKNOWN = _Unknown()


def plain(value: Any) -> Any:
    """Properties as plain data, with UNKNOWN where the engine's wrapper would raise."""
    if isinstance(value, Mapping):
        return {key: _known(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_known(value, index) for index in range(len(value))]
    return value


def _known(container: Any, key: Any) -> Any:
    try:
        return plain(container[key])
    except UnknownValueError:
        return UNKNOWN


def read(props: Any, *path: str | int, default: Any = None) -> Any:
    """Value at `path`, `default` where there is none, UNKNOWN where only deployment will tell."""
    value = props
    for step in path:
        if value is UNKNOWN:
            return UNKNOWN
        if isinstance(step, int):
            if not isinstance(value, Sequence) or len(value) <= step:
                return default
        elif not isinstance(value, Mapping) or step not in value:
            return default
        value = value[step]
    return default if value is None else value


def differs(props: Any, *path: str | int, wanted: Any) -> bool:
    """Whether the value at `path` is known and not `wanted`."""
    value = read(props, *path)
    return value is not UNKNOWN and value != wanted


def missing(props: Any, *path: str | int) -> bool:
    """Whether it is known that `path` has no value, or an empty one."""
    value = read(props, *path)
    return value is not UNKNOWN and value in (None, "", [], {})


def companions(
    resources: Sequence[Resource], of: Resource, *, type_token: str, via: str
) -> list[Resource]:
    """Resources of one type whose property `via` takes its value from `of`."""
    return [
        other
        for other in resources
        if other.type == type_token and of.urn in other.references.get(via, frozenset())
    ]
