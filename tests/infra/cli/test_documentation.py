"""docs/mlops-command.md says what the commands do, and its documents are theirs."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer

from infra.cli.app import app
from tests.infra.cli.client_outputs import outputs
from tests.infra.cli.conftest import Mlops
from tests.infra.cli.stack_folder import StackFolder
from tests.infra.cli.test_new import flags

TEXT = (Path(__file__).parents[3] / "docs" / "mlops-command.md").read_text()
SECTIONS = dict(re.findall(r"^## mlops (\w+)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
_PROGRAM: Any = typer.main.get_command(app)
COMMANDS: dict[str, Any] = _PROGRAM.commands
CALLS = {
    "new": ["risk", *flags()],
    "validate": ["fraud-dev", "fraud-prod"],
    "explain": ["fraud-dev", "quota.cpu"],
    "diff": ["fraud-dev", "fraud-stage"],
    "bundle": ["fraud-dev", "--outputs", "outputs.json"],
}


@pytest.fixture
def example(stacks: StackFolder) -> None:
    """Make the project that the page shows."""
    stacks.write("fraud-dev", "quota: {cpu: 32}", "tags: {data-class: internal}")
    stacks.write("fraud-stage")
    stacks.write("fraud-prod", "quota: {cup: 96}")
    stacks.write_defaults("quota:", "  cpu: 24")
    (stacks.path.parent / "outputs.json").write_text(json.dumps(outputs()))


def test_every_command_has_a_section_and_no_other_has() -> None:
    assert set(SECTIONS) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_named(command: str) -> None:
    options = {name for each in COMMANDS[command].params for name in each.opts if "--" in name}
    assert "--json" in options
    missing = {
        name for name in options - {"--json", "--help"} if f"`{name}" not in SECTIONS[command]
    }
    assert missing == set()


@pytest.mark.parametrize("command", CALLS)
@pytest.mark.usefixtures("example")
def test_the_document_on_the_page_is_that_of_the_command(mlops: Mlops, command: str) -> None:
    [shown] = re.findall(r"```json\n(.*?)```", SECTIONS[command], re.DOTALL)
    real = json.loads(mlops(command, *CALLS[command], "--json").stdout)
    assert is_shown(json.loads(shown), real), real


def is_shown(shown: Any, real: Any) -> bool:
    """Whether a document has these keys and texts; lists, texts and numbers may go on."""
    if isinstance(shown, dict):
        return (
            isinstance(real, dict)
            and set(shown) == set(real)
            and all(is_shown(value, real[key]) for key, value in shown.items())
        )
    if isinstance(shown, list):
        return all(any(is_shown(one, other) for other in real) for one in shown)
    if isinstance(shown, str):
        return isinstance(real, str) and real.startswith(shown.partition("…")[0])
    return type(shown) is type(real)


@pytest.mark.usefixtures("example")
def test_the_explanation_on_the_page_is_that_of_the_command(mlops: Mlops) -> None:
    [shown] = re.findall(r"\$ mlops explain fraud-dev quota\.cpu\n(quota.*?)```", TEXT, re.DOTALL)
    assert mlops("explain", "fraud-dev", "quota.cpu").stdout == shown
