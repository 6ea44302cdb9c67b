"""The language host answers the engine as the official one does."""

import signal
import sys
import threading
from pathlib import Path

import grpc  # type: ignore[import-untyped]
import psutil
import pytest
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, language_pb2

from tests.sandbox.plugins.python.conftest import Host

EXPORTS = """
import os, sys, pulumi, helper
helper.calls.append(1)
pulumi.export("directory", os.getcwd())
pulumi.export("calls", len(helper.calls))
pulumi.export("size", pulumi.Config("trial").require_int("size"))
pulumi.export("preview", pulumi.runtime.is_dry_run())
pulumi.export("virtualenv", os.environ["VIRTUAL_ENV"])
pulumi.export("foreign", any("sandbox/plugins" in place for place in sys.path))
"""

POLICY_PACK = """
import pulumi
from pulumi_policy import PolicyPack, ResourceValidationPolicy

PolicyPack(
    f"pack-of-{pulumi.get_stack()}-{pulumi.Config('trial').require('size')}",
    [ResourceValidationPolicy("rule", "never complains", lambda args, report: None)],
)
"""


def test_it_asks_for_nothing_to_be_downloaded_or_installed(host: Host) -> None:
    info = host.info(host.project)
    packages = host.stub.GetRequiredPackages(language_pb2.GetRequiredPackagesRequest(info=info))
    assert not packages.packages
    assert not host.stub.GetRequiredPlugins(language_pb2.GetRequiredPluginsRequest()).plugins
    assert not list(host.stub.InstallDependencies(language_pb2.InstallDependenciesRequest()))
    assert not host.stub.RuntimeOptionsPrompts(language_pb2.RuntimeOptionsRequest()).prompts
    assert host.stub.GetPluginInfo(empty_pb2.Empty()).version
    about = host.stub.About(language_pb2.AboutRequest(info=info))
    assert Path(about.executable).parent == Path(sys.executable).parent


def test_each_run_is_a_process_of_its_own_in_the_programs_directory(host: Host) -> None:
    directory = host.project / "program"
    directory.mkdir()
    (directory / "helper.py").write_text("calls = []\n", encoding="utf-8")
    for _ in range(2):
        assert host.run(EXPORTS) == language_pb2.RunResponse()
    expected = {
        "directory": str(directory),
        "calls": 1,
        "size": 3,
        "preview": True,
        "virtualenv": sys.prefix,
        "foreign": False,
    }
    assert host.engine.outputs == [expected, expected]


def test_an_exception_is_shown_from_the_programs_own_frames_on(host: Host) -> None:
    answer = host.run("def deep():\n    raise ValueError('boom')\n\ndeep()\n")
    assert answer == language_pb2.RunResponse(bail=True), "the user has seen it"
    [message] = host.engine.errors
    assert message.startswith("Program failed with an unhandled exception:\nTraceback")
    assert message.rstrip().endswith("ValueError: boom")
    assert "in deep" in message
    assert "runpy" not in message
    assert "executor.py" not in message


@pytest.mark.parametrize(
    ("program", "error", "shown"),
    [
        (
            "import pulumi\nraise pulumi.RunError('a size is missing')\n",
            "program exited with non-zero exit code: 1",
            ["a size is missing"],
        ),
        ("import os\nos._exit(7)\n", "program exited with non-zero exit code: 7", []),
        (
            "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n",
            "program exited unexpectedly: signal 9",
            [],
        ),
    ],
    ids=["run-error", "exit-code", "killed"],
)
def test_how_a_program_ended_is_told(
    host: Host, program: str, error: str, shown: list[str]
) -> None:
    assert host.run(program) == language_pb2.RunResponse(error=error)
    assert host.engine.errors == shown


def test_a_program_that_is_not_there_is_named(host: Host) -> None:
    request = host.request("")
    (host.project / "program" / "__main__.py").unlink()
    assert host.stub.Run(request) == language_pb2.RunResponse(bail=True)
    assert host.engine.errors == [
        f"unable to find main python program `__main__.py` in `{host.project / 'program'}`"
    ]


def test_a_missing_virtualenv_is_one_sentence(host: Host) -> None:
    with pytest.raises(grpc.RpcError, match=r"'nowhere', but '.*/nowhere' doesn't exist"):
        host.run("", virtualenv="nowhere")


def test_a_policy_pack_starts_once_its_stack_is_known(host: Host) -> None:
    pack = host.project / "pack"
    pack.mkdir()
    (pack / "__main__.py").write_text(POLICY_PACK, encoding="utf-8")
    call = host.stub.RunPlugin(
        language_pb2.RunPluginRequest(
            kind="analyzer", args=[host.engine.address], info=host.info(pack), pwd=str(host.project)
        )
    )
    port = int(next(call).stdout)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        analyzer = analyzer_pb2_grpc.AnalyzerStub(channel)
        analyzer.Handshake(analyzer_pb2.AnalyzerHandshakeRequest())
        analyzer.ConfigureStack(
            analyzer_pb2.AnalyzerStackConfigureRequest(
                stack="dev", project="trial", config={"trial:size": "3"}, dry_run=True
            )
        )
        info = analyzer.GetAnalyzerInfo(empty_pb2.Empty())
    assert info.name == "pack-of-dev-3"
    assert [policy.name for policy in info.policies] == ["rule"]
    call.cancel()


def test_a_policy_pack_that_breaks_says_so(host: Host) -> None:
    pack = host.project / "pack"
    pack.mkdir()
    (pack / "__main__.py").write_text("raise SystemExit('no rules')\n", encoding="utf-8")
    call = host.stub.RunPlugin(
        language_pb2.RunPluginRequest(
            kind="analyzer", args=[host.engine.address], info=host.info(pack)
        )
    )
    port = int(next(call).stdout)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        analyzer = analyzer_pb2_grpc.AnalyzerStub(channel)
        with pytest.raises(grpc.RpcError, match="policy pack not started"):
            analyzer.GetAnalyzerInfo(empty_pb2.Empty())
    written = list(call)
    assert b"no rules" in b"".join(one.stderr for one in written)
    assert written[-1].exitcode == 1


def test_another_plugin_runs_in_the_engines_directory(host: Host) -> None:
    directory = host.project / "plugin"
    directory.mkdir()
    (directory / "__main__.py").write_text(
        "import os, sys\nprint(os.getcwd(), sys.argv[1], os.environ['GIVEN'])\nsys.exit(4)\n",
        encoding="utf-8",
    )
    written = list(
        host.stub.RunPlugin(
            language_pb2.RunPluginRequest(
                kind="resource",
                args=["first"],
                env=["GIVEN=yes"],
                info=host.info(directory),
                pwd=str(host.project),
            )
        )
    )
    assert b"".join(one.stdout for one in written) == f"{host.project} first yes\n".encode()
    assert written[-1].exitcode == 4


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_host_and_program_at_once(own_host: Host, number: signal.Signals) -> None:
    ready = own_host.project / "ready"
    program = (
        f"import pathlib, threading\npathlib.Path({str(ready)!r}).touch()\n"
        "threading.Event().wait()\n"
    )
    running = threading.Thread(target=_ignoring_the_end, args=(own_host, program))
    running.start()
    _wait_for(ready)
    children = psutil.Process(own_host.plugin.process.pid).children(recursive=True)
    assert children, "the program runs"
    code, seconds = own_host.plugin.stop(number)
    assert code == 0
    assert seconds < 3, "a busy machine takes its time, a deaf plug-in for ever"
    assert not psutil.wait_procs(children, timeout=1)[1], "no program is left"
    running.join()


def _ignoring_the_end(host: Host, program: str) -> None:
    with pytest.raises(grpc.RpcError):
        host.run(program)


def _wait_for(path: Path) -> None:
    pause = threading.Event()
    for _ in range(200):
        if path.exists():
            return
        pause.wait(0.05)
    pytest.fail(f"{path} never came")
