"""Pods that pass Pod Security `restricted` and run on a read-only root file system."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_kubernetes.core.v1 import (
    ContainerArgsDict,
    EnvVarArgsDict,
    PodSpecArgsDict,
    ProbeArgsDict,
    VolumeArgsDict,
    VolumeMountArgsDict,
)

USER_ID = 10001
"""High enough not to be a user of the node. The image need not know it."""
TEMP_DIRECTORY = "/tmp"  # noqa: S108  # a path inside the container: an empty volume of its own


def pull_policy(image: pulumi.Input[str]) -> pulumi.Output[str]:
    """Ask the registry at each start if a digest allows it.

    With a digest that is one cheap request, and it refuses a pod whose node may no longer read the
    image. A reference without digest may name an image that was built and imported on the spot.
    """
    return pulumi.Output.from_input(image).apply(
        lambda reference: "Always" if "@sha256:" in reference else "IfNotPresent"
    )


def container(
    name: str,
    image: pulumi.Input[str],
    *,
    command: Sequence[str],
    args: Sequence[pulumi.Input[str]],
    env: Sequence[EnvVarArgsDict],
    requests: Mapping[str, str],
    limits: Mapping[str, str],
    mounts: Sequence[VolumeMountArgsDict] = (),
    port: int | None = None,
    probes: Mapping[str, ProbeArgsDict] | None = None,
) -> ContainerArgsDict:
    """One container without privileges that can write to its temporary directory only."""
    probes = probes or {}
    spec: ContainerArgsDict = {
        "name": name,
        "image": image,
        "image_pull_policy": pull_policy(image),
        "command": [*command],
        "args": [*args],
        "env": [
            {"name": "HOME", "value": TEMP_DIRECTORY},
            {"name": "USER", "value": name},  # the user id has no entry in the image's passwd
            {"name": "PYTHONDONTWRITEBYTECODE", "value": "1"},
            {"name": "PYTHONUNBUFFERED", "value": "1"},
            *env,
        ],
        "resources": {"requests": {**requests}, "limits": {**limits}},
        "security_context": {
            "allow_privilege_escalation": False,
            "capabilities": {"drop": ["ALL"]},
            "privileged": False,
            "read_only_root_filesystem": True,
            "run_as_group": USER_ID,
            "run_as_non_root": True,
            "run_as_user": USER_ID,
        },
        # The last lines of the log become the pod's message: what is wrong is seen at once.
        "termination_message_policy": "FallbackToLogsOnError",
        "volume_mounts": [{"name": "tmp", "mount_path": TEMP_DIRECTORY}, *mounts],
    }
    if port is not None:
        spec["ports"] = [{"name": "http", "container_port": port}]
    if "startup" in probes:
        spec["startup_probe"] = probes["startup"]
    if "readiness" in probes:
        spec["readiness_probe"] = probes["readiness"]
    if "liveness" in probes:
        spec["liveness_probe"] = probes["liveness"]
    return spec


def pod(
    service_account: pulumi.Input[str],
    main: ContainerArgsDict,
    *,
    volumes: Sequence[VolumeArgsDict] = (),
) -> PodSpecArgsDict:
    """Pod of one container, with no token of the Kubernetes API unless a volume brings one."""
    return {
        "service_account_name": service_account,
        "automount_service_account_token": False,
        "enable_service_links": False,
        "security_context": {
            "fs_group": USER_ID,
            "run_as_group": USER_ID,
            "run_as_non_root": True,
            "run_as_user": USER_ID,
            "seccomp_profile": {"type": "RuntimeDefault"},
        },
        "containers": [main],
        "volumes": [{"name": "tmp", "empty_dir": {"size_limit": "1Gi"}}, *volumes],
    }
