"""What may pass through a VPC endpoint: requests of our accounts to our accounts."""

import json
from collections.abc import Sequence
from typing import Any


def gateway_policies(region: str, account_ids: Sequence[str]) -> dict[str, str]:
    """Endpoint policy by service (`s3`, `dynamodb`) for the gateways of a VPC.

    Principal and resource both have to belong to `account_ids`: foreign credentials that were
    brought into the VPC reach nothing, and data cannot be copied to a foreign bucket or table.
    """
    return {
        "s3": _document(
            _own_accounts("s3:*", account_ids, of_resource=True), _image_layers(region)
        ),
        "dynamodb": _document(_own_accounts("dynamodb:*", account_ids, of_resource=True)),
    }


def interface_policy(account_ids: Sequence[str]) -> str:
    """Endpoint policy for one service's interface endpoint: only principals of `account_ids`.

    The resource's account stays open, because add-on images lie in registries of AWS.
    """
    return _document(_own_accounts("*", account_ids, of_resource=False))


def _own_accounts(action: str, account_ids: Sequence[str], *, of_resource: bool) -> dict[str, Any]:
    condition = {"aws:PrincipalAccount": list(account_ids)}
    if of_resource:
        condition["aws:ResourceAccount"] = list(account_ids)
    return {
        "Sid": "OwnAccounts",
        "Effect": "Allow",
        "Principal": "*",
        "Action": action,
        "Resource": "*",
        "Condition": {"StringEquals": condition},
    }


def _image_layers(region: str) -> dict[str, Any]:
    # ECR hands out links into a bucket of its own; without this no node can pull an image.
    return {
        "Sid": "ImageLayers",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::prod-{region}-starport-layer-bucket/*",
    }


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
