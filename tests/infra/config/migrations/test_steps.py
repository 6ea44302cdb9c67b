"""Steps are found by the names of their modules."""

import pytest

from infra.config.migrations.steps import CURRENT_VERSION, STEPS, current_version, steps_in, unknown
from tests.infra.config.migrations import gap, sample
from tests.infra.config.migrations.sample import v1_to_v2, v2_to_v3


def test_steps_are_found_by_name_and_in_order() -> None:
    steps = steps_in(sample)
    assert list(steps.items()) == [(1, v1_to_v2.migrate), (2, v2_to_v3.migrate)]
    assert current_version(steps) == 3


def test_a_missing_step_is_told() -> None:
    with pytest.raises(
        ValueError, match=r"holds \['v2_to_v3'\]; without a gap it would be \['v1_to_v2'\]"
    ):
        steps_in(gap)


def test_the_package_has_its_steps() -> None:
    assert current_version(STEPS) == CURRENT_VERSION


@pytest.mark.parametrize(
    ("version", "problem"),
    [
        (1, None),
        (2, None),
        (3, "is 3, and this package reads 2; use a newer release of it"),
        (0, "is 0; allowed: 2"),
        ("2", 'is "2"; allowed: 2'),
        (True, "is true; allowed: 2"),
        (None, "is null; allowed: 2"),
    ],
)
def test_only_versions_up_to_the_current_one_are_known(version: object, problem: str) -> None:
    assert unknown(version, current=2) == problem
