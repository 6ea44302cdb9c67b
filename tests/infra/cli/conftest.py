"""Runs commands as a shell would, in this process."""

from collections.abc import Callable, Iterator

import pytest
from typer.testing import CliRunner, Result

from infra.cli.app import app
from tests.infra.account_in_memory import account_in_memory

Mlops = Callable[..., Result]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Answer every call to AWS from memory."""
    with account_in_memory(monkeypatch):
        yield


@pytest.fixture
def mlops() -> Mlops:
    """Run `mlops` with these arguments; an error that is no sentence fails the test."""

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(app, arguments, prog_name="mlops")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "Traceback" not in result.output
        return result

    return run
