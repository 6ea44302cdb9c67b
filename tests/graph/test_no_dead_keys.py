"""Every key a stack file may hold changes something that is made."""

import copy
import functools
import json
from typing import Any

import pytest

from infra.config.document import OBJECT_KEY, REGION_KEY, Document
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
    "cluster.on_destroy": "retain",
    "cluster.public_access_cidrs": ["203.0.113.0/24"],
    "cluster.version": "1.34",
    "iam.permissions_boundary_arn": f"{ARN}:policy/boundary",
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
    "registry.max_storage_gib": 101,
    "registry.multi_az": True,
    "registry.on_destroy": "retain",
    "registry.storage_gib": 21,
    "tags": {"data-class": "confidential"},
    "tracking.replicas": 2,
}
# They select the stack, and so the file; tenancy has one value as long as there is one kind.
SELECTING = {"team", "stage", "tenancy"}


def with_key(key: str, value: Any) -> dict[str, Any]:
    environment = copy.deepcopy(FRAUD)
    *blocks, last = key.split(".")
    block = environment
    for name in blocks:
        block = block.setdefault(name, {})
    block[last] = value
    return environment


def made_from(environment: dict[str, Any]) -> dict[str, str]:
    """Return everything that is made, comparable."""
    settings = {OBJECT_KEY: environment, REGION_KEY: "eu-west-1"}
    graph = graph_from("fraud-dev", Document("stacks/flipped.yaml", settings))
    return {
        each.urn: json.dumps([each.inputs, each.protect, each.retain_on_delete], sort_keys=True)
        for each in graph
        if each.custom
    }


@functools.cache
def unchanged() -> dict[str, str]:
    return made_from(FRAUD)


def test_no_key_is_forgotten_here() -> None:
    assert set(OTHER_VALUES) | SELECTING == all_keys()


def test_the_same_configuration_makes_the_same() -> None:
    assert made_from(FRAUD) == unchanged()


@pytest.mark.parametrize("key", OTHER_VALUES)
def test_key_changes_what_is_made(key: str) -> None:
    assert made_from(with_key(key, OTHER_VALUES[key])) != unchanged()
