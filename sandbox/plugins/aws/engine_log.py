"""The bridge's messages for the user, on their way to the engine.

The bridge names resources as it knows them; shown like that they would stand under a resource that
is in no program.
"""
# ruff: noqa: N802  the protocol names the methods

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2  # type: ignore[import-untyped]

from sandbox.plugins import protocol

if TYPE_CHECKING:
    from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc
else:
    engine_pb2, engine_pb2_grpc = protocol("engine_pb2", "engine_pb2_grpc")


class EngineLog(engine_pb2_grpc.EngineServicer):
    """Stands in for the engine's log, and passes every message on under the program's URN."""

    def __init__(self, engine_address: str) -> None:
        """Start to listen at `address`."""
        self._engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(engine_address))
        self._urns: dict[str, str] = {}
        self._server = grpc.server(ThreadPoolExecutor(max_workers=4))
        engine_pb2_grpc.add_EngineServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def rename(self, bridge_urn: str, urn: str) -> None:
        """Remember what the program calls a resource."""
        self._urns[bridge_urn] = urn

    def tell(self, urn: str, message: str) -> None:
        """Show the user a line about a resource."""
        line = engine_pb2.LogRequest(severity=engine_pb2.INFO, message=message, urn=urn)
        self._engine.Log(line)

    def Log(self, request: Any, _context: Any) -> empty_pb2.Empty:
        """Pass a message on; one that comes after the engine stopped listening is lost."""
        request.urn = self._urns.get(request.urn, request.urn)
        try:
            self._engine.Log(request)
        except grpc.RpcError:
            return empty_pb2.Empty()
        return empty_pb2.Empty()
