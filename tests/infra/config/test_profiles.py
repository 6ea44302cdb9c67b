"""The table of defaults is complete, without doubles, and stronger towards prod."""

from typing import Any

import pytest

from infra import versions
from infra.config import profiles
from infra.config.choices import Stage
from infra.config.model import DedicatedEnvironment, Platform, SharedEnvironment
from tests.keys import all_keys

TOLD_BY_PEOPLE = {
    "team",
    "stage",
    "owner.email",
    "owner.cost_center",
    "ci.github.repository",
    "ci.github.repository_id",
    "budget.monthly_usd",
}


def test_every_key_has_one_default_or_must_be_told() -> None:
    common = set(profiles.PACKAGE_DEFAULTS)
    by_stage = [row.key for row in profiles.STAGE_DEFAULTS]
    assert len(by_stage) == len(set(by_stage))
    assert not common & set(by_stage)
    known = all_keys(DedicatedEnvironment) | all_keys(SharedEnvironment) | all_keys(Platform)
    assert common | set(by_stage) | TOLD_BY_PEOPLE == known


@pytest.mark.parametrize("stage", Stage)
def test_a_profile_has_the_shape_of_a_stack_file(stage: Stage) -> None:
    values = profiles.profile(stage)
    (row,) = (row for row in profiles.STAGE_DEFAULTS if row.key == "network.nat")
    block, key = row.key.split(".")
    assert values[block][key] == getattr(row, stage)


ORDER: dict[Any, int] = {"delete": 0, "retain": 1, "one": 0, "per_zone": 1, False: 0, True: 1}


UNORDERED = ("platform", "network.cidr", "registry.instance_class")


def test_no_protection_gets_weaker_towards_prod() -> None:
    rows = {row.key: row for row in profiles.STAGE_DEFAULTS}
    compared = [key for key in rows if key not in UNORDERED]
    for key in compared:
        dev, stage, prod = (
            ORDER.get(value, value) if not isinstance(value, int) else value
            for value in rows[key][1:]
        )
        assert dev <= stage <= prod, key


def test_address_ranges_of_the_stages_do_not_overlap() -> None:
    (row,) = (row for row in profiles.STAGE_DEFAULTS if row.key == "network.cidr")
    assert len({row.dev, row.stage, row.prod}) == 3


def test_default_versions_are_supported_ones() -> None:
    assert versions.KUBERNETES in versions.KUBERNETES_SUPPORTED
    assert versions.POSTGRESQL in versions.POSTGRESQL_SUPPORTED
