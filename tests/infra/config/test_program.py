"""How the running program gets its configuration from the engine."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest

from infra.config import program
from infra.config.layers import LayerName
from infra.config.load import StackConfig
from infra.config.model import DedicatedEnvironment
from infra.recording import record

FRAUD: dict[str, Any] = {
    "team": "fraud",
    "stage": "dev",
    "owner": {"email": "fraud-ml@example.com", "cost_center": "4711"},
    "ci": {"github": {"repository": "example/fraud-models", "repository_id": "123456789"}},
    "budget": {"monthly_usd": 800},
}
FILE = """\
config:
  aws:region: eu-west-1
  mlops:environment:
    team: fraud
    stage: dev
    owner: {email: fraud-ml@example.com, cost_center: "4711"}
    ci: {github: {repository: example/fraud-models, repository_id: "123456789"}}
    budget: {monthly_usd: 800}
"""


def read(
    folder: Path,
    environment: Any = FRAUD,
    stack: str = "fraud-dev",
    region: str | None = "eu-west-1",
    outputs: dict[str, Any] | None = None,
) -> StackConfig:
    """Read the configuration as the program of a stack would; `outputs` are in its state."""
    passed = {"mlops:environment": json.dumps(environment), "aws:region": region}
    read: list[StackConfig] = []
    record(
        lambda: read.append(program.read(folder)),
        stack=stack,
        config={key: value for key, value in passed.items() if value is not None},
        references={f"organization/mlops/{stack}": outputs or {}},
    )
    return read[0]


def dedicated(config: StackConfig) -> DedicatedEnvironment:
    assert isinstance(config.settings, DedicatedEnvironment)
    return config.settings


def test_the_values_come_from_the_engine(tmp_path: Path) -> None:
    config = read(tmp_path)
    assert (config.stack, config.region) == ("fraud-dev", "eu-west-1")
    assert config.settings.budget.monthly_usd == 800


def test_the_stack_file_lends_its_lines(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.fraud-dev.yaml").write_text(FILE)
    origin = read(tmp_path).origins[("budget", "monthly_usd")]
    assert origin.layer is LayerName.STACK
    assert origin.label == f"{tmp_path.name}/Pulumi.fraud-dev.yaml"
    assert origin.line == 8


def test_a_file_that_says_something_else_lends_nothing(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.fraud-dev.yaml").write_text(FILE.replace("800", "900"))
    config = read(tmp_path)
    assert config.settings.budget.monthly_usd == 800
    assert config.origins[("budget", "monthly_usd")].label == "configuration of fraud-dev"


def test_defaults_of_the_organisation_lie_between_profile_and_stack_file(tmp_path: Path) -> None:
    (tmp_path / "defaults.yaml").write_text(
        "config:\n"
        "  mlops:environment:\n"
        "    tracking: {replicas: 3}\n"
        "    logs: {retention_days: 60}\n"
        "    budget: {monthly_usd: 100}\n"
    )
    config = read(tmp_path, FRAUD | {"logs": {"retention_days": 90}})
    settings = dedicated(config)
    assert settings.tracking.replicas == 3, "over the profile"
    assert settings.logs.retention_days == 90, "under the stack file"
    assert settings.budget.monthly_usd == 800, "under the stack file"
    origin = config.origins[("tracking", "replicas")]
    assert (origin.layer, origin.line) == (LayerName.ORGANISATION, 3)


def test_an_error_of_the_organisation_is_found_in_its_file(tmp_path: Path) -> None:
    (tmp_path / "defaults.yaml").write_text(
        "config:\n  aws:region: eu-west-1\n  mlops:environment:\n    tracking: {replicas: 0}\n"
    )
    with pytest.raises(pulumi.RunError) as error:
        read(tmp_path)
    label = f"{tmp_path.name}/defaults.yaml"
    assert f"{label}:2: aws:region has no effect here" in str(error.value)
    assert f"{label}:4: tracking.replicas is 0" in str(error.value)


def test_a_wrong_configuration_ends_the_program_with_one_message(tmp_path: Path) -> None:
    with pytest.raises(pulumi.RunError) as error:
        read(tmp_path, FRAUD | {"stage": "test", "replicas": 2}, region=None)
    assert str(error.value).splitlines()[0] == "the configuration of stack fraud-dev has 3 errors:"
    assert error.value.__cause__ is None
    assert 'configuration of fraud-dev: stage is "test"; allowed: dev, stage or prod' in str(
        error.value
    )


@pytest.mark.parametrize("environment", ["fraud", None, 3, ["fraud"]])
def test_an_environment_that_is_no_block_is_one_clear_message(
    tmp_path: Path, environment: Any
) -> None:
    with pytest.raises(pulumi.RunError, match="mlops:environment is "):
        read(tmp_path, environment)


def test_text_that_is_no_json_is_one_clear_message(tmp_path: Path) -> None:
    with pytest.raises(pulumi.RunError, match='mlops:environment is "fraud"; allowed: a block'):
        record(
            lambda: program.read(tmp_path),
            stack="fraud-dev",
            config={"mlops:environment": "fraud", "aws:region": "eu-west-1"},
        )


def test_a_network_of_another_stack_file_is_not_taken(tmp_path: Path) -> None:
    other = FILE.replace("team: fraud", "team: demo")
    (tmp_path / "Pulumi.demo-dev.yaml").write_text(other)
    with pytest.raises(pulumi.RunError) as error:
        read(tmp_path)
    place = f"{tmp_path.name}/Pulumi.demo-dev.yaml:3"
    assert f"overlaps 10.10.0.0/16 of demo-dev ({place})" in str(error.value)
    assert read(tmp_path, FRAUD | {"network": {"cidr": "10.11.0.0/16"}}).stack == "fraud-dev"


def test_a_broken_file_of_another_stack_is_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.demo-dev.yaml").write_bytes(b"\xff{")
    assert read(tmp_path).stack == "fraud-dev"


def test_a_platform_without_a_file_is_refused_where_others_have_one(tmp_path: Path) -> None:
    shared = FRAUD | {"tenancy": "shared"}
    assert read(tmp_path, shared).stack == "fraud-dev", "nothing is known of this folder"
    (tmp_path / "Pulumi.demo-dev.yaml").write_text(FILE)
    with pytest.raises(pulumi.RunError, match=r"platform is platform-dev .*no stack file here"):
        read(tmp_path, shared)


DEPLOYED = {"immutableSettings": {"team": "fraud", "network.cidr": "10.10.0.0/16"}}


def test_what_was_deployed_stays(tmp_path: Path) -> None:
    assert read(tmp_path, outputs=DEPLOYED).stack == "fraud-dev"
    with pytest.raises(pulumi.RunError) as error:
        read(tmp_path, FRAUD | {"network": {"cidr": "10.50.0.0/16"}}, outputs=DEPLOYED)
    assert "network.cidr is 10.50.0.0/16, but was deployed as 10.10.0.0/16" in str(error.value)


def test_a_deployed_network_is_not_disturbed_by_a_newer_file(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.demo-dev.yaml").write_text(FILE.replace("team: fraud", "team: demo"))
    assert read(tmp_path, outputs=DEPLOYED).stack == "fraud-dev"


def test_what_a_run_exports_lets_the_next_one_pass(tmp_path: Path) -> None:
    first = read(tmp_path)
    assert read(tmp_path, outputs={"immutableSettings": first.immutable}).settings == first.settings


@pytest.mark.parametrize("in_file", [True, False])
def test_what_the_engine_has_decrypted_is_never_shown(tmp_path: Path, in_file: bool) -> None:
    if in_file:
        text = FILE.replace('cost_center: "4711"', "cost_center: {secure: v1:abc}")
        (tmp_path / "Pulumi.fraud-dev.yaml").write_text(text)

    def program_of_the_stack() -> None:
        owner = FRAUD["owner"] | {"cost_center": "hunter 2"}
        settings = {
            "mlops:environment": json.dumps(FRAUD | {"owner": owner}),
            "aws:region": "eu-west-1",
        }
        pulumi.runtime.set_all_config(settings, ["mlops:environment"])
        program.read(tmp_path)

    with pytest.raises(pulumi.RunError, match=r"is encrypted by Pulumi \(secure:\)") as error:
        record(program_of_the_stack, stack="fraud-dev")
    assert "hunter" not in str(error.value)
    place = f"{tmp_path.name}/Pulumi.fraud-dev.yaml:6: owner.cost_center"
    assert (place in str(error.value)) is in_file
