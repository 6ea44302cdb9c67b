"""Every file in `cases/` is accepted or refused as its name and its first lines say.

`<what>.happy.yaml` must load. `error.<key>.<what>.yaml` must be refused with exactly the findings
in its `# expect:` comments (`<line>: <sentence>`). The stack is fraud-dev unless `# stack:` says
otherwise. Adding a case adds no code.

What lies around the file: each `# beside: <stack>: <one line of YAML>` is a stack file of the same
folder, and `# deployed: {<key>: <value>}` are the immutable settings of the last deployment.
"""

import re
from pathlib import Path

import pytest
import yaml

from infra.config.document import Document, from_text
from infra.config.findings import ConfigError
from infra.config.load import NO_DEFAULTS, load
from infra.config.neighbours import claims_of

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


def comments(text: str, kind: str) -> list[str]:
    return re.findall(rf"^# {kind}: (.*)$", text, re.MULTILINE)


def neighbours(text: str) -> dict[str, Document]:
    """Return the stack files that lie beside the one of a case."""
    found = (beside.split(": ", 1) for beside in comments(text, "beside"))
    return {stack: from_text(line, f"stacks/Pulumi.{stack}.yaml") for stack, line in found}


@pytest.mark.parametrize("file", [pytest.param(file, id=file.stem) for file in CASES])
def test_case_is_judged_as_it_says(file: Path) -> None:
    text = file.read_text()
    (stack,) = comments(text, "stack") or ["fraud-dev"]
    given = from_text(text, "stacks/case.yaml")
    beside = neighbours(text)
    claims = claims_of(beside | {stack: given}, NO_DEFAULTS) if beside else ()
    (deployed,) = comments(text, "deployed") or ["{}"]
    found: list[str] = []
    try:
        load(stack, given, claims=claims, deployed=yaml.safe_load(deployed))
    except ConfigError as error:
        found = [re.sub(r"^stacks/case\.yaml:\s?", "", str(each)) for each in error.findings]
    assert found == comments(text, "expect")
    assert (".happy" in file.name) == (not found), "the name of the file tells the outcome"
