"""The engine's `LanguageRuntime` service for Python."""
# ruff: noqa: N802  the protocol names the methods

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2, json_format  # type: ignore[import-untyped]

from sandbox.plugins import protocol
from sandbox.plugins.python import about
from sandbox.plugins.python.children import Children
from sandbox.plugins.python.interpreter import Interpreter, OptionError, choose
from sandbox.plugins.python.plugin_run import ANALYZER, run_plugin
from sandbox.plugins.python.program_run import CheckError, run_program

if TYPE_CHECKING:
    from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2
else:
    language_pb2, language_pb2_grpc, plugin_pb2 = protocol(
        "language_pb2", "language_pb2_grpc", "plugin_pb2"
    )

VERSION = "0.1.0"


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs programs and plug-ins, each in a process of its own."""

    def __init__(self, engine_address: str = "") -> None:
        self.engine_address = engine_address
        self.children = Children()

    def Handshake(self, request: Any, _context: Any) -> "language_pb2.LanguageHandshakeResponse":
        """Learn where the engine is."""
        self.engine_address = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, _request: Any, _context: Any) -> "plugin_pb2.PluginInfo":
        """Say which version this is."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetRequiredPlugins(
        self, _request: Any, _context: Any
    ) -> "language_pb2.GetRequiredPluginsResponse":
        """Ask for none: the engine takes what stands on `PATH`."""
        return language_pb2.GetRequiredPluginsResponse()

    def GetRequiredPackages(
        self, _request: Any, _context: Any
    ) -> "language_pb2.GetRequiredPackagesResponse":
        """Ask for none, else the engine would download their plug-ins before the run."""
        return language_pb2.GetRequiredPackagesResponse()

    def InstallDependencies(
        self, _request: Any, _context: Any
    ) -> Iterator["language_pb2.InstallDependenciesResponse"]:
        """Do nothing: the project's own set-up installs what is locked."""
        yield from ()

    def RuntimeOptionsPrompts(
        self, _request: Any, _context: Any
    ) -> "language_pb2.RuntimeOptionsResponse":
        """Ask the user nothing."""
        return language_pb2.RuntimeOptionsResponse()

    def About(self, request: Any, context: Any) -> "language_pb2.AboutResponse":
        """Describe the interpreter, for `pulumi about`."""
        with _refusals(context):
            executable, version = about.python_version(_interpreter(request.info))
        return language_pb2.AboutResponse(executable=executable, version=version)

    def GetProgramDependencies(
        self, request: Any, context: Any
    ) -> "language_pb2.GetProgramDependenciesResponse":
        """List the installed packages, for `pulumi about`."""
        with _refusals(context):
            packages = about.dependencies(
                _interpreter(request.info), transitive=request.transitiveDependencies
            )
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[
                language_pb2.DependencyInfo(name=name, version=version)
                for name, version in packages
            ]
        )

    def Run(self, request: Any, context: Any) -> "language_pb2.RunResponse":
        """Run a program to its end."""
        with _refusals(context):
            error, seen = run_program(
                request,
                engine_address=self.engine_address,
                chosen=_interpreter(request.info),
                children=self.children,
                context=context,
            )
        return language_pb2.RunResponse(error=error, bail=seen)

    def RunPlugin(self, request: Any, context: Any) -> Iterator["language_pb2.RunPluginResponse"]:
        """Run a plug-in and stream what it writes."""
        with _refusals(context):
            chosen = _interpreter(request.info, plugin=request.kind != ANALYZER)
            for name, value in run_plugin(
                request, chosen=chosen, children=self.children, context=context
            ):
                yield language_pb2.RunPluginResponse(**{name: value})  # type: ignore[arg-type]

    def Cancel(self, _request: Any, _context: Any) -> empty_pb2.Empty:
        """Ask what runs to end."""
        self.children.interrupt_all()
        return empty_pb2.Empty()


def register(host: LanguageHost, server: Any) -> None:
    """Add the service to a gRPC server."""
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)


def _interpreter(info: "language_pb2.ProgramInfo", *, plugin: bool = False) -> Interpreter:
    options = json_format.MessageToDict(info.options)
    return choose(Path(info.root_directory), options, plugin=plugin)


@contextmanager
def _refusals(context: Any) -> Iterator[None]:
    """Turn what the user can act on into the call's error, without a traceback."""
    try:
        yield
    except (OptionError, CheckError, OSError, subprocess.SubprocessError) as error:
        context.abort(grpc.StatusCode.UNKNOWN, str(error))
