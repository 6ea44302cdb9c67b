"""The child process: a Terraform bridge with the Terraform AWS provider in it."""

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc  # type: ignore[import-untyped]

from sandbox.plugins import MAX_MESSAGE_BYTES, protocol
from sandbox.plugins.aws import names, terraform_schema
from sandbox.plugins.aws.cache import fingerprint, remembered
from sandbox.plugins.aws.terraform_schema import TerraformSchema

if TYPE_CHECKING:
    from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
else:
    provider_pb2, provider_pb2_grpc = protocol("provider_pb2", "provider_pb2_grpc")

# Its standard input is a pipe only this process can write to. When this process ends, however it
# does, the pipe breaks, and the shell takes its whole process group (bridge and Terraform
# provider) down. Its standard output is closed so that the bridge's end is seen as well.
_TETHER = '"$@" </dev/null & exec >/dev/null; cat; kill -KILL 0'

_LIMITS = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
]


class BridgeError(RuntimeError):
    """The bridge or the Terraform provider in it did not start."""


class Bridge:
    """A running bridge; it lives as long as this process at most."""

    def __init__(
        self, program: Path, terraform_provider: Path, *, log_address: str, cache: Path
    ) -> None:
        """Start the bridge and load the Terraform provider into it, which takes a second or two."""
        self._group = subprocess.Popen(
            ["/bin/sh", "-c", _TETHER, "sh", str(program), log_address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.stub = self._connect(program)
        self._load(terraform_provider)
        learnt = fingerprint(
            learners=(names.__file__, terraform_schema.__file__),
            programs=(program, terraform_provider),
        )
        known = cache / f"terraform-{learnt}.json"
        self.schema = TerraformSchema.from_json(remembered(known, self._learn_schema))

    def stop(self) -> None:
        """End the bridge and the Terraform provider at once."""
        if self._group.poll() is None:
            os.killpg(self._group.pid, signal.SIGKILL)
            self._group.wait()

    def _connect(self, program: Path) -> Any:
        assert self._group.stdout is not None  # noqa: S101  for the type checker: it is a pipe
        port = self._group.stdout.readline().strip()
        if not port.isdigit():
            self.stop()
            raise BridgeError(f"the Terraform bridge {program} did not start; see its output above")
        channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=_LIMITS)
        return provider_pb2_grpc.ResourceProviderStub(channel)

    def _load(self, terraform_provider: Path) -> None:
        arguments = provider_pb2.ParameterizeRequest.ParametersArgs(
            args=[str(terraform_provider), "--provider-name=aws"]
        )
        try:
            self.stub.Parameterize(provider_pb2.ParameterizeRequest(args=arguments))
        except grpc.RpcError as error:
            self.stop()
            raise BridgeError(
                f"the Terraform provider {terraform_provider} could not be loaded: "
                f"{error.details()}"
            ) from None

    def _learn_schema(self) -> dict[str, Any]:
        answer = self.stub.GetMapping(provider_pb2.GetMappingRequest(key="terraform"))
        return TerraformSchema.from_mapping(json.loads(answer.data)).as_json()
