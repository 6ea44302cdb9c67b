"""Write the golden lists anew."""

from tests.graph.golden import FOLDER, lines_of
from tests.graph.program import STACKS, graph_of

for stale in FOLDER.glob("*.txt"):
    stale.unlink()
for stack in STACKS:
    text = "\n".join(lines_of(graph_of(stack)))
    (FOLDER / f"{stack}.txt").write_text(f"{text}\n")
