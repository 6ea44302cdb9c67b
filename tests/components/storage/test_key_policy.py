"""Who may use an encryption key."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops.platform import KEY_SERVICES
from mlops.storage.key_policy import PUBLISHERS, SERVICES, key_policy

ACCOUNT = "123456789012"


def statements(*services: str) -> dict[str, dict[str, Any]]:
    document = key_policy(ACCOUNT, "eu-west-1", services)
    return {statement["Sid"]: statement for statement in document["Statement"]}


def test_without_services_only_the_account_itself_decides() -> None:
    assert statements() == {
        "AccountAdministers": {
            "Sid": "AccountAdministers",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    }


def test_logs_of_this_region_are_bound_to_log_groups_of_this_account() -> None:
    logs = statements("logs")["LogGroupsOfThisAccount"]
    assert logs["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    assert logs["Condition"] == {
        "ArnLike": {
            "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:123456789012:log-group:*"
        }
    }


@pytest.mark.parametrize("service", PUBLISHERS)
def test_publishers_can_only_write_messages_and_only_for_this_account(service: str) -> None:
    found = statements(service)
    assert set(found) == {"AccountAdministers", f"PublishFrom{service.capitalize()}"}
    publish = found[f"PublishFrom{service.capitalize()}"]
    assert publish["Principal"] == {"Service": f"{service}.amazonaws.com"}
    assert publish["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert publish["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
    assert f":{ACCOUNT}:" in publish["Condition"]["ArnLike"]["aws:SourceArn"]


@given(services=st.lists(st.sampled_from(SERVICES)))
def test_nobody_but_the_account_is_unconditional(services: list[str]) -> None:
    document = key_policy(ACCOUNT, "eu-west-1", services)
    sids = [statement["Sid"] for statement in document["Statement"]]
    assert len(sids) == len(set(services)) + 1 == len(set(sids))
    for statement in document["Statement"]:
        assert statement["Principal"] != "*"
        assert statement["Principal"].get("AWS") != "*"
        assert ("Condition" in statement) is (statement["Sid"] != "AccountAdministers")


def test_an_unknown_service_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="known for s3; services to choose from: logs, cloudwatch"):
        key_policy(ACCOUNT, "eu-west-1", ["logs", "s3"])


def test_the_guide_shows_the_policy_that_a_given_key_needs() -> None:
    guide = Path(__file__).parents[3] / "docs" / "bring-your-own.md"
    (shown,) = re.findall(r"```json\n(.*?)```", guide.read_text(), re.DOTALL)
    assert json.loads(shown) == key_policy("123456789012", "eu-west-1", KEY_SERVICES)
