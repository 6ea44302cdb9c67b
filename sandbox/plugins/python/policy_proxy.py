"""Stands between the engine and a policy pack until the stack is known.

The engine tells a pack about its stack by a call to the running pack; packs in Python read it from
environment variables when they start. So this server takes the engine's first calls, and the pack
is started once they have said which stack it is about. All else is handed through as bytes.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc  # type: ignore[import-untyped]

from sandbox.plugins import MAX_MESSAGE_BYTES

SERVICE = "/pulumirpc.Analyzer/"
THREADS = 16
EMPTY = b""
"""Encoding of every message without a field set."""


class PolicyProxy(grpc.GenericRpcHandler):  # type: ignore[misc]
    """An analyzer that starts without its pack."""

    def __init__(self) -> None:
        self.stack: bytes | None = None
        """What the engine said about the stack, encoded; None where it has not."""
        self._configured = threading.Event()
        self._attached = threading.Event()
        self._channel: Any = None
        self._fault = ""
        self._server = grpc.server(ThreadPoolExecutor(max_workers=THREADS), options=_LIMITS)
        self._server.add_generic_rpc_handlers((self,))
        self.port: int = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def service(self, handler_call_details: Any) -> Any:
        """Answer gRPC's question what to do with a call."""
        method: str = handler_call_details.method
        own = {"Handshake": _acknowledge, "ConfigureStack": self._configure_stack}
        answer = own.get(method.removeprefix(SERVICE)) or self._forward(method)
        return grpc.unary_unary_rpc_method_handler(answer)

    def wait_for_stack(self, is_wanted: Callable[[], bool]) -> bool:
        """Wait until the pack can start; False when nobody wants it any more."""
        while not self._configured.wait(timeout=1):
            if not is_wanted():
                return False
        return True

    def attach(self, port: int) -> None:
        """Hand all calls to the pack on this port from now on."""
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=_LIMITS)
        if self.stack is not None:
            try:
                self._channel.unary_unary(f"{SERVICE}ConfigureStack")(self.stack)
            except grpc.RpcError as error:
                # Packs on an older SDK do not have this call; they do without the stack's tags.
                if error.code() is not grpc.StatusCode.UNIMPLEMENTED:
                    self.fail(f"policy pack configuration failed: {error.details()}")
                    return
        self._attached.set()

    def fail(self, fault: str) -> None:
        """Answer all calls, waiting ones too, with this message."""
        self._fault = fault
        self._attached.set()

    def close(self) -> None:
        """Stop serving."""
        self._server.stop(grace=None)
        if self._channel:
            self._channel.close()

    def _configure_stack(self, request: bytes, _context: Any) -> bytes:
        self.stack = request
        self._configured.set()
        return EMPTY

    def _forward(self, method: str) -> Callable[[bytes, Any], bytes]:
        def forward(request: bytes, context: Any) -> bytes:
            if method == f"{SERVICE}Cancel" and not self._attached.is_set():
                return EMPTY
            # Commands without a stack (`pulumi policy publish`) ask for something else first.
            self._configured.set()
            while not self._attached.wait(timeout=1):
                if not context.is_active():
                    return EMPTY
            if self._fault:
                context.abort(grpc.StatusCode.UNKNOWN, self._fault)
            try:
                answer: bytes = self._channel.unary_unary(method)(request)
            except grpc.RpcError as error:
                context.abort(error.code(), error.details())
            return answer

        return forward


_LIMITS = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
]


def _acknowledge(_request: bytes, _context: Any) -> bytes:
    return EMPTY
