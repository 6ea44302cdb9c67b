"""Who may publish to an alert topic: the alerting services, for this account, over TLS."""

from typing import Any

import pulumi

from mlops.storage.key_policy import PUBLISHERS, on_behalf_of


def alert_topic_policy(
    topic_arn: pulumi.Input[str], account_id: str, region: str
) -> pulumi.Output[str]:
    """JSON of the topic policy. People and roles of the account are ruled by their own IAM."""
    services = [
        _publish(service, topic_arn, on_behalf_of(service, account_id, region))
        for service in PUBLISHERS
    ]
    plain_http = {
        "Sid": "DenyPlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [*services, plain_http]})


def _publish(
    service: str, topic_arn: pulumi.Input[str], condition: dict[str, dict[str, str]]
) -> dict[str, Any]:
    return {
        "Sid": f"PublishFrom{service.capitalize()}",
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        # The alert manager of `aps` looks at the topic before it publishes.
        "Action": ["sns:Publish", "sns:GetTopicAttributes"] if service == "aps" else "sns:Publish",
        "Resource": topic_arn,
        "Condition": condition,
    }
