"""A small Terraform provider, as the bridge describes it in its answer to `GetMapping`."""

from typing import Any

BOOLEAN, NUMBER, STRING, LIST, MAP = 1, 2, 4, 5, 6


def scalar(kind: int) -> dict[str, Any]:
    """Describe an attribute that is text, a number or a truth value."""
    return {"type": kind, "optional": True}


def list_of_scalars() -> dict[str, Any]:
    """Describe a list of texts."""
    return {"type": LIST, "element": {"schema": {"type": STRING}}}


def blocks(at_most: int = 0, **attributes: dict[str, Any]) -> dict[str, Any]:
    """Describe nested blocks."""
    limit = {"maxItems": at_most} if at_most else {}
    return {"type": LIST, "element": {"resource": attributes}, **limit}


def tags() -> dict[str, Any]:
    """Describe a map of texts."""
    return {"type": MAP, "element": {"schema": {"type": STRING}}}


RESOURCES: dict[str, dict[str, dict[str, Any]]] = {
    "aws_s3_bucket": {
        "bucket": scalar(STRING),
        "arn": scalar(STRING),
        "force_destroy": scalar(BOOLEAN),
        "tags": tags(),
    },
    "aws_s3_bucket_lifecycle_configuration": {
        "bucket": scalar(STRING),
        "rule": blocks(
            id=scalar(STRING),
            status=scalar(STRING),
            filter=blocks(prefix=scalar(STRING)),
            expiration=blocks(days=scalar(NUMBER)),
        ),
    },
    "aws_cloudwatch_metric_alarm": {
        "alarm_name": scalar(STRING),
        "alarm_actions": list_of_scalars(),
        "threshold": scalar(NUMBER),
    },
    "aws_db_instance": {
        "identifier": scalar(STRING),
        "engine": scalar(STRING),
        "arn": scalar(STRING),
        "password": scalar(STRING),
        "manage_master_user_password": scalar(BOOLEAN),
        "master_user_secret": blocks(
            secret_arn=scalar(STRING), secret_status=scalar(STRING), kms_key_id=scalar(STRING)
        ),
        "performance_insights_kms_key_id": scalar(STRING),
    },
    "aws_eks_cluster": {
        "name": scalar(STRING),
        "role_arn": scalar(STRING),
        "tags": tags(),
        "certificate_authority": blocks(data=scalar(STRING)),
        "compute_config": blocks(1, enabled=scalar(BOOLEAN), node_pools=list_of_scalars()),
    },
    "aws_iam_role": {
        "name": scalar(STRING),
        "assume_role_policy": scalar(STRING),
        "max_session_duration": scalar(NUMBER),
    },
    "aws_iam_role_policy_attachment": {
        "role": scalar(STRING),
        "policy_arn": scalar(STRING),
    },
    "aws_prometheus_scraper": {
        "alias": scalar(STRING),
        "arn": scalar(STRING),
        "scrape_configuration": scalar(STRING),
    },
    "aws_sns_topic_subscription": {"topic_arn": scalar(STRING), "protocol": scalar(STRING)},
    "aws_vpc": {"cidr_block": scalar(STRING), "tags": tags()},
}

FUNCTIONS: dict[str, dict[str, dict[str, Any]]] = {
    "aws_caller_identity": {"account_id": scalar(STRING), "arn": scalar(STRING)},
    "aws_region": {"name": scalar(STRING), "endpoint": scalar(STRING)},
}

PROVIDER = {
    "region": scalar(STRING),
    "access_key": scalar(STRING),
    "s3_use_path_style": scalar(BOOLEAN),
    "skip_metadata_api_check": scalar(STRING),
    "default_tags": blocks(tags=tags()),
    "endpoints": blocks(s3=scalar(STRING), ec2=scalar(STRING)),
}


def camel(name: str) -> str:
    """`s3_bucket` -> `s3Bucket`."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def mapping() -> dict[str, Any]:
    """Build the whole answer."""
    resources = {}
    for name in RESOURCES:
        plain = camel(name.removeprefix("aws_"))
        resources[name] = {"tok": f"aws:index/{plain}:{plain[0].upper()}{plain[1:]}"}
    functions = {}
    for name in FUNCTIONS:
        plain = camel(name.replace("aws_", "get_"))
        functions[name] = {"tok": f"aws:index/{plain}:{plain}"}
    resources["aws_eks_cluster"]["fields"] = {"name": {"name": "name"}}  # type: ignore[assignment]
    return {
        "provider": {"schema": PROVIDER, "resources": RESOURCES, "dataSources": FUNCTIONS},
        "resources": resources,
        "dataSources": functions,
    }
