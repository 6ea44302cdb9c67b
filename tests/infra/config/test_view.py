"""A stack is told key by key, with everything that every layer said, also if it is wrong."""

from typing import Any

from infra.config.document import ENVIRONMENT_KEY, REGION_KEY, Document, from_text
from infra.config.layers import LayerName
from infra.config.load import load
from infra.config.view import View, look

FILE = """\
config:
  aws:region: eu-west-1
  mlops:environment:
    team: fraud
    stage: dev
    owner: {email: fraud-ml@example.com, cost_center: "4711"}
    ci: {github: {repository: example/fraud-models, repository_id: "123456789"}}
    budget: {monthly_usd: 800}
    quota:
      cpu: 32
    tags: {data-class: internal}
"""
ORGANISATION = """\
config:
  mlops:environment:
    quota: {cpu: 24, pods: 60}
"""


def viewed(file: str = FILE, organisation: str = ORGANISATION) -> View:
    return look(
        "fraud-dev",
        from_text(file, "stacks/Pulumi.fraud-dev.yaml"),
        from_text(organisation, "stacks/defaults.yaml"),
    )


def setting(view: View, key: str) -> Any:
    (found,) = (each for each in view.settings if each.key == key)
    return found


def test_it_holds_the_values_that_the_program_gets() -> None:
    given = from_text(FILE, "stacks/Pulumi.fraud-dev.yaml")
    everywhere = from_text(ORGANISATION, "stacks/defaults.yaml")
    config = load("fraud-dev", given, everywhere)
    view = viewed()
    assert view.findings == ()
    values: Any = config.settings.model_dump(mode="json")
    for each in view.settings:
        if each.path == (REGION_KEY,):
            assert each.value == config.region
            continue
        told = values
        for name in each.path:
            told = told[name]
        assert each.value == told
        assert each.origin == config.origins[each.path]


def test_keys_stand_in_the_order_of_the_model() -> None:
    keys = [each.key for each in viewed().settings]
    assert keys[0] == REGION_KEY
    quota = [key for key in keys if key.startswith("quota.")]
    assert quota == [
        "quota." + name for name in ("cpu", "memory_gib", "pods", "gpu", "storage_gib")
    ]


def test_a_setting_knows_what_it_overrides_the_strongest_first() -> None:
    view = viewed()
    told = [
        (value, origin.layer, origin.line)
        for value, origin in view.overridden(setting(view, "quota.cpu"))
    ]
    assert told == [(24, LayerName.ORGANISATION, 3), (16, LayerName.PROFILE, None)]
    assert view.overridden(setting(view, "quota.memory_gib")) == []


def test_a_wrong_file_is_told_as_far_as_it_goes() -> None:
    view = viewed(FILE.replace("cpu: 32", "cpu: lots\n      cup: 3"))
    assert [finding.key for finding in view.findings] == ["quota.cpu", "quota.cup"]
    assert setting(view, "quota.cpu").value == "lots"
    assert setting(view, "quota.cup").value == 3
    assert setting(view, "quota.pods").value == 60


def test_a_file_that_does_not_say_what_it_is_has_findings_only() -> None:
    view = viewed("config:\n  aws:region: eu-west-1\n  mlops:environment: 5\n")
    assert view.kind is None
    assert [each.key for each in view.settings] == [REGION_KEY]
    assert [finding.key for finding in view.findings] == [ENVIRONMENT_KEY]


def test_the_value_of_a_key() -> None:
    assert viewed().value("quota.cpu") == 32
    assert viewed().value("platform") is None
    assert look("x-dev", Document("nothing")).value("quota.cpu") is None
