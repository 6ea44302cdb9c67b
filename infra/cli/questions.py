"""What `mlops new` has to know, and what it says about a wrong answer: the model's own words."""

import re
from typing import Any, NamedTuple

from infra.cli.project import Project
from infra.config.document import REGION_KEY
from infra.config.draft import Draft


class Question(NamedTuple):
    """One thing that only the owner of a stack knows."""

    key: str
    flag: str
    text: str
    """What is wanted, for whoever is asked."""


QUESTIONS = (
    Question("stage", "--stage", "Stage (dev, stage or prod)"),
    Question(REGION_KEY, "--region", "AWS region"),
    Question("owner.email", "--email", "Mailbox of the team"),
    Question("owner.cost_center", "--cost-center", "Cost center"),
    Question("ci.github.repository", "--repository", "GitHub repository (owner/name)"),
    Question(
        "ci.github.repository_id",
        "--repository-id",
        "Its number on GitHub (gh api repos/OWNER/NAME --jq .id)",
    ),
    Question("budget.monthly_usd", "--budget", "Budget in US dollars a month"),
)
_FLAGS = {
    **{question.key: question.flag for question in QUESTIONS},
    **{"team": "TEAM", "name": "TEAM", "tenancy": "--tenancy", "platform": "--platform"},
}


def answer(key: str, given: str) -> Any:
    """Return what was typed as the model wants it; a wrong answer stays as it is."""
    is_number = key == "budget.monthly_usd" and re.fullmatch(r"\d{1,9}", given, re.ASCII)
    return int(given) if is_number else given


def problems(project: Project, draft: Draft) -> dict[str, str]:
    """Return what is wrong with a draft, by key."""
    view = project.view_of(draft.stack, draft.document())
    return {finding.key: finding.problem for finding in view.findings}


def missing(project: Project, draft: Draft) -> list[Question]:
    """Return what is still to be asked: what no layer says."""
    found = problems(project, draft)
    return [each for each in QUESTIONS if each.key in found and each.key not in draft.answers]


def wrong_flags(project: Project, draft: Draft) -> dict[str, str]:
    """Return what is wrong with what was given, by flag."""
    given = {"team", "name", *draft.answers}
    return {
        _FLAGS[key]: problem for key, problem in problems(project, draft).items() if key in given
    }
