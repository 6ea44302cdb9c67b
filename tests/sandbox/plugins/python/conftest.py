"""A language host, and an engine that is just enough for a program to run to its end."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
import pytest
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import (
    engine_pb2,
    engine_pb2_grpc,
    language_pb2,
    language_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
)

from sandbox.plugins.python import write_launcher
from tests.sandbox.plugins import StartedPlugin, started


class FakeEngine(engine_pb2_grpc.EngineServicer, resource_pb2_grpc.ResourceMonitorServicer):
    """Takes log messages and stack outputs."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.outputs: list[dict[str, Any]] = []
        self._server = grpc.server(ThreadPoolExecutor(max_workers=4))
        engine_pb2_grpc.add_EngineServicer_to_server(self, self._server)
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def close(self) -> None:
        self._server.stop(grace=None)

    def Log(self, request: Any, _context: Any) -> empty_pb2.Empty:  # noqa: N802
        if request.severity == engine_pb2.ERROR:
            self.errors.append(request.message)
        return empty_pb2.Empty()

    def SupportsFeature(  # noqa: N802
        self, _request: Any, _context: Any
    ) -> resource_pb2.SupportsFeatureResponse:
        return resource_pb2.SupportsFeatureResponse(hasSupport=False)

    def RegisterResource(  # noqa: N802
        self, _request: Any, _context: Any
    ) -> resource_pb2.RegisterResourceResponse:
        return resource_pb2.RegisterResourceResponse(urn="urn:pulumi:dev::trial::stack::trial-dev")

    def RegisterResourceOutputs(self, request: Any, _context: Any) -> empty_pb2.Empty:  # noqa: N802
        fields = request.outputs.fields
        self.outputs.append(
            {name: getattr(value, value.WhichOneof("kind")) for name, value in fields.items()}
        )
        return empty_pb2.Empty()


class Host:
    """A running language host and the project that it runs."""

    def __init__(self, plugin: StartedPlugin, engine: FakeEngine, project: Path) -> None:
        self.plugin = plugin
        self.engine = engine
        self.project = project
        self.stub = language_pb2_grpc.LanguageRuntimeStub(plugin.channel)
        self.stub.Handshake(language_pb2.LanguageHandshakeRequest(engine_address=engine.address))

    def info(self, directory: Path, **options: str) -> language_pb2.ProgramInfo:
        info = language_pb2.ProgramInfo(
            root_directory=str(self.project), program_directory=str(directory), entry_point="."
        )
        info.options.update({"virtualenv": sys.prefix, **options})
        return info

    def request(self, program: str, **options: str) -> language_pb2.RunRequest:
        directory = self.project / "program"
        directory.mkdir(exist_ok=True)
        (directory / "__main__.py").write_text(program, encoding="utf-8")
        return language_pb2.RunRequest(
            project="trial",
            stack="dev",
            pwd=str(directory),
            monitor_address=self.engine.address,
            config={"trial:size": "3"},
            dryRun=True,
            parallel=2,
            organization="organization",
            info=self.info(directory, **options),
        )

    def run(self, program: str, **options: str) -> language_pb2.RunResponse:
        """Run a program to its end."""
        answer: language_pb2.RunResponse = self.stub.Run(self.request(program, **options))
        return answer


@pytest.fixture(scope="module")
def shared_plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartedPlugin]:
    """One language host for many tests: each run is a process of its own anyway."""
    directory = tmp_path_factory.mktemp("host")
    with started(write_launcher(directory, python=Path(sys.executable)), directory) as plugin:
        yield plugin


@pytest.fixture
def host(shared_plugin: StartedPlugin, tmp_path: Path) -> Iterator[Host]:
    """Give a language host that has shaken hands with an engine of this test."""
    engine = FakeEngine()
    yield Host(shared_plugin, engine, tmp_path)
    engine.close()


@pytest.fixture
def own_host(tmp_path: Path) -> Iterator[Host]:
    """Give a language host that the test may stop."""
    engine = FakeEngine()
    launcher = write_launcher(tmp_path / "bin", python=Path(sys.executable))
    with started(launcher, tmp_path, engine.address) as plugin:
        yield Host(plugin, engine, tmp_path)
    engine.close()
