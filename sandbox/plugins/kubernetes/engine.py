"""What the plug-in says to the engine: messages, differences, failures with details."""

from typing import TYPE_CHECKING, Any, NoReturn

import grpc  # type: ignore[import-untyped]

from sandbox.plugins import protocol
from sandbox.plugins.kubernetes.comparison import Comparison
from sandbox.plugins.kubernetes.difference import Difference
from sandbox.plugins.kubernetes.objects import REPLACE_UNREADY
from sandbox.plugins.kubernetes.resource import PartialError
from sandbox.plugins.kubernetes.secrets import redact
from sandbox.plugins.kubernetes.values import encode

if TYPE_CHECKING:
    from pulumi.runtime.proto import (
        engine_pb2,
        engine_pb2_grpc,
        errors_pb2,
        provider_pb2,
        status_pb2,
    )
else:
    engine_pb2, engine_pb2_grpc, errors_pb2, provider_pb2, status_pb2 = protocol(
        "engine_pb2", "engine_pb2_grpc", "errors_pb2", "provider_pb2", "status_pb2"
    )

_STATUS_DETAILS = "grpc-status-details-bin"
_LOG_TIMEOUT_S = 5
UNREADY = f'metadata.annotations["{REPLACE_UNREADY}"]'


class Engine:
    """The engine that started this plug-in; silent while its address is not known."""

    def __init__(self, address: str = "") -> None:
        self._stub: Any = None
        self._calls: set[Any] = set()
        self.connect(address)

    def connect(self, address: str) -> None:
        """Learn where the engine is."""
        if address:
            self._stub = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))

    def status(self, urn: str, message: str) -> None:
        """Show a passing message beside a resource."""
        self._log("INFO", urn, message, ephemeral=True)

    def warn(self, urn: str, message: str) -> None:
        """Show a warning that stays."""
        self._log("WARNING", urn, message, ephemeral=False)

    def _log(self, severity: str, urn: str, message: str, *, ephemeral: bool) -> None:
        if self._stub is None:
            return
        request = engine_pb2.LogRequest(
            severity=engine_pb2.LogSeverity.Value(severity),
            message=message,
            urn=urn,
            ephemeral=ephemeral,
        )
        # Nobody waits for the answer: an engine that is going must not hold up the plug-in. gRPC
        # cancels a call that nobody holds, though.
        call = self._stub.Log.future(request, timeout=_LOG_TIMEOUT_S)
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)


def changes(there_are: bool) -> "provider_pb2.DiffResponse.DiffChanges.ValueType":
    """Return the engine's word for changes."""
    answers = provider_pb2.DiffResponse
    return answers.DIFF_SOME if there_are else answers.DIFF_NONE


def diff_response(found: Comparison, *, is_unready: bool) -> "provider_pb2.DiffResponse":
    """Return a comparison as the engine's answer."""
    replaces = [*found.replaces, *([UNREADY] if is_unready else [])]
    return provider_pb2.DiffResponse(
        changes=changes(bool(found.differences) or is_unready),
        replaces=replaces,
        deleteBeforeReplace=bool(replaces) and found.keeps_place,
        detailedDiff={one.text: _property_diff(one) for one in found.differences},
        hasDetailedDiff=True,
    )


def _property_diff(found: Difference) -> "provider_pb2.PropertyDiff":
    suffix = "_REPLACE" if found.replaces else ""
    kind = provider_pb2.PropertyDiff.Kind.Value(found.change.value + suffix)
    return provider_pb2.PropertyDiff(kind=kind, inputDiff=True)


def abort_partial(context: Any, error: PartialError) -> NoReturn:
    """Fail a call so that the engine still records the object that exists."""
    message = redact(str(error), error.inputs)
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message)
    detail = provider_pb2.ErrorResourceInitFailed(
        id=error.identifier,
        properties=encode(error.state),
        reasons=[message],
        inputs=encode(error.inputs),
    )
    status.details.add().Pack(detail)
    context.set_trailing_metadata(((_STATUS_DETAILS, status.SerializeToString()),))
    abort(context, message)


def abort(context: Any, message: str) -> NoReturn:
    """Fail a call with a message for the user."""
    context.abort(grpc.StatusCode.UNKNOWN, message)
    raise AssertionError("gRPC's abort does not return")
