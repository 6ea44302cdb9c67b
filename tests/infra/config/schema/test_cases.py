"""What the program accepts the schema accepts, and what a schema can refuse it refuses."""

from pathlib import Path

import pytest

from infra.config.document import from_text
from infra.config.files import stack_files
from infra.config.schema.files import stack_file
from tests.infra.config.schema.judge import complaints
from tests.infra.config.test_cases import CASES

BEYOND_A_SCHEMA = {
    "it takes another key": {
        "error.encryption.key_arn.other_region",
        "error.network.cidr.beside_existing",
        "error.registry.existing.database_subnets",
        "error.registry.existing.own_network",
        "error.registry.multi_az.beside_existing",
        "error.quota.cpu.beyond_pools",
        "error.quota.gpu.no_pool",
        "error.artifacts.object_lock_days.with_delete",
        "error.artifacts.on_destroy.prod",
        "error.cluster.public_access_cidrs.in_prod",
        "error.members.viewer_role_arns.also_developer",
        "error.platform.of_another_stage",
        "error.registry.max_storage_gib.below_storage",
        "error.registry.multi_az.prod",
        "error.registry.on_destroy.prod",
    },
    "it takes the name of the stack": {
        "error.platform.other_than_stack",
        "error.stage.other_than_stack",
        "error.team.other_than_stack",
    },
    "it takes another file": {
        "error.network.cidr.default_of_stage_is_kept",
        "error.network.cidr.default_twice",
        "error.network.cidr.overlap",
        "error.network.cidr.overlap_inside",
        "error.network.cidr.overlap_platform",
        "error.network.cidr.overlap_two",
        "error.network.cidr.platform_default",
        "error.platform.no_file",
        "error.platform.no_file_at_all",
        "error.platform.no_file_default",
        "error.platform.of_another_region",
        "error.platform.of_another_region_one_near",
    },
    "it takes the last deployment": {
        "error.network.cidr.change",
        "error.network.cidr.change_to_default",
        "error.encryption.key_arn.change",
        "error.network.existing.vpc_id.change",
        "error.registry.existing.change_to_made",
        "error.platform.change",
        "error.platform.name.change",
        "error.region.change",
        "error.stage.change",
        "error.team.change",
        "error.tenancy.change",
    },
    "it is a secret by its looks": {
        "error.secret.aws_key_in_tag",
        "error.secret.in_a_key",
        "error.secret.json_web_token",
        "error.secret.password_in_tag",
        "error.secret.password_in_url",
        "error.secret.random_under_its_name",
        "error.secret.uuid_under_its_name",
    },
    "it takes arithmetic": {"error.network.cidr.host_bits"},
    "it looks like a real value": {"error.owner.cost_center.changeme"},
    "it is a rule about a whole list": {
        "error.cluster.pools.spot.architectures.empty",
        "error.cluster.pools.spot.architectures.twice",
        "error.members.developer_role_arns.twice",
        "error.monitoring.alerts.emails.twice",
        "error.network.existing.twice",
    },
    "it is about YAML": {"error.quota.cpu.octal", "error.tags.value.date", "error.team.twice"},
}
"""Why no schema refuses a case that the program refuses."""

SCHEMA = stack_file()


def is_beyond_a_schema(case: str) -> bool:
    return any(case in cases for cases in BEYOND_A_SCHEMA.values())


@pytest.mark.parametrize("file", [pytest.param(file, id=file.stem) for file in CASES])
def test_the_schema_judges_a_case_like_the_program(file: Path) -> None:
    content = {"config": from_text(file.read_text(), file.name).config}
    accepted = ".happy" in file.name or is_beyond_a_schema(file.stem)
    found = complaints(SCHEMA, content)
    assert (found == []) == accepted, found


def test_every_case_beyond_a_schema_is_there() -> None:
    assert set().union(*BEYOND_A_SCHEMA.values()) <= {file.stem for file in CASES}


@pytest.mark.parametrize("file", [pytest.param(file, id=file.stem) for file in stack_files()])
def test_stack_files_name_the_schema_and_conform_to_it(file: Path) -> None:
    text = file.read_text()
    assert text.startswith("# yaml-language-server: $schema=stack.schema.json\n")
    assert complaints(SCHEMA, {"config": from_text(text, file.name).config}) == []
