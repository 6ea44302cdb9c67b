"""What the components are told, where it is more than copying a value."""

from typing import Any

import pulumi
import pytest

from infra import assemble
from infra.config.document import ENVIRONMENT_KEY, REGION_KEY, Document
from infra.config.load import load
from infra.config.model import DedicatedEnvironment
from infra.providers import Site
from mlops.access.ci_names import deploy_role_arn

SITE = Site("123456789012", "eu-west-1", ("eu-west-1a", "eu-west-1b", "eu-west-1c"))
FRAUD: dict[str, Any] = {
    "team": "fraud",
    "stage": "dev",
    "owner": {"email": "fraud-ml@example.com", "cost_center": "4711"},
    "ci": {"github": {"repository": "example/fraud-models", "repository_id": "123456789"}},
    "budget": {"monthly_usd": 800},
}


def config(**settings: Any) -> DedicatedEnvironment:
    values = {ENVIRONMENT_KEY: FRAUD | settings, REGION_KEY: "eu-west-1"}
    loaded = load("fraud-dev", Document("stacks/Pulumi.fraud-dev.yaml", values)).settings
    assert isinstance(loaded, DedicatedEnvironment)
    return loaded


def test_tags_tell_whose_it_is_and_who_pays() -> None:
    assert assemble.tags(config(tags={"data-class": "confidential"})) == {
        "team": "fraud",
        "stage": "dev",
        "environment": "fraud-dev",
        "owner": "fraud-ml@example.com",
        "cost-center": "4711",
        "managed-by": "pulumi",
        "data-class": "confidential",
    }


def test_zones_are_as_many_as_asked_for() -> None:
    network = assemble.platform(config(network={"availability_zones": 2}), SITE)["network"]
    assert network["availability_zones"] == ["eu-west-1a", "eu-west-1b"]


def test_the_owner_hears_of_alarms_and_nobody_twice() -> None:
    emails = ["oncall@example.com", "fraud-ml@example.com"]
    args = assemble.platform(config(monitoring={"alerts": {"emails": emails}}), SITE)
    assert args["alert_emails"] == ["fraud-ml@example.com", "oncall@example.com"]
    assert assemble.platform(config(), SITE)["alert_emails"] == ["fraud-ml@example.com"]


def test_named_administrators_do_not_lock_the_deploy_role_out() -> None:
    person = "arn:aws:iam::123456789012:role/platform"
    args = assemble.platform(config(cluster={"admin_principal_arns": [person]}), SITE)
    deploy = deploy_role_arn("123456789012", "/mlops/dev/fraud/", "fraud", "dev")
    assert args["cluster"]["admin_principal_arns"] == [person, deploy]


def test_without_named_administrators_iam_alone_decides() -> None:
    assert assemble.platform(config(), SITE)["cluster"]["admin_principal_arns"] == []


def test_an_administrator_of_another_account_is_one_clear_message() -> None:
    stranger = "arn:aws:iam::999999999999:role/platform"
    with pytest.raises(pulumi.RunError, match=f"names {stranger}, but .* account 123456789012"):
        assemble.platform(config(cluster={"admin_principal_arns": [stranger]}), SITE)


def test_a_boundary_is_passed_on_only_where_there_is_one() -> None:
    boundary = "arn:aws:iam::123456789012:policy/boundary"
    bounded = assemble.platform(config(iam={"permissions_boundary_arn": boundary}), SITE)
    assert bounded["permissions_boundary_arn"] == boundary
    assert "permissions_boundary_arn" not in assemble.platform(config(), SITE)


def test_the_state_bucket_reaches_the_ci_roles_only_where_it_is_named() -> None:
    names = {
        "bucket_arn": "arn:aws:s3:::example-state",
        "key_arn": "arn:aws:kms:eu-west-1:123456789012:key/1",
    }
    told = assemble._ci(config(ci={**FRAUD["ci"], "state": names}))
    assert told.get("state_store") == names
    assert "state_store" not in assemble._ci(config())
