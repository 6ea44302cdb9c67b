"""A bridge that answers from memory and writes down what it was asked, one JSON line per call."""
# ruff: noqa: N802  the protocol names the methods

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]

from sandbox.plugins import protocol
from sandbox.plugins.aws import wire
from tests.sandbox.plugins.aws.sample_schema import mapping

if TYPE_CHECKING:
    from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2, provider_pb2_grpc
else:
    engine_pb2, engine_pb2_grpc, provider_pb2, provider_pb2_grpc = protocol(
        "engine_pb2", "engine_pb2_grpc", "provider_pb2", "provider_pb2_grpc"
    )


class FakeBridge(provider_pb2_grpc.ResourceProviderServicer):
    """What the plug-in takes for the Terraform bridge."""

    def __init__(self, journal: Path, engine_address: str) -> None:
        self.journal = journal
        self.engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(engine_address))

    def note(self, method: str, request: Any) -> None:
        with self.journal.open("a") as file:
            file.write(json.dumps({"method": method, **MessageToDict(request)}) + "\n")

    def Parameterize(self, request: Any, context: Any) -> "provider_pb2.ParameterizeResponse":
        self.note("Parameterize", request)
        return provider_pb2.ParameterizeResponse(name="aws", version="0.0.0")

    def GetMapping(self, request: Any, context: Any) -> "provider_pb2.GetMappingResponse":
        self.note("GetMapping", request)
        return provider_pb2.GetMappingResponse(provider="aws", data=json.dumps(mapping()).encode())

    def Configure(self, request: Any, context: Any) -> "provider_pb2.ConfigureResponse":
        self.note("Configure", request)
        return provider_pb2.ConfigureResponse(supportsPreview=True, acceptResources=True)

    def Check(self, request: Any, context: Any) -> "provider_pb2.CheckResponse":
        self.note("Check", request)
        inputs = {**wire.decoded(request.news), "__defaults": []}
        failures = []
        if inputs.get("bucket") == "Not Allowed":
            failures = [provider_pb2.CheckFailure(property="rules[0].filters[0]", reason="why")]
        return provider_pb2.CheckResponse(inputs=wire.encoded(inputs), failures=failures)

    def Diff(self, request: Any, context: Any) -> "provider_pb2.DiffResponse":
        self.note("Diff", request)
        kind = provider_pb2.PropertyDiff(kind=provider_pb2.PropertyDiff.UPDATE_REPLACE)
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME,
            diffs=["alarmName"],
            replaces=["alarmName"],
            detailedDiff={"alarmName": kind},
            hasDetailedDiff=True,
        )

    def Create(self, request: Any, context: Any) -> "provider_pb2.CreateResponse":
        self.note("Create", request)
        self.engine.Log(engine_pb2.LogRequest(message="creating", urn=request.urn))
        properties = wire.decoded(request.properties)
        if properties.get("bucket") == "taken":
            context.abort(grpc.StatusCode.ALREADY_EXISTS, "the name is taken")
        arn = wire.secret("arn") if not request.preview else "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
        return provider_pb2.CreateResponse(
            id="" if request.preview else "id-1",
            properties=wire.encoded({**properties, "arn": arn}),
        )

    def Read(self, request: Any, context: Any) -> "provider_pb2.ReadResponse":
        self.note("Read", request)
        return provider_pb2.ReadResponse(
            id=request.id, properties=request.properties, inputs=request.properties
        )

    def Update(self, request: Any, context: Any) -> "provider_pb2.UpdateResponse":
        self.note("Update", request)
        return provider_pb2.UpdateResponse(properties=request.news)

    def Delete(self, request: Any, context: Any) -> empty_pb2.Empty:
        self.note("Delete", request)
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> "provider_pb2.InvokeResponse":
        self.note("Invoke", request)
        answer = wire.encoded({"name": "eu-central-1", "accountId": "000000000000"})
        return provider_pb2.InvokeResponse(**{"return": answer})

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:
        self.note("Cancel", request)
        return empty_pb2.Empty()


def main() -> None:
    """Serve until killed."""
    journal, engine_address = Path(sys.argv[1]), sys.argv[2]
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(
        FakeBridge(journal, engine_address), server
    )
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    server.wait_for_termination()


if __name__ == "__main__":
    main()
