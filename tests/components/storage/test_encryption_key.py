"""What an EncryptionKey makes of its arguments."""

import json

import pytest

from mlops.storage.encryption_key import EncryptionKey, EncryptionKeyArgs
from tests.conftest import Deploy

DEV: EncryptionKeyArgs = {
    "alias": "mlops/demo-dev",
    "description": "Artifacts and logs of demo-dev",
    "account_id": "123456789012",
    "region": "eu-west-1",
    "on_destroy": "delete",
}
PROD: EncryptionKeyArgs = {**DEV, "on_destroy": "retain", "services": ["logs"]}


def test_children_are_named_by_role_and_parented(deploy: Deploy) -> None:
    graph = deploy(lambda: EncryptionKey("key", DEV))
    component = graph.named("key")
    assert component.type == "mlops:index:EncryptionKey"
    assert {(r.type, r.name) for r in graph.children_of(component.urn)} == {
        ("aws:kms/key:Key", "key-key"),
        ("aws:kms/alias:Alias", "key-alias"),
    }


def test_the_alias_leads_to_the_key(deploy: Deploy) -> None:
    graph = deploy(lambda: EncryptionKey("key", DEV))
    outputs = graph.component_outputs[graph.named("key").urn]
    alias = graph.named("key-alias").inputs
    assert alias == {"name": "alias/mlops/demo-dev", "targetKeyId": outputs["keyId"]}
    assert outputs["aliasName"] == "alias/mlops/demo-dev"
    assert outputs["keyArn"].endswith(f"key/{outputs['keyId']}")


@pytest.mark.parametrize(("args", "kept", "window"), [(DEV, False, 7), (PROD, True, 30)])
def test_on_destroy_decides_whether_data_stays_readable(
    deploy: Deploy, args: EncryptionKeyArgs, kept: bool, window: int
) -> None:
    key = deploy(lambda: EncryptionKey("key", args)).named("key-key")
    assert key.protect is kept
    assert key.retain_on_delete is kept
    assert key.inputs["deletionWindowInDays"] == window


def test_a_given_deletion_window_wins(deploy: Deploy) -> None:
    key = deploy(lambda: EncryptionKey("key", {**DEV, "deletion_window_days": 14})).named("key-key")
    assert key.inputs["deletionWindowInDays"] == 14


def test_the_key_rotates_and_nobody_can_be_locked_out(deploy: Deploy) -> None:
    key = deploy(lambda: EncryptionKey("key", DEV)).named("key-key").inputs
    assert key["enableKeyRotation"] is True
    assert key["bypassPolicyLockoutSafetyCheck"] is False


def test_only_named_services_may_use_the_key(deploy: Deploy) -> None:
    def sids(args: EncryptionKeyArgs) -> list[str]:
        key = deploy(lambda: EncryptionKey("key", args)).named("key-key")
        return [s["Sid"] for s in json.loads(key.inputs["policy"])["Statement"]]

    assert sids(DEV) == ["AccountAdministers"]
    assert sids(PROD) == ["AccountAdministers", "LogGroupsOfThisAccount"]
