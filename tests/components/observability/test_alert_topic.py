"""What an AlertTopic makes of its arguments."""

import json
from typing import Any

from infra.recording import Graph
from mlops.observability.alert_topic import AlertTopic, AlertTopicArgs
from mlops.storage.key_policy import PUBLISHERS
from tests.conftest import Deploy

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
ARGS: AlertTopicArgs = {
    "account_id": "123456789012",
    "region": "eu-west-1",
    "kms_key_arn": KEY,
    "emails": ["a@example.com", "b@example.com"],
}


def run(deploy: Deploy, args: AlertTopicArgs = ARGS) -> Graph:
    return deploy(lambda: AlertTopic("alerts", args))


def statements(graph: Graph) -> dict[str, dict[str, Any]]:
    policy = json.loads(graph.named("alerts-policy").inputs["policy"])
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def test_messages_are_encrypted_with_the_given_key(deploy: Deploy) -> None:
    assert run(deploy).named("alerts-topic").inputs["kmsMasterKeyId"] == KEY


def test_every_alerting_service_publishes_for_this_account_only(deploy: Deploy) -> None:
    graph = run(deploy)
    found = statements(graph)
    assert set(found) == {f"PublishFrom{s.capitalize()}" for s in PUBLISHERS} | {"DenyPlainHttp"}
    for service in PUBLISHERS:
        statement = found[f"PublishFrom{service.capitalize()}"]
        assert statement["Effect"] == "Allow"
        assert statement["Principal"] == {"Service": f"{service}.amazonaws.com"}
        assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}
        assert ":123456789012:" in statement["Condition"]["ArnLike"]["aws:SourceArn"]
        assert statement["Resource"] == graph.named("alerts-policy").inputs["arn"]


def test_plain_http_is_denied_to_everybody(deploy: Deploy) -> None:
    denial = statements(run(deploy))["DenyPlainHttp"]
    assert (denial["Effect"], denial["Principal"]) == ("Deny", "*")
    assert denial["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_metrics_alert_manager_may_look_at_the_topic_first(deploy: Deploy) -> None:
    found = statements(run(deploy))
    assert found["PublishFromAps"]["Action"] == ["sns:Publish", "sns:GetTopicAttributes"]
    assert found["PublishFromBudgets"]["Action"] == "sns:Publish"


def test_users_of_the_topic_wait_for_its_policy(deploy: Deploy) -> None:
    graph = deploy(_topic_with_follower)
    follower = graph.named("follower-alarm")
    assert graph.named("alerts-policy").urn in follower.depends_on


def _topic_with_follower() -> None:
    from pulumi_aws import cloudwatch  # noqa: PLC0415  a slow import that one test needs

    topic = AlertTopic("alerts", ARGS)
    cloudwatch.MetricAlarm(
        "follower-alarm",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        alarm_actions=[topic.topic_arn],
    )


def test_each_address_is_subscribed(deploy: Deploy) -> None:
    subscriptions = run(deploy).of_type("aws:sns/topicSubscription:TopicSubscription")
    assert {(s.inputs["protocol"], s.inputs["endpoint"]) for s in subscriptions} == {
        ("email", "a@example.com"),
        ("email", "b@example.com"),
    }
    silent: AlertTopicArgs = {
        "account_id": "123456789012",
        "region": "eu-west-1",
        "kms_key_arn": KEY,
    }
    assert not run(deploy, silent).of_type("aws:sns/topicSubscription:TopicSubscription")
