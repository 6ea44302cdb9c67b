"""There is a home directory even where nobody names one."""

import os
import pwd
from pathlib import Path

import pytest

from sandbox.toolbox import user_home


def test_home_is_what_the_environment_says() -> None:
    assert user_home({"HOME": "/home/me"}) == Path("/home/me")


@pytest.mark.parametrize("environment", [{}, {"HOME": ""}], ids=["unset", "empty"])
def test_the_system_knows_it_otherwise(environment: dict[str, str]) -> None:
    assert user_home(environment) == Path(pwd.getpwuid(os.getuid()).pw_dir)


def test_a_user_without_an_account_has_the_root_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody_has_this_number = max(account.pw_uid for account in pwd.getpwall()) + 1
    monkeypatch.setattr(os, "getuid", lambda: nobody_has_this_number)
    assert user_home({}) == Path("/")
