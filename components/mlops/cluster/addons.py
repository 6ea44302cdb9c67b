"""Add-ons from the EKS catalogue, and those without which a cluster is not ready to be filled."""

import json
from collections.abc import Mapping

import pulumi
from pulumi_aws import eks

# They start before the cluster has node pools of its own, so they must tolerate the taint of the
# built-in one. metrics-server has to outlive the namespaces: an API that is announced and not
# served keeps every namespace from being deleted.
STARTED_FIRST = ("metrics-server",)
_ON_SYSTEM_NODES = {"tolerations": [{"key": "CriticalAddonsOnly", "operator": "Exists"}]}


def install(
    name: str,
    cluster_name: pulumi.Output[str],
    versions: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> list[eks.Addon]:
    """Install add-ons; return those that must run before the cluster is filled.

    The others start when there are nodes for them, which takes node pools, and so a way into the
    cluster.
    """
    addons = {
        addon: eks.Addon(
            f"{name}-{addon}",
            cluster_name=cluster_name,
            addon_name=addon,
            addon_version=version,
            configuration_values=json.dumps(_ON_SYSTEM_NODES) if addon in STARTED_FIRST else None,
            resolve_conflicts_on_create="OVERWRITE",
            resolve_conflicts_on_update="PRESERVE",
            opts=opts,
        )
        for addon, version in versions.items()
    }
    return [addons[addon] for addon in STARTED_FIRST if addon in addons]
