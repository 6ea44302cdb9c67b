"""Which property of the bridge is meant by which property of the SDK."""

from collections.abc import Iterator, Mapping

from sandbox.plugins.aws.differences import PROPERTIES
from sandbox.plugins.aws.names import meaning
from sandbox.plugins.aws.shapes import Objects

# The SDK drops these where a property can also take the resource itself (`topicArn` -> `topic`).
_REFERENCE_SUFFIXES = ("Arn", "Id", "Name")


class Alignment:
    """Pairs of property names, for every pair of object types that meet."""

    def __init__(self, sdk: Objects, bridge: Objects) -> None:
        """Align two object tables; they may still grow."""
        self._sdk = sdk
        self._bridge = bridge
        self._pairs: dict[tuple[str, str], dict[str, str]] = {}
        self._inverse: dict[tuple[str, str], dict[str, str]] = {}

    def to_bridge(self, sdk_label: str, bridge_label: str) -> Mapping[str, str]:
        """SDK property -> bridge property."""
        key = (sdk_label, bridge_label)
        if key not in self._pairs:
            renamed = PROPERTIES.get(sdk_label, {})
            pairs = _pairs(self._sdk[sdk_label], self._bridge[bridge_label], renamed)
            self._pairs[key] = dict(pairs)
        return self._pairs[key]

    def to_sdk(self, bridge_label: str, sdk_label: str) -> Mapping[str, str]:
        """Bridge property -> SDK property."""
        key = (bridge_label, sdk_label)
        if key not in self._inverse:
            pairs = self.to_bridge(sdk_label, bridge_label)
            self._inverse[key] = {bridge: sdk for sdk, bridge in pairs.items()}
        return self._inverse[key]


def _pairs(
    sdk: Mapping[str, str], bridge: Mapping[str, str], renamed: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Pair each name once: as the table says, else the same, else of one meaning, else shorter."""
    yield from renamed.items()
    free = {name: None for name in bridge if name not in renamed.values()}
    left = {name: None for name in sdk if name not in renamed}
    for name in [name for name in left if name in free]:
        yield name, name
        del left[name], free[name]

    by_meaning = {meaning(name): name for name in free}
    for name in list(left):
        candidates = [by_meaning.get(meaning(name)), *(name + end for end in _REFERENCE_SUFFIXES)]
        found = next((other for other in candidates if other in free), None)
        if found is not None:
            yield name, found
            del left[name], free[found]
