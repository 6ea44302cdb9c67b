"""Everything needed to speak of one resource type, function or the provider on both sides."""

import json
import threading
from dataclasses import dataclass
from typing import Any

from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]

from sandbox.plugins.aws import exactness, paths, shapes, wire
from sandbox.plugins.aws.differences import COPIES
from sandbox.plugins.aws.sdk_schema import PROVIDER_TOKEN, SdkSchema
from sandbox.plugins.aws.shapes import Shape
from sandbox.plugins.aws.terraform_schema import TerraformSchema
from sandbox.plugins.aws.tokens import Match, Tokens, unknown_type
from sandbox.plugins.aws.translation import Direction, Losses, directions

REGION = "region"


@dataclass(frozen=True)
class Entry:
    """One thing under both names, with both shapes."""

    match: Match
    sdk: Shape
    bridge: Shape
    inward: Direction
    outward: Direction

    def to_bridge(
        self, properties: wire.Properties, losses: Losses | None = None
    ) -> wire.Properties:
        """Translate what the engine sent: inputs, or a state that the bridge gave before."""
        properties = dict(properties)
        inexact = properties.pop(exactness.HIDDEN, {})
        result = self.inward.properties(properties, self.sdk, self.bridge, losses)
        return exactness.restored(result, inexact)

    def to_sdk(self, properties: wire.Properties) -> wire.Properties:
        """Translate what the bridge answered."""
        result = self.outward.properties(properties, self.bridge, self.sdk)
        for missing, present in COPIES.get(self.match.sdk_token, {}).items():
            if present in result:
                result.setdefault(missing, result[present])
        return result

    def state_to_sdk(
        self, state: wire.Properties, shown: wire.Properties | None = None
    ) -> wire.Properties:
        """Translate a state so that `to_bridge` gives exactly the same again.

        `shown` is what the program sees of it, if that is more than the bridge knows.
        """
        result = self.to_sdk(state if shown is None else shown)
        inexact = exactness.differences(state, self.to_bridge(result))
        return {**result, exactness.HIDDEN: inexact} if inexact else result

    def struct_to_bridge(self, struct: Struct) -> Struct:
        """Translate a message's properties for the bridge."""
        return wire.encoded(self.to_bridge(wire.decoded(struct)))

    def path_to_bridge(self, path: str) -> str:
        """Translate a property path for the bridge."""
        return paths.render(self.inward.path(paths.parse(path), self.sdk, self.bridge))

    def path_to_sdk(self, path: str) -> str:
        """Translate a property path of the bridge's answer."""
        return paths.render(self.outward.path(paths.parse(path), self.bridge, self.sdk))

    @property
    def has_region(self) -> bool:
        """Whether only the SDK's side has a region: the newer provider has it on everything."""
        sdk = self.inward.source[shapes.label_of(self.sdk)]
        bridge = self.inward.target[shapes.label_of(self.bridge)]
        return REGION in sdk and REGION not in bridge


class Vocabulary:
    """Entries by type token, made when first asked for."""

    def __init__(self, sdk: SdkSchema, terraform: TerraformSchema) -> None:
        """Join both sides."""
        self._sdk = sdk
        self._terraform = terraform
        self._tokens = Tokens(terraform)
        self._directions = directions(sdk.objects, terraform.objects)
        self._entries: dict[str, Entry] = {}
        self._lock = threading.Lock()  # requests come in parallel, schemas are read once

    def resource(self, token: str) -> Entry:
        """Entry of a resource type; raises `UnknownTypeError` if one side lacks it."""
        return self._entry(token, is_function=False)

    def function(self, token: str) -> Entry:
        """Entry of a provider function; raises `UnknownTypeError` if one side lacks it."""
        return self._entry(token, is_function=True)

    def provider(self) -> Entry:
        """Entry of the provider's own settings."""
        with self._lock:
            match = Match(PROVIDER_TOKEN, PROVIDER_TOKEN, "aws")
            shape = self._sdk.shape(PROVIDER_TOKEN)
            return Entry(match, shape, self._terraform.provider(), *self._directions)

    def _entry(self, token: str, *, is_function: bool) -> Entry:
        with self._lock:
            if token not in self._entries:
                if is_function:
                    match = self._tokens.function(token)
                    bridge = self._terraform.function(match.terraform_name)
                else:
                    match = self._tokens.resource(token)
                    bridge = self._terraform.resource(match.terraform_name)
                try:
                    sdk = self._sdk.shape(token)
                except KeyError:
                    raise unknown_type(token) from None
                self._entries[token] = Entry(match, sdk, bridge, *self._directions)
            return self._entries[token]


def unfolded(entry: Entry, properties: wire.Properties) -> wire.Properties:
    """Read provider settings, whose nested values travel as JSON text."""
    kinds = entry.inward.source[shapes.label_of(entry.sdk)]
    return {name: _unfold(value, kinds.get(name, "string")) for name, value in properties.items()}


def folded(properties: wire.Properties) -> wire.Properties:
    """Write provider settings: everything but text becomes JSON text."""
    return {
        name: _fold(value) if not name.startswith("__") else value
        for name, value in properties.items()
    }


def _unfold(value: Any, shape: Shape) -> Any:
    if wire.is_wrapper(value):
        return wire.rewrapped(value, lambda inner: _unfold(inner, shape))
    if not isinstance(value, str) or shape == "string" or wire.is_unknown(value):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _fold(value: Any) -> Any:
    if wire.is_wrapper(value):
        return wire.rewrapped(value, _fold)
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)
