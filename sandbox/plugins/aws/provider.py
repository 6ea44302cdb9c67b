"""The engine's `ResourceProvider` service for AWS: calls are translated and go to the bridge."""
# ruff: noqa: N802  the protocol names the methods

from typing import TYPE_CHECKING, Any

from sandbox.plugins import protocol
from sandbox.plugins.aws import wire
from sandbox.plugins.aws.autonaming import DEFAULTS, automatic_name
from sandbox.plugins.aws.differences import DELETE_BEFORE_REPLACE, UNSUPPORTED_BUT_HARMLESS
from sandbox.plugins.aws.forgetful import NEVER_CHANGED, completed, forgive_forgotten, remembered
from sandbox.plugins.aws.messages import answering, failures, naming_proposal, translated_diff
from sandbox.plugins.aws.settings import ProviderSettings
from sandbox.plugins.aws.tokens import urn_with_type
from sandbox.plugins.aws.translation import Losses
from sandbox.plugins.aws.vocabulary import REGION, Entry

if TYPE_CHECKING:
    from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
else:
    provider_pb2, provider_pb2_grpc = protocol("provider_pb2", "provider_pb2_grpc")


class AwsProvider(ProviderSettings):
    """Answers the engine in the SDK's names, and asks the bridge in Terraform's."""

    @answering
    def Check(self, request: Any, _context: Any) -> Any:
        """Validate inputs and add the automatic name."""
        entry, losses = self._about(request), Losses()
        olds = entry.to_bridge(wire.decoded(request.olds))
        news = entry.to_bridge(wire.decoded(request.news), losses)
        self._forgive(entry, losses)
        if losses.values:
            return provider_pb2.CheckResponse(failures=failures(losses))
        named = automatic_name(
            entry.match.terraform_name,
            request.urn.split("::", 3)[3],
            seed=request.randomSeed,
            olds=olds,
            news=news,
            proposal=naming_proposal(request),
        )
        request.olds.CopyFrom(wire.encoded(olds))
        request.news.CopyFrom(wire.encoded({**news, **dict([named] if named else [])}))
        answer = self._stub.Check(request)
        inputs = wire.decoded(answer.inputs)
        if named and named[0] in inputs:
            inputs[DEFAULTS] = sorted({*inputs.get(DEFAULTS, []), named[0]})
        answer.inputs.CopyFrom(wire.encoded(entry.to_sdk(inputs)))
        for failure in answer.failures:
            failure.property = entry.path_to_sdk(failure.property)
        return answer

    @answering
    def Diff(self, request: Any, _context: Any) -> Any:
        """Compare a resource with its new inputs."""
        entry = self._about(request)
        self._translate(entry, request, "olds", "news", "old_inputs")
        answer = self._stub.Diff(request)
        forgive_forgotten(entry.match, request, answer)
        answer = translated_diff(entry, answer)
        if entry.match.sdk_token in DELETE_BEFORE_REPLACE:
            answer.deleteBeforeReplace = True
        return answer

    @answering
    def Create(self, request: Any, _context: Any) -> Any:
        """Create a resource."""
        entry = self._about(request)
        self._translate(entry, request, "properties")
        return self._results(entry, self._stub.Create(request), wire.decoded(request.properties))

    @answering
    def Read(self, request: Any, _context: Any) -> Any:
        """Read a resource as it is."""
        entry = self._about(request)
        self._translate(entry, request, "properties", "inputs")
        answer = self._stub.Read(request)
        before = wire.decoded(request.inputs)
        inputs = remembered(entry.match, before, wire.decoded(answer.inputs))
        answer.inputs.CopyFrom(wire.encoded(entry.to_sdk(inputs)))
        return self._results(entry, answer, before)

    @answering
    def Update(self, request: Any, _context: Any) -> Any:
        """Change a resource."""
        urn, entry = request.urn, self._about(request)
        self._translate(entry, request, "olds", "news", "old_inputs")
        inputs = wire.decoded(request.news)
        if request.preview or entry.match.terraform_name not in NEVER_CHANGED:
            return self._results(entry, self._stub.Update(request), inputs)
        self._log.tell(urn, "no emulator can change this; the state of this sandbox records it")
        unchanged = provider_pb2.UpdateResponse(properties=request.olds)
        return self._results(entry, unchanged, inputs)

    @answering
    def Delete(self, request: Any, _context: Any) -> Any:
        """Delete a resource."""
        entry = self._about(request)
        self._translate(entry, request, "properties", "old_inputs")
        return self._stub.Delete(request)

    @answering
    def Invoke(self, request: Any, _context: Any) -> Any:
        """Call a function, which is a data source in Terraform."""
        entry = self._vocabulary.function(request.tok)
        request.tok = entry.match.bridge_token
        request.args.CopyFrom(entry.struct_to_bridge(request.args))
        answer = self._stub.Invoke(request)
        results = entry.to_sdk(wire.decoded(getattr(answer, "return")))
        getattr(answer, "return").CopyFrom(wire.encoded(self._with_region(entry, results)))
        for failure in answer.failures:
            failure.property = entry.path_to_sdk(failure.property)
        return answer

    def _about(self, request: Any) -> Entry:
        """Find the resource's entry, and let the request speak of the bridge's type."""
        types = request.urn.split("::", 3)[2]
        entry = self._vocabulary.resource(types.rpartition("$")[2])
        bridge_urn = urn_with_type(request.urn, entry.match.bridge_token)
        self._log.rename(bridge_urn, request.urn)
        request.urn = bridge_urn
        request.type = entry.match.bridge_token
        return entry

    def _translate(self, entry: Entry, request: Any, *fields: str) -> None:
        for name in fields:
            if request.HasField(name):
                properties = getattr(request, name)
                properties.CopyFrom(entry.struct_to_bridge(properties))
        ignored = getattr(request, "ignoreChanges", [])
        ignored[:] = [entry.path_to_bridge(path) for path in ignored]

    def _results(self, entry: Entry, answer: Any, inputs: wire.Properties) -> Any:
        state = wire.decoded(answer.properties)
        if state:
            shown = completed(entry.match, inputs, state)
            results = self._with_region(entry, entry.state_to_sdk(state, shown))
            answer.properties.CopyFrom(wire.encoded(results))
        return answer

    def _with_region(self, entry: Entry, results: wire.Properties) -> wire.Properties:
        return {REGION: self._region, **results} if entry.has_region else results

    def _forgive(self, entry: Entry, losses: Losses) -> None:
        """Drop the losses that change nothing here."""
        for name in UNSUPPORTED_BUT_HARMLESS.get(entry.match.sdk_token, ()):
            losses.values.pop(name, None)
        if wire.unwrapped(losses.values.get(REGION)) == self._region:
            losses.values.pop(REGION)


def register(provider: AwsProvider, server: Any) -> None:
    """Add the service to a server."""
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
