"""Monthly cost budget of one team and stage, with warnings before the money is gone."""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import budgets

DEFAULT_THRESHOLDS_PERCENT = (50, 80, 100)
FORECAST_THRESHOLD_PERCENT = 100
# Limits of AWS Budgets: notifications of one budget, and addresses of one notification.
MAX_NOTIFICATIONS = 5
MAX_EMAILS = 10


class BudgetArgs(TypedDict):
    """Whose money, how much, and who hears of it."""

    team: str
    """Team that spends."""
    stage: str
    """Stage the budget is for."""
    monthly_usd: int
    """US dollars for a calendar month."""
    emails: list[str]
    """Addresses that are warned, at most ten."""
    topic_arn: NotRequired[pulumi.Input[str]]
    """Topic that is warned too; its policy must let AWS Budgets publish."""
    thresholds_percent: NotRequired[list[int]]
    """Shares of the budget at which spent money is reported. Default 50, 80 and 100. A forecast
    of 100 is always reported."""
    cost_tag_key: NotRequired[str]
    """Cost allocation tag that marks the costs. Default `team`. The tag has to be activated once
    in the billing settings of the paying account, else no cost is counted."""
    cost_tag_value: NotRequired[str]
    """Value of that tag. Default: the team."""


class Budget(pulumi.ComponentResource):
    """Budget over everything that carries the team's tag."""

    budget_name: pulumi.Output[str]
    """Name of the budget in the account."""

    def __init__(
        self, name: str, args: BudgetArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:Budget", name, {**args}, opts)
        tag_key = args.get("cost_tag_key", "team")
        tag_value = args.get("cost_tag_value", args["team"])

        budget = budgets.Budget(
            f"{name}-monthly",
            name=f"{args['team']}-{args['stage']}-monthly",
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(args["monthly_usd"]),
            limit_unit="USD",
            cost_filters=[{"name": "TagKeyValue", "values": [f"user:{tag_key}${tag_value}"]}],
            notifications=_notifications(args),
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.budget_name = budget.name
        self.register_outputs({"budgetName": self.budget_name})


def _notifications(args: BudgetArgs) -> list[budgets.BudgetNotificationArgsDict]:
    _check_limits(args)
    spent = args.get("thresholds_percent", list(DEFAULT_THRESHOLDS_PERCENT))
    return [
        *(_notification(args, "ACTUAL", percent) for percent in spent),
        _notification(args, "FORECASTED", FORECAST_THRESHOLD_PERCENT),
    ]


def _notification(args: BudgetArgs, kind: str, percent: int) -> budgets.BudgetNotificationArgsDict:
    notification: budgets.BudgetNotificationArgsDict = {
        "comparison_operator": "GREATER_THAN",
        "notification_type": kind,
        "threshold": percent,
        "threshold_type": "PERCENTAGE",
        "subscriber_email_addresses": args["emails"],
    }
    if "topic_arn" in args:
        notification["subscriber_sns_topic_arns"] = [args["topic_arn"]]
    return notification


def _check_limits(args: BudgetArgs) -> None:
    thresholds = args.get("thresholds_percent", [])
    if len(thresholds) >= MAX_NOTIFICATIONS:
        raise ValueError(
            f"{len(thresholds)} budget thresholds were given; AWS allows "
            f"{MAX_NOTIFICATIONS - 1} beside the forecast"
        )
    if len(args["emails"]) > MAX_EMAILS:
        raise ValueError(
            f"{len(args['emails'])} budget e-mail addresses were given; AWS allows {MAX_EMAILS}: "
            "use a distribution list"
        )
    if not args["emails"] and "topic_arn" not in args:
        raise ValueError("a budget nobody hears of is useless: give emails or a topic_arn")
