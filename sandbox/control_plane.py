"""A real Kubernetes control plane, made by kwokctl from local binaries; kwok plays the nodes.

kwokctl stops whatever process has the number in its pid files, which after a crash may be
somebody else's. So it only starts things here; stopping goes by process identity.
"""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil

from sandbox import health, ports, processes
from sandbox.environment import LOOPBACK, isolated
from sandbox.errors import SandboxError
from sandbox.layout import Layout
from sandbox.processes import ProcessIdentity
from sandbox.record import Record

CLUSTER = "sandbox"
NODES = 2
NODE_DISK_GIB = 512
READY_SECONDS = 120
GRACE_SECONDS = 1.0
"""The API server would wait ten times as long for its watchers; what it knows is in etcd."""
API_SERVER = "kube-apiserver"
COMPONENTS = (
    "kwok-controller",
    "kube-scheduler",
    "kube-controller-manager",
    API_SERVER,
    "etcd",
)
"""In the order in which they are stopped: nobody loses the server it talks to."""


@dataclass(frozen=True)
class ControlPlanePrograms:
    """Where the programs stand, and which Kubernetes they are."""

    kwokctl: Path
    kwok: Path
    etcd: Path
    kube_apiserver: Path
    kube_controller_manager: Path
    kube_scheduler: Path
    kubernetes_version: str


def is_running(record: Record) -> bool:
    """Whether every component of an earlier run is still there."""
    return all(record.running(component) for component in COMPONENTS)


def check_ports(record: Record) -> None:
    """Refuse a port that the API server cannot have."""
    port = record.ports.get(API_SERVER)
    ports.check("kubernetes", port)
    if port and not record.running(API_SERVER) and not ports.is_free(port):
        raise SandboxError(
            f"Port {port}, on which this sandbox has its Kubernetes, is in use by another program; "
            "free it, or `make down` first."
        )


def start(layout: Layout, record: Record, programs: ControlPlanePrograms) -> None:
    """Create the control plane, or bring back what stopped of it; its data is on disk."""
    if not is_running(record):
        stop(record)
        if API_SERVER in record.ports:
            for stale in (_directory(layout) / "pids").glob("*"):
                stale.unlink()
            _kwokctl(layout, programs, "start", "cluster", "--wait", f"{READY_SECONDS}s")
        else:
            _create(layout, record, programs)
        _remember(layout, record)
    authority = _directory(layout) / "pki" / "ca.crt"
    health.wait_until_ready(
        record.processes[API_SERVER],
        lambda: health.answers(f"{endpoint(record)}/readyz", authority),
        log_of(layout, API_SERVER),
        READY_SECONDS,
    )


def stop(record: Record) -> None:
    """Stop whatever component runs."""
    for component in COMPONENTS:
        if running := record.running(component):
            processes.stop([running], GRACE_SECONDS)


def endpoint(record: Record) -> str:
    """Return the URL of the API server."""
    return f"https://{LOOPBACK}:{record.ports[API_SERVER]}"


def log_of(layout: Layout, component: str) -> Path:
    """Return the file a component writes its log to."""
    return _directory(layout) / "logs" / f"{component}.log"


def _create(layout: Layout, record: Record, programs: ControlPlanePrograms) -> None:
    shutil.rmtree(layout.cluster, ignore_errors=True)
    layout.cluster.mkdir()
    chosen = {"kubeApiserverPort": ports.choose("kubernetes"), **_other_ports()}
    configuration = layout.cluster / "kwokctl.json"
    configuration.write_text(json.dumps(_configuration(programs, chosen), indent=2))
    _kwokctl(
        layout,
        programs,
        *("create", "cluster", "--config", str(configuration)),
        *("--kubeconfig", str(layout.kubeconfig), "--wait", f"{READY_SECONDS}s"),
    )
    _kwokctl(
        layout,
        programs,
        *("scale", "node", "--replicas", str(NODES)),
        # Simulated nodes have no disk unless told so, and then no pod that asks for one is placed.
        *("--param", f'.allocatable["ephemeral-storage"]="{NODE_DISK_GIB}Gi"'),
    )
    record.ports[API_SERVER] = chosen["kubeApiserverPort"]


def _other_ports() -> dict[str, int]:
    names = (
        "etcdPort",
        "etcdPeerPort",
        "kubeControllerManagerPort",
        "kubeSchedulerPort",
        "kwokControllerPort",
    )
    return dict(zip(names, ports.free(len(names)), strict=True))


def _configuration(programs: ControlPlanePrograms, chosen_ports: dict[str, int]) -> object:
    return {
        "apiVersion": "config.kwok.x-k8s.io/v1alpha1",
        "kind": "KwokctlConfiguration",
        "options": {
            "runtime": "binary",
            # kwokctl would listen on every interface, its etcd without a password.
            "bindAddress": LOOPBACK,
            "kubeVersion": programs.kubernetes_version,
            "kwokControllerBinary": str(programs.kwok),
            "etcdBinary": str(programs.etcd),
            "kubeApiserverBinary": str(programs.kube_apiserver),
            "kubeControllerManagerBinary": str(programs.kube_controller_manager),
            "kubeSchedulerBinary": str(programs.kube_scheduler),
            **chosen_ports,
        },
    }


def _kwokctl(layout: Layout, programs: ControlPlanePrograms, *arguments: str) -> None:
    log = layout.logs / "kwokctl.log"
    with log.open("ab") as output:
        done = subprocess.run(
            [programs.kwokctl, "--name", CLUSTER, *arguments],
            # Its own variable, KWOK_WORKDIR, kwokctl reads only up to the first space.
            env={**isolated(layout), "HOME": str(layout.cluster)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise SandboxError(
            f"The Kubernetes control plane did not start (kwokctl {' '.join(arguments[:2])} "
            f"ended with {done.returncode}). {health.tail(log)}"
        )


def _remember(layout: Layout, record: Record) -> None:
    for component in COMPONENTS:
        file = _directory(layout) / "pids" / f"{component}.pid"
        try:
            identity = ProcessIdentity.of(psutil.Process(int(file.read_text())), component)
        except (OSError, ValueError, psutil.NoSuchProcess):
            raise SandboxError(
                f"The Kubernetes control plane came up without {component}: {file} names no "
                f"process that runs. {health.tail(log_of(layout, component))}"
            ) from None
        record.remember(identity, record.ports.get(component))


def _directory(layout: Layout) -> Path:
    return layout.cluster / ".kwok" / "clusters" / CLUSTER
