"""The part of the service that is about the provider, not about resources."""
# ruff: noqa: N802  the protocol names the methods

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from google.protobuf import empty_pb2  # type: ignore[import-untyped]

from sandbox.plugins import protocol
from sandbox.plugins.aws import wire
from sandbox.plugins.aws.bridge import Bridge
from sandbox.plugins.aws.engine_log import EngineLog
from sandbox.plugins.aws.messages import answering, failures, translated_diff
from sandbox.plugins.aws.sdk_schema import SDK_VERSION, SdkSchema
from sandbox.plugins.aws.translation import Losses
from sandbox.plugins.aws.vocabulary import REGION, Entry, Vocabulary, folded, unfolded

if TYPE_CHECKING:
    from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc
else:
    plugin_pb2, provider_pb2, provider_pb2_grpc = protocol(
        "plugin_pb2", "provider_pb2", "provider_pb2_grpc"
    )


class ProviderSettings(provider_pb2_grpc.ResourceProviderServicer):
    """Knows the bridge, and hands it the provider's settings."""

    def __init__(self, bridge: "Future[Bridge]", sdk: SdkSchema, log: EngineLog) -> None:
        """Serve at once; the first call that needs the bridge waits for it."""
        self._bridge = bridge
        self._sdk = sdk
        self._words: Vocabulary | None = None
        self._log = log
        self._region = ""

    def GetPluginInfo(self, _request: Any, _context: Any) -> "plugin_pb2.PluginInfo":
        """Say which version of the official plug-in this stands for."""
        return plugin_pb2.PluginInfo(version=SDK_VERSION)

    def GetSchema(self, _request: Any, _context: Any) -> "provider_pb2.GetSchemaResponse":
        """Name the package; programs in Python need no more."""
        text = f'{{"name": "aws", "version": "{SDK_VERSION}"}}'
        return provider_pb2.GetSchemaResponse(schema=text)

    def Attach(self, _request: Any, _context: Any) -> empty_pb2.Empty:
        """Accept another engine."""
        return empty_pb2.Empty()

    @answering
    def Cancel(self, request: Any, _context: Any) -> Any:
        """Let the bridge give up what it is doing."""
        return self._stub.Cancel(request)

    @answering
    def CheckConfig(self, request: Any, _context: Any) -> "provider_pb2.CheckResponse":
        """Accept settings that Terraform knows.

        The Terraform provider takes three seconds to validate its settings; those of a sandbox
        are always the same, and what is wrong in them comes to light in `Configure`.
        """
        losses = Losses()
        self._settings(self._vocabulary.provider(), request.news, losses)
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures(losses))

    @answering
    def DiffConfig(self, request: Any, _context: Any) -> Any:
        """Compare settings."""
        entry = self._vocabulary.provider()
        for properties in (request.olds, request.news, request.old_inputs):
            properties.CopyFrom(self._settings(entry, properties))
        return translated_diff(entry, self._stub.DiffConfig(request))

    @answering
    def Configure(self, request: Any, _context: Any) -> Any:
        """Hand over the settings."""
        entry = self._vocabulary.provider()
        request.args.CopyFrom(self._settings(entry, request.args))
        request.variables.clear()
        self._region = str(wire.unwrapped(wire.decoded(request.args).get(REGION, "")))
        answer = self._stub.Configure(request)
        # Where the SDK takes a resource in place of its name, the engine then sends the name.
        answer.acceptResources = False
        return answer

    @property
    def _stub(self) -> Any:
        return self._bridge.result().stub

    @property
    def _vocabulary(self) -> Vocabulary:
        if self._words is None:
            self._words = Vocabulary(self._sdk, self._bridge.result().schema)
        return self._words

    def _settings(self, entry: Entry, struct: Any, losses: Losses | None = None) -> Any:
        settings = unfolded(entry, wire.decoded(struct))
        return wire.encoded(folded(entry.to_bridge(settings, losses)))
