"""The command itself: what it lists, how light it is, how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from infra.cli.app import app
from infra.cli.console import CommandFailed, Console
from tests.infra.cli.conftest import Mlops

COMMANDS = [command.callback.__name__ for command in app.registered_commands if command.callback]
HEAVY = {"boto3", "botocore", "pulumi", "pydantic", "ruamel", "asyncio"}


def output_of(*arguments: str) -> str:
    return subprocess.run(arguments, capture_output=True, check=True, text=True).stdout  # noqa: S603


def test_help_lists_every_command(mlops: Mlops) -> None:
    result = mlops("--help")
    assert result.exit_code == 0
    assert {"bootstrap", "doctor"} <= set(COMMANDS)
    assert all(command in result.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_be_read_by_machines(mlops: Mlops, command: str) -> None:
    result = mlops(command, "--help")
    assert result.exit_code == 0
    assert "--json" in result.stdout


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, json, infra.cli.app; print(json.dumps(sorted(sys.modules)))"
    modules = set(json.loads(output_of(sys.executable, "-c", code)))
    assert "typer" in modules
    assert modules & HEAVY == set()


def test_it_is_installed_as_a_program() -> None:
    assert "Usage: mlops" in output_of(str(Path(sys.executable).with_name("mlops")), "--help")


@pytest.mark.parametrize(
    "arguments", [["unknown"], ["doctor", "--unknown"], ["bootstrap", "--json", "extra"]]
)
def test_wrong_usage_ends_with_2(mlops: Mlops, arguments: list[str]) -> None:
    result = mlops(*arguments)
    assert result.exit_code == 2
    assert "Usage: mlops" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (CommandFailed("It is [red] wrong."), 1, "It is [red] wrong."),
        (FileNotFoundError(2, "No such file", "stacks/x.yaml"), 1, "stacks/x.yaml: No such file"),
        (KeyboardInterrupt(), 130, "Interrupted."),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_a_code(
    error: BaseException, code: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended, Console(as_json=False).explained():
        raise error
    assert ended.value.exit_code == code
    output = capsys.readouterr()
    assert output.err == f"Error: {sentence}\n"
    assert output.out == ""


def test_a_failure_is_a_document_too(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(as_json=True)
    console.line("not for machines")
    with pytest.raises(typer.Exit), console.explained():
        raise CommandFailed("Wrong.", {"found": [1]})
    assert json.loads(capsys.readouterr().out) == {"found": [1], "error": "Wrong."}
