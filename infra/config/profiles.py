"""What holds where nobody says otherwise: package defaults, and a profile per stage."""

from typing import Any, NamedTuple

from infra import versions
from infra.config.choices import Stage
from infra.config.migrations.steps import FIRST_VERSION

PACKAGE_DEFAULTS: dict[str, Any] = {
    "api_version": FIRST_VERSION,
    "name": "platform",
    "tenancy": "dedicated",
    "ci.oidc_provider_arn": None,
    "ci.state": None,
    "members.developer_role_arns": [],
    "members.viewer_role_arns": [],
    "encryption.key_arn": None,
    "iam.permissions_boundary_arn": None,
    "iam.role_path": "/mlops/",
    "network.existing": None,
    "cluster.version": versions.KUBERNETES,
    "cluster.public_access_cidrs": [],
    "cluster.admin_principal_arns": [],
    "cluster.pools.general.architectures": ["amd64"],
    "cluster.pools.spot.cpu_limit": 0,
    "cluster.pools.spot.architectures": ["amd64"],
    "cluster.pools.gpu.gpu_limit": 0,
    "cluster.pools.gpu.instance_families": ["g5", "g6"],
    "registry.existing": None,
    "registry.engine_version": versions.POSTGRESQL,
    "registry.major_upgrade": "refuse",
    "quota.gpu": 0,
    "monitoring.alerts.emails": [],
    "tags": {},
}
"""The same in every stage."""


class ByStage(NamedTuple):
    """One default that differs by stage."""

    key: str
    dev: Any
    stage: Any
    prod: Any


STAGE_DEFAULTS = (
    ByStage("platform", dev="platform-dev", stage="platform-stage", prod="platform-prod"),
    ByStage("network.cidr", dev="10.10.0.0/16", stage="10.20.0.0/16", prod="10.30.0.0/16"),
    ByStage("network.availability_zones", dev=2, stage=3, prod=3),
    ByStage("network.nat", dev="one", stage="per_zone", prod="per_zone"),
    ByStage("cluster.pools.general.cpu_limit", dev=32, stage=64, prod=128),
    ByStage("cluster.consolidation", dev="always", stage="always", prod="off_hours"),
    ByStage("cluster.on_destroy", dev="delete", stage="delete", prod="retain"),
    ByStage("quota.cpu", dev=16, stage=32, prod=64),
    ByStage("quota.memory_gib", dev=64, stage=128, prod=256),
    ByStage("quota.pods", dev=50, stage=100, prod=200),
    ByStage("quota.storage_gib", dev=200, stage=500, prod=2_000),
    ByStage("artifacts.on_destroy", dev="delete", stage="retain", prod="retain"),
    ByStage("artifacts.noncurrent_days", dev=30, stage=90, prod=90),
    ByStage("artifacts.object_lock_days", dev=0, stage=0, prod=30),
    ByStage(
        "registry.instance_class", dev="db.t4g.small", stage="db.t4g.medium", prod="db.m7g.large"
    ),
    ByStage("registry.storage_gib", dev=20, stage=50, prod=100),
    ByStage("registry.max_storage_gib", dev=100, stage=200, prod=500),
    ByStage("registry.multi_az", dev=False, stage=True, prod=True),
    ByStage("registry.backup_retention_days", dev=7, stage=14, prod=35),
    ByStage("registry.on_destroy", dev="delete", stage="retain", prod="retain"),
    ByStage("tracking.replicas", dev=1, stage=1, prod=2),
    ByStage("logs.retention_days", dev=14, stage=30, prod=90),
)


def package_defaults() -> dict[str, Any]:
    """Return the defaults of every stage in the shape of a stack file."""
    return _nested(PACKAGE_DEFAULTS)


def profile(stage: Stage) -> dict[str, Any]:
    """Return the defaults of one stage in the shape of a stack file."""
    return _nested({row.key: getattr(row, stage.value) for row in STAGE_DEFAULTS})


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for key, value in flat.items():
        *blocks, last = key.split(".")
        block = nested
        for name in blocks:
            block = block.setdefault(name, {})
        block[last] = value
    return nested
