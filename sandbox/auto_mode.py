"""What EKS Auto Mode brings into a cluster, and a plain control plane lacks."""

import threading
from pathlib import Path

import yaml

from sandbox.errors import SandboxError
from sandbox.plugins.kubernetes import settings, waiting
from sandbox.plugins.kubernetes.cluster import Cluster
from sandbox.plugins.kubernetes.errors import KubernetesError
from sandbox.plugins.kubernetes.values import Tree

DEFINITIONS = Path(__file__).with_name("auto_mode_crds.yaml")
FIELD_MANAGER = "sandbox"
ESTABLISHED_SECONDS = 30.0


def definitions() -> list[Tree]:
    """Return the CustomResourceDefinitions of NodePool and NodeClass."""
    return list(yaml.safe_load_all(DEFINITIONS.read_text(encoding="utf-8")))


def install(kubeconfig: Path) -> None:
    """Make the kinds of Auto Mode known to the API server, or bring them up to date."""
    given = settings.parse({"kubeconfig": str(kubeconfig)}, environment={})
    cluster = Cluster(given, stopping=threading.Event())
    try:
        for definition in definitions():
            _install(cluster, definition)
    except KubernetesError as error:
        raise SandboxError(f"The node pools of Auto Mode cannot be defined: {error}") from error


def _install(cluster: Cluster, definition: Tree) -> None:
    applied = cluster.apply(definition, manager=FIELD_MANAGER, force=True)
    waiting.until_ready(
        cluster, applied, inputs=definition, within_s=ESTABLISHED_SECONDS, tell=lambda _: None
    )
