"""Logical names are the keys of the state: a changed one replaces a database or a bucket.

`python -m tests.graph.golden` writes the lists anew; a line that goes is a breaking change, unless
the resource that takes its place has an alias.
"""

import pytest

from infra.config.document import from_text
from tests.graph.golden import FOLDER, lines_of
from tests.graph.program import STACKS, graph_from, graph_of


@pytest.mark.parametrize("stack", STACKS)
def test_names_are_those_of_the_golden_list(stack: str) -> None:
    golden = (FOLDER / f"{stack}.txt").read_text().splitlines()
    assert lines_of(graph_of(stack)) == golden, "see `python -m tests.graph.golden`"


def test_there_is_no_golden_list_without_a_stack() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(STACKS)


def test_names_do_not_depend_on_the_team() -> None:
    text = STACKS["demo-dev"].read_text().replace("team: demo", "team: another-team")
    text += "    network: {cidr: 10.98.0.0/16}\n"  # the default is taken by demo-dev
    renamed = graph_from("another-team-dev", from_text(text, "stacks/renamed.yaml"))
    assert lines_of(renamed) == lines_of(graph_of("demo-dev"))
