"""Which permission tables each CI role gets."""

from collections.abc import Mapping, Sequence

from mlops.access import deploy_permissions, platform_permissions, state_permissions
from mlops.access.grants import Grant
from mlops.access.read_permissions import READ

Policies = Mapping[str, Sequence[Grant]]


def preview_policies(*, with_state: bool) -> Policies:
    """Return what the preview role may do, one managed policy for each part of the work."""
    state = {"state": state_permissions.READ_STATE} if with_state else {}
    return {"read": READ, **state}


def deploy_policies(*, with_state: bool, with_platform: bool, with_roles: bool) -> Policies:
    """Return what the deploy role may do, one managed policy for each part of the work."""
    policies: dict[str, Sequence[Grant]] = {
        "read": READ,
        "workloads": deploy_permissions.WORKLOADS,
        "data": deploy_permissions.DATA_AND_ALERTS,
    }
    if with_platform:
        policies["network"] = platform_permissions.NETWORK
        policies["platform"] = platform_permissions.CLUSTER_AND_DATABASE
    if with_roles:
        policies["roles"] = deploy_permissions.BOUNDED_ROLES
    if with_state:
        policies["state"] = state_permissions.WRITE_STATE
    return policies
