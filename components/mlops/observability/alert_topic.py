"""The one place where alerts arrive: alarms, metric rules and budgets publish here."""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import sns

from mlops.observability.topic_policy import alert_topic_policy


class AlertTopicArgs(TypedDict):
    """Whose alerts, encrypted how, sent to whom."""

    account_id: str
    """Account whose alarms, metric workspaces and budgets may publish."""
    region: str
    """Region of the topic."""
    kms_key_arn: pulumi.Input[str]
    """Key that encrypts messages; its policy must admit `cloudwatch`, `aps` and `budgets`."""
    emails: NotRequired[list[str]]
    """Addresses that get every alert once they have confirmed AWS's first mail. Default none."""


class AlertTopic(pulumi.ComponentResource):
    """Encrypted topic that only the alerting services of this account may publish to."""

    topic_arn: pulumi.Output[str]
    """ARN of the topic, known once its policy is in force: publishers are checked at creation."""

    def __init__(
        self, name: str, args: AlertTopicArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:AlertTopic", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        topic = sns.Topic(f"{name}-topic", kms_master_key_id=args["kms_key_arn"], opts=child)
        policy = sns.TopicPolicy(
            f"{name}-policy",
            arn=topic.arn,
            policy=alert_topic_policy(topic.arn, args["account_id"], args["region"]),
            opts=child,
        )
        for email in args.get("emails", []):
            sns.TopicSubscription(
                f"{name}-{email}", topic=topic.arn, protocol="email", endpoint=email, opts=child
            )

        self.topic_arn = policy.arn
        self.register_outputs({"topicArn": self.topic_arn})
