"""What the service's methods share: reading requests and wording answers."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import grpc  # type: ignore[import-untyped]

from sandbox.plugins import protocol
from sandbox.plugins.aws.autonaming import NameTooLongError
from sandbox.plugins.aws.bridge import BridgeError
from sandbox.plugins.aws.sdk_schema import SDK_VERSION
from sandbox.plugins.aws.tokens import UnknownTypeError
from sandbox.plugins.aws.translation import Losses
from sandbox.plugins.aws.vocabulary import REGION, Entry

if TYPE_CHECKING:
    from pulumi.runtime.proto import provider_pb2
else:
    (provider_pb2,) = protocol("provider_pb2")

Method = Callable[[Any, Any, Any], Any]

_DETAILS = "grpc-status-details-bin"


def answering(method: Method) -> Method:
    """Turn what can go wrong in a method of the service into the status of its answer."""

    @wraps(method)
    def wrapped(service: Any, request: Any, context: Any) -> Any:
        try:
            return method(service, request, context)
        except grpc.RpcError as error:
            metadata = error.trailing_metadata() or ()
            context.set_trailing_metadata([item for item in metadata if item[0] == _DETAILS])
            context.abort(error.code(), error.details())
        except (UnknownTypeError, NameTooLongError) as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        except BridgeError as error:
            context.abort(grpc.StatusCode.UNAVAILABLE, str(error))

    return wrapped


def naming_proposal(request: Any) -> tuple[int, str] | None:
    """Read how the engine wants a resource named, if the user configured that."""
    if not request.HasField("autonaming"):
        return None
    return request.autonaming.mode, request.autonaming.proposed_name


_TOO_NEW = (
    f"the Terraform AWS provider of this sandbox is older than pulumi-aws {SDK_VERSION} and does "
    "not know this argument; leave it out of stacks that run here"
)
_OTHER_REGION = (
    "the Terraform AWS provider of this sandbox has one region for all resources; leave the "
    "argument out of stacks that run here, or give the resource a provider of its own"
)


def failures(losses: Losses) -> list["provider_pb2.CheckFailure"]:
    """Refuse inputs that Terraform would not get to see."""
    return [
        provider_pb2.CheckFailure(
            property=path, reason=_OTHER_REGION if path == REGION else _TOO_NEW
        )
        for path in losses.values
    ]


def translated_diff(entry: Entry, answer: Any) -> Any:
    """Write the paths in a `Diff` answer as the program knows them."""
    for paths in (answer.replaces, answer.stables, answer.diffs):
        paths[:] = [entry.path_to_sdk(path) for path in paths]
    detailed = {entry.path_to_sdk(path): kind for path, kind in answer.detailedDiff.items()}
    answer.detailedDiff.clear()
    for path, kind in detailed.items():
        answer.detailedDiff[path].CopyFrom(kind)
    return answer
