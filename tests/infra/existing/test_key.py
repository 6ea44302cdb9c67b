"""A key that a stack file names must be able to encrypt all of the stack."""

from typing import Any

import pulumi
import pytest

from infra.existing.key import check_key
from tests.infra.existing.asked import SITE, asked, settings

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
OF_ANOTHER = "arn:aws:kms:eu-west-1:999999999999:key/1"


def check(arn: str | None = KEY, **answer: Any) -> None:
    told = settings(encryption={"key_arn": arn})
    asked(lambda providers: check_key(told, SITE, providers), {KEY: answer})


def test_an_enabled_symmetric_key_of_the_account_will_do() -> None:
    check()


def test_without_a_key_nothing_is_asked() -> None:
    check(None, keyState="Disabled")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"keyState": "Disabled"}, "whose state is Disabled; enable it"),
        ({"keyState": "PendingDeletion"}, "whose state is PendingDeletion"),
        ({"keyManager": "AWS"}, "a key that AWS manages; name one whose policy you write"),
        ({"keyUsage": "SIGN_VERIFY", "keySpec": "RSA_2048"}, "SIGN_VERIFY with RSA_2048; name a"),
        ({"keySpec": "RSA_2048"}, "ENCRYPT_DECRYPT with RSA_2048; name a symmetric key"),
    ],
)
def test_what_cannot_encrypt_the_stack_is_refused(answer: dict[str, Any], sentence: str) -> None:
    with pytest.raises(pulumi.RunError, match=f"encryption.key_arn names {KEY}, .*{sentence}"):
        check(**answer)


def test_the_key_of_another_account_is_refused() -> None:
    with pytest.raises(pulumi.RunError, match=r"of account 999999999999, but .* 123456789012"):
        check(OF_ANOTHER)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(pulumi.RunError) as refused:
        check(keyState="Disabled", keySpec="RSA_2048")
    assert len(str(refused.value).splitlines()) == 2
