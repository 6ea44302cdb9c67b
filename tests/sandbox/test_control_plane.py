"""The control plane is set up for one user of one machine."""

from pathlib import Path

import psutil
import pytest

from sandbox import control_plane, processes
from sandbox.control_plane import ControlPlanePrograms
from sandbox.errors import SandboxError
from sandbox.layout import Layout
from sandbox.record import Record
from tests.sandbox.conftest import Spawn

PROGRAMS = ControlPlanePrograms(
    kwokctl=Path("/tools/kwokctl"),
    kwok=Path("/tools/kwok"),
    etcd=Path("/tools/etcd"),
    kube_apiserver=Path("/tools/kube-apiserver"),
    kube_controller_manager=Path("/tools/kube-controller-manager"),
    kube_scheduler=Path("/tools/kube-scheduler"),
    kubernetes_version="v1.34.2",
)


def test_nobody_else_reaches_it() -> None:
    configuration = control_plane._configuration(PROGRAMS, {})
    assert isinstance(configuration, dict)
    assert configuration["options"]["bindAddress"] == "127.0.0.1"


def test_every_port_is_chosen_and_every_program_given() -> None:
    chosen = {"kubeApiserverPort": 6443, **control_plane._other_ports()}
    configuration = control_plane._configuration(PROGRAMS, chosen)
    assert isinstance(configuration, dict)
    options = configuration["options"]
    assert len({value for key, value in options.items() if key.endswith("Port")}) == 6
    assert not [v for k, v in options.items() if k.endswith("Binary") and v[0] != "/"]


def test_it_runs_only_if_every_component_does(layout: Layout, spawn: Spawn) -> None:
    record = Record.load(layout.record)
    for component in control_plane.COMPONENTS:
        assert not control_plane.is_running(record)
        record.remember(spawn(component))
    assert control_plane.is_running(record)


def test_a_port_that_somebody_took_meanwhile_is_refused(
    layout: Layout, spawn: Spawn, busy_port: int
) -> None:
    record = Record.load(layout.record)
    server = spawn(control_plane.API_SERVER)
    record.remember(server, busy_port)
    control_plane.check_ports(record)
    processes.stop([psutil.Process(server.pid)])
    with pytest.raises(SandboxError, match=rf"Port {busy_port}, on which .* `make down`"):
        control_plane.check_ports(record)


@pytest.mark.parametrize("content", [None, "", "4194305"], ids=["missing", "empty", "gone"])
def test_a_component_that_did_not_come_up_is_named_with_its_log(
    layout: Layout, spawn: Spawn, content: str | None
) -> None:
    pids = control_plane._directory(layout) / "pids"
    pids.mkdir(parents=True)
    record = Record.load(layout.record)
    for component in control_plane.COMPONENTS:
        (pids / f"{component}.pid").write_text(str(spawn(component).pid))
    control_plane._remember(layout, record)
    assert control_plane.is_running(record)

    log = control_plane.log_of(layout, "etcd")
    log.parent.mkdir()
    log.write_text("no space left on device\n")
    (pids / "etcd.pid").unlink()
    if content is not None:
        (pids / "etcd.pid").write_text(content)
    with pytest.raises(SandboxError, match=r"without etcd: .*etcd\.pid[\s\S]*no space left"):
        control_plane._remember(layout, record)


def test_stopping_ends_every_component(layout: Layout, spawn: Spawn) -> None:
    record = Record.load(layout.record)
    for component in control_plane.COMPONENTS:
        record.remember(spawn(component))
    control_plane.stop(record)
    assert not [name for name in record.processes if record.running(name)]
