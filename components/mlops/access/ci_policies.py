"""Which permission tables each CI role gets."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from mlops.access import deploy_permissions, platform_permissions, state_permissions
from mlops.access.grants import Grant
from mlops.access.read_permissions import REACH_CLUSTER, READ

Policies = Mapping[str, Sequence[Grant]]


class DeployScope(StrEnum):
    """How far the power of a deploy role goes."""

    STACK = "stack"
    """A platform and the one environment on it."""
    PLATFORM = "platform"
    """A platform that teams share. It has no artifacts."""
    NAMESPACE = "namespace"
    """What runs in one namespace of a shared platform, and nothing in AWS: the stack itself is
    changed by whoever runs the platform, or a team's repository had power over all teams."""


def preview_policies(scope: DeployScope, *, with_state: bool) -> Policies:
    """Return what the preview role may do, one managed policy for each part of the work."""
    if scope is DeployScope.NAMESPACE:
        return {"cluster": REACH_CLUSTER}
    policies: dict[str, Sequence[Grant]] = {"read": READ}
    if with_state:
        policies["state"] = state_permissions.READ_STATE
    return _fitting(scope, policies)


def deploy_policies(
    scope: DeployScope, *, with_state: bool, with_roles: bool, with_key: bool = True
) -> Policies:
    """Return what the deploy role may do, one managed policy for each part of the work."""
    if scope is DeployScope.NAMESPACE:
        return {"cluster": REACH_CLUSTER}
    policies: dict[str, Sequence[Grant]] = {
        "read": READ,
        "workloads": deploy_permissions.WORKLOADS,
        "data": [
            *(deploy_permissions.OWN_KEY if with_key else ()),
            *deploy_permissions.DATA_AND_ALERTS,
        ],
        "network": platform_permissions.NETWORK,
        "platform": platform_permissions.CLUSTER_AND_DATABASE,
    }
    if with_roles:
        policies["roles"] = deploy_permissions.BOUNDED_ROLES
    if with_state:
        policies["state"] = state_permissions.WRITE_STATE
    return _fitting(scope, policies)


def _fitting(scope: DeployScope, policies: Policies) -> Policies:
    """Leave out what is about artifacts where there are none."""
    if scope is DeployScope.STACK:
        return policies
    return {
        part: [grant for grant in grants if grant.resources != ("{bucket}",)]
        for part, grants in policies.items()
    }
