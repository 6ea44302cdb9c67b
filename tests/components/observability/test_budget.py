"""What a Budget makes of its arguments."""

import pytest

from infra.recording import RecordedResource
from mlops.observability.budget import Budget, BudgetArgs
from tests.conftest import Deploy

TOPIC = "arn:aws:sns:eu-west-1:123456789012:alerts"
DEMO: BudgetArgs = {
    "team": "demo",
    "stage": "dev",
    "monthly_usd": 800,
    "emails": ["demo@example.com"],
    "topic_arn": TOPIC,
}


def run(deploy: Deploy, args: BudgetArgs) -> RecordedResource:
    graph = deploy(lambda: Budget("budget", args))
    (child,) = graph.children_of(graph.named("budget").urn)
    assert graph.component_outputs[child.parent] == {"budgetName": child.inputs["name"]}
    return child


def test_the_budget_is_the_team_s_own_by_the_month(deploy: Deploy) -> None:
    budget = run(deploy, DEMO)
    assert (budget.type, budget.name) == ("aws:budgets/budget:Budget", "budget-monthly")
    assert budget.inputs["name"] == "demo-dev-monthly"
    assert budget.inputs["limitAmount"] == "800"
    assert budget.inputs["limitUnit"] == "USD"
    assert budget.inputs["timeUnit"] == "MONTHLY"
    assert budget.inputs["costFilters"] == [{"name": "TagKeyValue", "values": ["user:team$demo"]}]


def test_warnings_come_before_the_money_is_gone_and_reach_people_and_topic(deploy: Deploy) -> None:
    notifications = run(deploy, DEMO).inputs["notifications"]
    assert [(n["notificationType"], n["threshold"]) for n in notifications] == [
        ("ACTUAL", 50),
        ("ACTUAL", 80),
        ("ACTUAL", 100),
        ("FORECASTED", 100),
    ]
    for notification in notifications:
        assert notification["thresholdType"] == "PERCENTAGE"
        assert notification["comparisonOperator"] == "GREATER_THAN"
        assert notification["subscriberEmailAddresses"] == ["demo@example.com"]
        assert notification["subscriberSnsTopicArns"] == [TOPIC]


def test_without_a_topic_only_people_are_warned(deploy: Deploy) -> None:
    args: BudgetArgs = {
        "team": "demo",
        "stage": "dev",
        "monthly_usd": 1,
        "emails": ["demo@example.com"],
    }
    for notification in run(deploy, args).inputs["notifications"]:
        assert "subscriberSnsTopicArns" not in notification


def test_another_tag_can_mark_the_costs(deploy: Deploy) -> None:
    budget = run(deploy, {**DEMO, "cost_tag_key": "environment", "cost_tag_value": "demo-dev"})
    assert budget.inputs["costFilters"][0]["values"] == ["user:environment$demo-dev"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"thresholds_percent": [10, 20, 30, 40, 50]}, "5 budget thresholds .* AWS allows 4"),
        ({"emails": ["x@example.com"] * 11}, "11 budget e-mail addresses .* AWS allows 10"),
    ],
)
def test_what_aws_would_refuse_is_refused_before(
    deploy: Deploy, change: BudgetArgs, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        run(deploy, {**DEMO, **change})


def test_a_budget_nobody_hears_of_is_refused(deploy: Deploy) -> None:
    silent: BudgetArgs = {"team": "demo", "stage": "dev", "monthly_usd": 1, "emails": []}
    with pytest.raises(ValueError, match="nobody hears of"):
        run(deploy, silent)
    run(deploy, {**silent, "topic_arn": TOPIC})
