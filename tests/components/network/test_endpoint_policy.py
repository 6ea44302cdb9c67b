"""What VPC endpoints let through."""

import json
from typing import Any

import pytest

from mlops.network.endpoint_policy import gateway_policies, interface_policy

ACCOUNTS = ["123456789012", "210987654321"]


def statements(policy: str) -> dict[str, dict[str, Any]]:
    return {statement["Sid"]: statement for statement in json.loads(policy)["Statement"]}


@pytest.mark.parametrize("service", ["s3", "dynamodb"])
def test_principal_and_resource_must_both_be_ours(service: str) -> None:
    own = statements(gateway_policies("eu-west-1", ACCOUNTS)[service])["OwnAccounts"]
    assert own["Effect"] == "Allow"
    assert own["Action"] == f"{service}:*"
    assert own["Condition"] == {
        "StringEquals": {"aws:PrincipalAccount": ACCOUNTS, "aws:ResourceAccount": ACCOUNTS}
    }


def test_image_layers_of_this_region_are_the_only_exception() -> None:
    policies = gateway_policies("eu-west-1", ACCOUNTS)
    assert set(statements(policies["dynamodb"])) == {"OwnAccounts"}
    s3 = statements(policies["s3"])
    assert set(s3) == {"OwnAccounts", "ImageLayers"}
    assert s3["ImageLayers"]["Action"] == "s3:GetObject"
    assert s3["ImageLayers"]["Resource"] == "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*"


def test_interface_endpoints_serve_our_principals_only() -> None:
    own = statements(interface_policy(ACCOUNTS))
    assert set(own) == {"OwnAccounts"}
    assert own["OwnAccounts"]["Condition"] == {"StringEquals": {"aws:PrincipalAccount": ACCOUNTS}}
