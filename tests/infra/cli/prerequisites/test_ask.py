"""A program that is asked something may do what it likes; the one who asks comes through."""

import os
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from infra.cli.prerequisites.ask import Answer, ask

Program = Callable[[str], str]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Write an executable file with this content."""

    def write(content: str) -> str:
        file = tmp_path / "program"
        file.write_text(content, encoding="latin-1")
        file.chmod(0o755)
        return str(file)

    return write


def answer_of(path: str, *arguments: str, seconds: float = 5.0) -> Answer:
    return ask(path, *arguments, environment={"GREETING": "hello"}, seconds=seconds)


def test_a_good_program_is_heard(program: Program) -> None:
    path = program('#!/bin/sh\necho "$GREETING $1"; echo aside >&2\n')
    assert answer_of(path, "you") == Answer("hello you")


def test_it_gets_no_input_to_wait_for(program: Program) -> None:
    assert answer_of(program("#!/bin/sh\ncat; echo done\n")) == Answer("done")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("#!/nonexistent/interpreter\n", "cannot be started: No such file or directory"),
        ("\x7fELF and nothing more", "cannot be started: Exec format error"),
        ("#!/bin/sh\necho out; echo first >&2; echo last >&2; exit 3\n", "ended with code 3: last"),
        ("#!/bin/sh\necho out; exit 3\n", "ended with code 3: out"),
        ("#!/bin/sh\nexit 3\n", "ended with code 3:"),
        ("#!/bin/sh\nkill -SEGV $$\n", "ended with code -11:"),
    ],
    ids=["no interpreter", "no program", "errors", "output", "nothing", "signal"],
)
def test_a_broken_program_is_a_problem(program: Program, content: str, problem: str) -> None:
    assert answer_of(program(content)) == Answer(problem=problem)


def test_a_file_that_must_not_be_run(tmp_path: Path) -> None:
    assert answer_of(str(tmp_path)).problem == "cannot be started: Permission denied"


def test_a_long_complaint_is_shortened(program: Program) -> None:
    answer = answer_of(program(f"#!/bin/sh\necho {'word ' * 200}; exit 1\n"))
    assert len(answer.problem) <= 120
    assert answer.problem.startswith("ended with code 1: word word")


def test_bytes_that_are_no_text(program: Program) -> None:
    answer = answer_of(program("#!/bin/sh\nprintf '\\377 1.2'\n"))
    assert answer.output.endswith(" 1.2")
    assert answer.problem == ""


@pytest.mark.parametrize(
    "content",
    ["#!/bin/sh\nsleep 600\n", "#!/bin/sh\nexec yes\n", "#!/bin/sh\nexec >&- 2>&-; sleep 600\n"],
    ids=["hangs", "never stops talking", "hangs in silence"],
)
def test_a_program_without_end_is_ended(program: Program, content: str) -> None:
    answer = answer_of(program(content), seconds=0.3)
    assert answer.timed_out
    assert answer.problem == "did not answer within 0.3 s"


def has_ended(pid: int) -> bool:
    """Whether a process ends; a killed child may wait for init to take notice of it."""
    try:
        return psutil.Process(pid).wait(timeout=10) is None
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_what_a_hanging_program_has_started_ends_with_it(program: Program, tmp_path: Path) -> None:
    child = tmp_path / "child"
    path = program(f"#!/bin/sh\nsleep 600 &\necho $! > {child}; wait\n")
    assert answer_of(path, seconds=3.0).timed_out
    assert has_ended(int(child.read_text()))


def test_a_child_that_fled_does_not_hold_anybody_up(program: Program, tmp_path: Path) -> None:
    child = tmp_path / "child"
    path = program(f"#!/bin/sh\nsetsid sh -c 'echo $$ > {child}; exec sleep 600' &\nwait\n")
    try:
        assert answer_of(path, seconds=1.0).timed_out
    finally:
        os.kill(int(child.read_text()), 9)
