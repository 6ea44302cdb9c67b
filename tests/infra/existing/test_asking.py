"""What AWS does not tell is one sentence."""

import pulumi
import pytest

from infra.existing.asking import answer, require


def test_an_answer_is_passed_on() -> None:
    assert answer("key names x", lambda: "told") == "told"


def test_a_refusal_names_what_was_asked_about_and_what_aws_said() -> None:
    def question() -> None:
        raise ValueError("invoke failed:\n  * NotFoundException")

    with pytest.raises(pulumi.RunError) as refused:
        answer("encryption.key_arn names x", question)
    sentence = str(refused.value)
    assert sentence.startswith("encryption.key_arn names x, but AWS tells nothing of it; ")
    assert sentence.endswith("(invoke failed: * NotFoundException)")


def test_where_nothing_is_wrong_nothing_is_said() -> None:
    require([])
