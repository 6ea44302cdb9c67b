"""How a program is started."""

import ast
from pathlib import Path

import pytest
from pulumi.runtime.proto import language_pb2

from sandbox.plugins.python import program_run
from sandbox.plugins.python.interpreter import Interpreter
from sandbox.plugins.python.program_run import CheckError, check_types, command, configuration

PYTHON = Interpreter(Path("/venv/bin/python"), Path("/venv"), None)


def test_the_command_names_only_what_is_known() -> None:
    request = language_pb2.RunRequest(
        project="trial",
        stack="dev",
        monitor_address="127.0.0.1:1",
        parallel=4,
        args=["extra"],
        info=language_pb2.ProgramInfo(entry_point=".", root_directory="/project"),
    )
    started = command(request, "127.0.0.1:2", PYTHON)
    assert started[:3] == ["/venv/bin/python", "-P", str(program_run.EXECUTOR)]
    assert started[-2:] == [".", "extra"]
    options = dict(zip(started[3:-2:2], started[4:-2:2], strict=True))
    assert options == {
        "--monitor": "127.0.0.1:1",
        "--engine": "127.0.0.1:2",
        "--project": "trial",
        "--root_directory": "/project",
        "--stack": "dev",
        "--dry_run": "false",
        "--parallel": "4",
    }


def test_the_configuration_reaches_the_sdk_by_its_variables() -> None:
    request = language_pb2.RunRequest(config={"a:b": "1"}, configSecretKeys=["a:b"])
    assert configuration(request) == {
        "PULUMI_CONFIG": '{"a:b": "1"}',
        "PULUMI_CONFIG_SECRET_KEYS": '["a:b"]',
    }
    assert configuration(language_pb2.RunRequest()) == {}


def test_the_type_checker_runs_only_where_asked_for(tmp_path: Path) -> None:
    checker = tmp_path / "python"
    checker.write_text('#!/bin/sh\necho "$3 $4: bad types"\nexit 1\n', encoding="utf-8")
    checker.chmod(0o755)
    check_types(str(tmp_path), Interpreter(checker, tmp_path, None))
    with pytest.raises(CheckError, match=r"mypy failed: exit status 1\n--exclude \.: bad types"):
        check_types(str(tmp_path), Interpreter(checker, tmp_path, "mypy"))


def test_host_and_executor_agree_on_the_exit_code() -> None:
    """The executor runs in the program's environment and can share no module with the host."""
    tree = ast.parse(program_run.EXECUTOR.read_text(encoding="utf-8"))
    constants = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    assert constants["EXIT_MESSAGE_SHOWN"] == program_run.EXIT_MESSAGE_SHOWN
