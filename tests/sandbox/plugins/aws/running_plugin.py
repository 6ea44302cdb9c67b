"""Starts the plug-in as the engine does, with a fake bridge below it and a fake engine above."""
# ruff: noqa: N802  the protocol names the methods

import json
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
import psutil
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2_grpc

from sandbox.plugins.aws import write_launcher

REPOSITORY = Path(__file__).parents[4]


class FakeEngine(engine_pb2_grpc.EngineServicer):
    """Collects messages for the user."""

    def __init__(self) -> None:
        self.logged: list[tuple[str, str]] = []
        self.server = grpc.server(ThreadPoolExecutor(max_workers=2))
        engine_pb2_grpc.add_EngineServicer_to_server(self, self.server)
        self.address = f"127.0.0.1:{self.server.add_insecure_port('127.0.0.1:0')}"
        self.server.start()

    def Log(self, request: Any, context: Any) -> empty_pb2.Empty:
        self.logged.append((request.urn, request.message))
        return empty_pb2.Empty()


class RunningPlugin:
    """One process of the plug-in."""

    def __init__(
        self, directory: Path, cache: Path, bridge_command: list[str] | None = None
    ) -> None:
        self.journal = directory / "journal"
        self.engine = FakeEngine()
        terraform = directory / "terraform-provider-aws"
        terraform.write_text("")
        bridge = directory / "bridge"
        command = bridge_command or [
            sys.executable, "-m", "tests.sandbox.plugins.aws.fake_bridge", str(self.journal)
        ]  # fmt: skip
        bridge.write_text(
            f'#!/bin/sh\ncd {shlex.quote(str(REPOSITORY))}\nexec {shlex.join(command)} "$@"\n'
        )
        bridge.chmod(0o755)
        launcher = write_launcher(
            directory,
            python=Path(sys.executable),
            bridge=bridge,
            terraform_provider=terraform,
            cache=cache,
        )
        self.process = subprocess.Popen(  # noqa: S603  a script of this test
            [launcher, self.engine.address], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        port = self.process.stdout.readline().strip()
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub: Any = provider_pb2_grpc.ResourceProviderStub(self.channel)

    def asked(self, method: str) -> dict[str, Any]:
        """Return the last call of a method that reached the bridge."""
        calls = [json.loads(line) for line in self.journal.read_text().splitlines()]
        last: dict[str, Any] = [call for call in calls if call["method"] == method][-1]
        return last

    def below(self) -> list[psutil.Process]:
        """All processes that the plug-in started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def close(self) -> None:
        """End everything."""
        self.channel.close()
        self.process.kill()
        self.process.wait()
        self.engine.server.stop(None)
