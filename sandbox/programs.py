"""Every program that `up` runs, obtained by the toolbox."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sandbox import plugin_sources
from sandbox.control_plane import ControlPlanePrograms
from sandbox.layout import Layout
from sandbox.toolbox import Group, Report, drop_go_caches, obtain
from sandbox.toolbox.versions import TOOL_SETS


@dataclass(frozen=True)
class Programs:
    """The engine, and what the control plane is made of."""

    pulumi: Path
    control_plane: ControlPlanePrograms


def obtain_programs(report: Report) -> Programs:
    """Return the programs; the first time this takes minutes."""
    pulumi = obtain(Group.PULUMI, report)["pulumi"]
    kubernetes = obtain(Group.KUBERNETES, report)
    kwok = obtain(Group.KWOK, report)
    return Programs(
        pulumi,
        ControlPlanePrograms(
            kwokctl=kwok["kwokctl"],
            kwok=kwok["kwok"],
            etcd=obtain(Group.ETCD, report)["etcd"],
            kube_apiserver=kubernetes["kube-apiserver"],
            kube_controller_manager=kubernetes["kube-controller-manager"],
            kube_scheduler=kubernetes["kube-scheduler"],
            kubernetes_version=f"v{TOOL_SETS[Group.KUBERNETES].version}",
        ),
    )


def fill_cache(report: Report) -> None:
    """Obtain everything that a new sandbox will need, plug-ins included, and start nothing."""
    programs = obtain_programs(report)
    with TemporaryDirectory() as directory:
        layout = Layout(root=Path(directory), project=Path(directory))
        plugin_sources.choose(layout, programs.pulumi, report)
    drop_go_caches(report)
