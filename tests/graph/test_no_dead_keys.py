"""Every key a stack file may hold changes something that is made."""

import copy
import functools
import json
from typing import Any

import pulumi
import pytest

from infra.config.blocks import Block
from infra.config.document import ENVIRONMENT_KEY, PLATFORM_KEY, REGION_KEY, Document
from infra.config.migrations.steps import CURRENT_VERSION
from infra.config.model import DedicatedEnvironment, Platform, SharedEnvironment
from tests.graph.program import graph_from
from tests.keys import all_keys

ARN = "arn:aws:iam::123456789012"
FRAUD: dict[str, Any] = {
    "team": "fraud",
    "stage": "dev",
    "owner": {"email": "fraud-ml@example.com", "cost_center": "4711"},
    "ci": {"github": {"repository": "example/fraud-models", "repository_id": "123456789"}},
    "budget": {"monthly_usd": 800},
    # A lock wants objects that are kept, so keeping is where the flip of the lock starts from.
    "artifacts": {"on_destroy": "retain"},
    # Keys of a pool mean something only where there is such a pool.
    "cluster": {"pools": {"spot": {"cpu_limit": 16}, "gpu": {"gpu_limit": 2}}},
}
OTHER_VALUES: dict[str, Any] = {
    "artifacts.noncurrent_days": 31,
    "artifacts.object_lock_days": 5,
    "artifacts.on_destroy": "delete",
    "budget.monthly_usd": 900,
    "ci.github.repository": "example/other-models",
    "ci.github.repository_id": "987654321",
    "ci.oidc_provider_arn": f"{ARN}:oidc-provider/token.actions.githubusercontent.com",
    "ci.state": {
        "bucket_arn": "arn:aws:s3:::example-state",
        "key_arn": "arn:aws:kms:eu-west-1:123456789012:key/1",
    },
    "cluster.admin_principal_arns": [f"{ARN}:role/platform"],
    "cluster.consolidation": "off_hours",
    "cluster.on_destroy": "retain",
    "cluster.pools.general.architectures": ["arm64"],
    "cluster.pools.general.cpu_limit": 40,
    "cluster.pools.gpu.gpu_limit": 3,
    "cluster.pools.gpu.instance_families": ["g6e"],
    "cluster.pools.spot.architectures": ["amd64", "arm64"],
    "cluster.pools.spot.cpu_limit": 0,
    "cluster.public_access_cidrs": ["203.0.113.0/24"],
    "cluster.version": "1.34",
    "encryption.key_arn": "arn:aws:kms:eu-west-1:123456789012:key/1",
    "iam.permissions_boundary_arn": f"{ARN}:policy/boundary",
    "iam.role_path": "/mlops/acme/",
    "logs.retention_days": 30,
    "members.developer_role_arns": [f"{ARN}:role/engineers"],
    "members.viewer_role_arns": [f"{ARN}:role/analysts"],
    "monitoring.alerts.emails": ["oncall@example.com"],
    "network.availability_zones": 3,
    "network.cidr": "10.99.0.0/16",
    "network.nat": "per_zone",
    "owner.cost_center": "4812",
    "owner.email": "other-ml@example.com",
    "quota.cpu": 17,
    "quota.gpu": 1,
    "quota.memory_gib": 65,
    "quota.pods": 51,
    "quota.storage_gib": 201,
    "registry.backup_retention_days": 8,
    "registry.engine_version": "16",
    "registry.instance_class": "db.t4g.medium",
    "registry.major_upgrade": "now",
    "registry.max_storage_gib": 101,
    "registry.multi_az": True,
    "registry.on_destroy": "retain",
    "registry.storage_gib": 21,
    "tags": {"data-class": "confidential"},
    "tracking.replicas": 2,
}
# They select the stack, and so the file; tenancy and platform select what it stands on.
SELECTING = {"team", "name", "stage", "tenancy", "platform"}
# They take the place of other keys: see test_bring_your_own.
BROUGHT = {"network.existing", "registry.existing"}
# The default is taken by a stack that has a file.
NETWORK = {"network": {"cidr": "10.98.0.0/16"}}
# The program reads one version of the file.
FIXED = {"api_version"}
KINDS: dict[type[Block], tuple[str, str, dict[str, Any]]] = {
    DedicatedEnvironment: ("fraud-dev", ENVIRONMENT_KEY, {**FRAUD, **NETWORK}),
    SharedEnvironment: (
        "fraud-dev",
        ENVIRONMENT_KEY,
        {key: value for key, value in FRAUD.items() if key != "cluster"} | {"tenancy": "shared"},
    ),
    Platform: (
        "platform-dev",
        PLATFORM_KEY,
        {key: value for key, value in FRAUD.items() if key not in ("team", "artifacts")} | NETWORK,
    ),
}


def with_key(settings: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(settings)
    *blocks, last = key.split(".")
    block = changed
    for name in blocks:
        block = block.setdefault(name, {})
    block[last] = value
    return changed


def made_from(model: type[Block], settings: dict[str, Any]) -> dict[str, str]:
    """Return everything that is made, comparable."""
    stack, object_key, _ = KINDS[model]
    config = {object_key: settings, REGION_KEY: "eu-west-1"}
    graph = graph_from(stack, Document("stacks/flipped.yaml", config))
    return {
        each.urn: json.dumps([each.inputs, each.protect, each.retain_on_delete], sort_keys=True)
        for each in graph
        if each.custom
    }


@functools.cache
def unchanged(model: type[Block]) -> dict[str, str]:
    return made_from(model, KINDS[model][2])


@pytest.mark.parametrize("model", KINDS)
def test_no_key_is_forgotten_here(model: type[Block]) -> None:
    assert all_keys(model) <= set(OTHER_VALUES) | SELECTING | FIXED | BROUGHT


def test_no_key_here_is_unknown() -> None:
    known = {key for model in KINDS for key in all_keys(model)}
    assert known == set(OTHER_VALUES) | SELECTING | FIXED | BROUGHT


@pytest.mark.parametrize("model", KINDS)
def test_the_same_configuration_makes_the_same(model: type[Block]) -> None:
    assert made_from(model, KINDS[model][2]) == unchanged(model)


@pytest.mark.parametrize(
    ("model", "key"),
    [
        (model, key)
        for model in KINDS
        for key in sorted(all_keys(model) - SELECTING - FIXED - BROUGHT)
    ],
)
def test_key_changes_what_is_made(model: type[Block], key: str) -> None:
    changed = with_key(KINDS[model][2], key, OTHER_VALUES[key])
    assert made_from(model, changed) != unchanged(model)


@pytest.mark.parametrize("model", KINDS)
def test_another_version_is_refused(model: type[Block]) -> None:
    settings = KINDS[model][2]
    assert made_from(model, with_key(settings, "api_version", CURRENT_VERSION)) == unchanged(model)
    with pytest.raises(pulumi.RunError, match=r"api_version is .*; use a newer release"):
        made_from(model, with_key(settings, "api_version", CURRENT_VERSION + 1))


def test_another_platform_is_another_ground() -> None:
    shared = KINDS[SharedEnvironment][2]
    with pytest.raises(ValueError, match="other/mlops/platform-eu-dev"):
        made_from(SharedEnvironment, with_key(shared, "platform", "other/mlops/platform-eu-dev"))
