"""The tables of all keys."""

import re

from infra.config.model import DedicatedEnvironment, Platform, SharedEnvironment
from infra.config.schema.reference import reference
from tests.keys import all_keys


def rows(title: str) -> dict[str, str]:
    section = reference().partition(f"\n## `{title}`\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `([\w.]+)` (\|.*\|)$", section, re.MULTILINE))


def test_every_key_has_a_row() -> None:
    environment = all_keys(DedicatedEnvironment) | all_keys(SharedEnvironment)
    assert environment <= set(rows("mlops:environment"))
    assert all_keys(Platform) <= set(rows("mlops:platform"))


def test_a_row_tells_what_is_allowed_and_what_holds_by_default() -> None:
    found = rows("mlops:platform")
    assert found["registry.backup_retention_days"] == (
        "| 1 to 35 | dev 7, stage 14, prod 35 "
        "| Days to whose every second the database can be restored. |"
    )
    assert found["owner.cost_center"].startswith(
        "| 1 to 63 letters, digits and inner . _ -, such as 4711 | required |"
    )
    assert found["ci.oidc_provider_arn"].partition(", or null | null |")[1]


def test_a_key_of_one_tenancy_says_so_once() -> None:
    found = rows("mlops:environment")
    assert found["network"].endswith(" Only with tenancy: dedicated. |")
    assert found["platform"].endswith(" Only with tenancy: shared. |")
    assert found["ci.state"].endswith(" Only with tenancy: dedicated. |")
    assert not any("Only with" in found[key] for key in ("network.nat", "ci", "quota.cpu"))
