"""What is killed can be gone on with; what is at work is left alone."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator

import psutil
import pytest

from sandbox.engine import ENGINE
from sandbox.record import Record
from tests.engine import projects
from tests.engine.conftest import NewSandbox
from tests.engine.sandboxes import STACK, SandboxUnderTest

pytestmark = pytest.mark.engine

CREATING_SECONDS = 120


@pytest.fixture(scope="module")
def sandbox(new_sandbox: NewSandbox, tmp_path_factory: pytest.TempPathFactory) -> SandboxUnderTest:
    """Return a sandbox for a project that takes long over one resource."""
    project = projects.write(tmp_path_factory.mktemp("slow") / "a project", projects.SLOW)
    return new_sandbox(project=project)


@pytest.fixture
def at_work(sandbox: SandboxUnderTest) -> Iterator["subprocess.Popen[str]"]:
    """Yield an `up` whose engine is creating the database."""
    with sandbox.start("up", STACK) as process:
        log = sandbox.layout.logs / "pulumi.log"
        watched = psutil.Process(process.pid)
        for _ in range(CREATING_SECONDS * 10):
            if log.exists() and "database creating" in log.read_text():
                break
            with pytest.raises(psutil.TimeoutExpired):
                watched.wait(0.1)
        yield process
        process.kill()


def engine_of(sandbox: SandboxUnderTest) -> psutil.Process:
    """Return the engine that is at work."""
    engine = Record.load(sandbox.layout.record).running(ENGINE)
    assert engine is not None
    return engine


def bucket_in_state(sandbox: SandboxUnderTest) -> str:
    """Return the bucket that the state knows, read from its file."""
    [file] = (sandbox.layout.state / ".pulumi" / "stacks").rglob(f"{STACK}.json")
    resources = json.loads(file.read_text())["checkpoint"]["latest"]["resources"]
    [bucket] = [r["outputs"]["bucket"] for r in resources if r["type"] == "aws:s3/bucket:Bucket"]
    assert isinstance(bucket, str)
    return bucket


def kill(process: "subprocess.Popen[str]") -> None:
    """Kill a command; it can do nothing about it."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_while_one_works_a_second_is_refused_and_a_kill_is_recovered_from(
    sandbox: SandboxUnderTest, at_work: "subprocess.Popen[str]"
) -> None:
    for second in ("up", "down"):
        refused = sandbox.command(second)
        assert refused.returncode == 1
        assert f"process {at_work.pid}" in refused.stderr
        assert "Traceback" not in refused.stderr

    before = bucket_in_state(sandbox)
    kill(at_work)
    assert engine_of(sandbox).is_running()

    recovered = sandbox.up()
    # The engine ended in order: the database was finished, so nothing was left to make.
    assert set(recovered["changes"]) == {"same"}
    assert recovered["outputs"]["bucket"] == before
    assert not list((sandbox.layout.state / ".pulumi" / "locks").rglob("*.json"))


def test_what_died_of_emulated_aws_starts_afresh(sandbox: SandboxUnderTest) -> None:
    server = Record.load(sandbox.layout.record).running("ministack")
    assert server is not None
    server.kill()
    server.wait()
    with sandbox.start("up", STACK) as process:
        assert process.stderr is not None
        said = ""
        while "Starting emulated AWS" not in said:
            said += process.stderr.readline()
        assert "Starting afresh" in said
        process.send_signal(signal.SIGINT)
        process.communicate()
        assert process.returncode == 128 + signal.SIGINT


def test_an_engine_killed_while_creating_is_recovered_from(
    sandbox: SandboxUnderTest, at_work: "subprocess.Popen[str]"
) -> None:
    engine = engine_of(sandbox)
    kill(at_work)
    engine.kill()
    recovered = sandbox.up()
    assert set(recovered["changes"]) == {"create"}
    assert len(sandbox.aws("rds").describe_db_instances()["DBInstances"]) == 1
    assert len(sandbox.aws("s3").list_buckets()["Buckets"]) == 1


def test_a_control_plane_that_died_comes_back_with_what_it_held(sandbox: SandboxUnderTest) -> None:
    core = sandbox.core()
    core.create_namespace({"metadata": {"name": "kept"}})
    etcd = Record.load(sandbox.layout.record).running("etcd")
    assert etcd is not None
    etcd.kill()
    etcd.wait()
    assert set(sandbox.up()["changes"]) == {"same"}
    assert sandbox.core().read_namespace("kept").status.phase == "Active"


def test_ctrl_c_ends_with_its_exit_code_and_leaves_no_lock(sandbox: SandboxUnderTest) -> None:
    with sandbox.start("up", STACK, "--refresh") as process:
        while not Record.load(sandbox.layout.record).running(ENGINE):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 128 + signal.SIGINT
    assert "Interrupted" in said
    assert "Traceback" not in said
    assert not list((sandbox.layout.state / ".pulumi" / "locks").rglob("*.json"))


def test_a_sandbox_that_was_killed_half_way_is_taken_down(sandbox: SandboxUnderTest) -> None:
    with sandbox.start("up", STACK) as process:
        while not Record.load(sandbox.layout.record).running(ENGINE):
            assert process.poll() is None
        engine = engine_of(sandbox)
        kill(process)
    engine.kill()
    assert sandbox.command("down").returncode == 0
    sandbox.assert_gone()
