"""A draft becomes the smallest file that says what was answered."""

from typing import Any

import pytest

from infra.config.document import PLATFORM_KEY, from_text
from infra.config.draft import Draft
from infra.config.load import load
from infra.config.model import Platform, SharedEnvironment

ANSWERS: dict[str, Any] = {
    "stage": "dev",
    "aws:region": "eu-west-1",
    "owner.email": "fraud-ml@example.com",
    "owner.cost_center": "4711",
    "ci.github.repository": "example/fraud-models",
    "ci.github.repository_id": "123456789",
    "budget.monthly_usd": 800,
}


def test_a_complete_draft_is_a_stack_file_in_the_style_of_the_others() -> None:
    assert Draft("fraud", ANSWERS).text() == (
        "config:\n"
        "  aws:region: eu-west-1\n"
        "  mlops:environment:\n"
        "    team: fraud\n"
        "    stage: dev\n"
        '    owner: {email: fraud-ml@example.com, cost_center: "4711"}\n'
        '    ci: {github: {repository: example/fraud-models, repository_id: "123456789"}}\n'
        "    budget: {monthly_usd: 800}\n"
    )


@pytest.mark.parametrize(
    ("name", "more", "kind"),
    [
        ("fraud", {"tenancy": "shared", "platform": "platform-eu-dev"}, SharedEnvironment),
        ("platform", {"network.cidr": "10.12.0.0/16"}, Platform),
        ("platform-eu", {"network.cidr": "10.12.0.0/16"}, Platform),
    ],
)
def test_what_is_written_is_what_was_answered(
    name: str, more: dict[str, Any], kind: type[Any]
) -> None:
    draft = Draft(name, ANSWERS)
    for key, value in more.items():
        draft = draft.with_answer(key, value)
    read = from_text(draft.text(), "stacks/new.yaml")
    assert read.config == draft.document().config
    assert len(draft.text().splitlines()) <= 12
    config = load(draft.stack, read)
    assert isinstance(config.settings, kind)
    assert config.settings.name == name


def test_blocks_that_the_organisation_fills_are_left_out() -> None:
    few = {key: value for key, value in ANSWERS.items() if not key.startswith(("owner", "ci"))}
    text = Draft("fraud", few).text()
    assert "owner" not in text
    assert "ci:" not in text
    assert "budget" in text


def test_a_draft_without_answers_has_the_blocks_it_must_have() -> None:
    config = Draft("platform", {}).document().config
    assert config == {PLATFORM_KEY: {"owner": {}, "ci": {"github": {}}, "budget": {}}}
