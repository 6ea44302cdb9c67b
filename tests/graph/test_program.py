"""How the program ends when it is told something wrong."""

import pulumi
import pytest

from infra.config.document import from_text
from tests.graph.program import STACKS, graph_from


def test_a_wrong_stack_file_ends_it_with_one_message_and_no_resource() -> None:
    text = STACKS["demo-dev"].read_text().replace("stage: dev", "stage: development")
    with pytest.raises(
        pulumi.RunError, match='stage is "development"; allowed: dev, stage or prod'
    ):
        graph_from("demo-dev", from_text(text, "stacks/wrong.yaml"))
