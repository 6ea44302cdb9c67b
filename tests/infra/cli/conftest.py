"""Runs commands as a shell would, in this process."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from infra.cli.app import app
from tests.infra.account_in_memory import account_in_memory
from tests.infra.cli.stack_folder import StackFolder

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


@pytest.fixture
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StackFolder:
    """Make an empty project and go into it."""
    monkeypatch.chdir(tmp_path)
    return StackFolder.at(tmp_path)
