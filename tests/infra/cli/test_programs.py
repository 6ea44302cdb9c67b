"""Each command as a program: exit code, both streams, and how long it takes."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.infra.cli.client_outputs import outputs
from tests.infra.cli.stack_folder import StackFolder

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]

NEW = [
    *("new", "risk", "--stage", "dev", "--region", "eu-west-1", "--email", "risk@example.com"),
    *("--cost-center", "4711", "--repository", "example/risk", "--repository-id", "1"),
    *("--budget", "100"),
]


@pytest.fixture
def run(stacks: StackFolder) -> Run:
    """Run the installed program in a project with a right and a wrong file."""
    stacks.write("fraud-dev")
    stacks.write("fraud-prod")
    stacks.write("wrong-dev", "quota: {cpu: lots}")
    (stacks.path.parent / "outputs.json").write_text(json.dumps(outputs()))

    def start(*arguments: str) -> Done:
        return subprocess.run(  # noqa: S603  # our own program
            [Path(sys.executable).with_name("mlops"), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return start


@pytest.mark.parametrize(
    "arguments",
    [
        ["validate", "fraud-dev", "fraud-prod"],
        ["explain", "fraud-dev"],
        ["explain", "fraud-dev", "quota.cpu"],
        ["diff", "fraud-dev", "fraud-prod"],
        NEW,
        ["bundle", "fraud-dev", "--outputs", "outputs.json"],
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_a_result_goes_to_standard_output_alone(
    run: Run, arguments: list[str], as_json: bool
) -> None:
    done = run(*arguments, *(["--json"] if as_json else []))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
    assert "\x1b" not in done.stdout, "no colours in a pipe"
    if as_json:
        assert isinstance(json.loads(done.stdout), dict)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["explain", "nobody-dev"], 2),
        (["diff", "fraud-dev", "wrong-dev"], 1),
        (["new", "fraud", "--stage", "dev"], 1),
        (["new", "risk"], 2),
        (["bundle", "fraud-dev", "--outputs", "nothing.json"], 1),
        (["validate", "nobody-dev"], 2),
    ],
)
def test_a_refusal_goes_to_standard_error(run: Run, arguments: list[str], code: int) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith("Error: ")
    document = run(*arguments, "--json")
    assert document.returncode == code
    assert json.loads(document.stdout)["error"] in done.stderr


@pytest.mark.parametrize("arguments", [["validate"], ["explain", "wrong-dev"]])
def test_findings_are_a_result(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (1, "")
    assert "stacks/Pulumi.wrong-dev.yaml:9: quota.cpu" in done.stdout


def cpu_seconds(run: Run, *arguments: str) -> float:
    """Return what a run takes of a processor: not longer if others are busy too."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run(*arguments).returncode in (0, 1)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_a_hundred_files_are_checked_in_less_than_three_seconds(
    run: Run, stacks: StackFolder
) -> None:
    blocks = (Path(__file__).parents[3] / "stacks" / "Pulumi.ranking-prod.yaml").read_text()
    for number in range(100):
        name = f"team{number}"
        text = blocks.replace("team: ranking", f"team: {name}").replace("10.40", f"10.{number}")
        stacks.write_text(f"{name}-prod", text)
    assert cpu_seconds(run, "validate") < 3


def test_an_explanation_takes_less_than_a_second(run: Run) -> None:
    assert cpu_seconds(run, "explain", "fraud-dev", "quota.cpu") < 1
