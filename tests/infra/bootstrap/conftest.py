"""An AWS account for the tests that ask for one."""

from collections.abc import Iterator

import pytest

from tests.infra.account_in_memory import account_in_memory


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Answer every call to AWS from memory."""
    with account_in_memory(monkeypatch):
        yield
