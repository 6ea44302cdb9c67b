"""The golden list of each stack file: type and logical name of every resource."""

from pathlib import Path

from infra.recording import Graph

FOLDER = Path(__file__).parent


def lines_of(graph: Graph) -> list[str]:
    """Return the list of a graph; order of registration is chance, so it is sorted."""
    return sorted(f"{resource.name} {resource.type}" for resource in graph)
