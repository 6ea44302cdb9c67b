"""Questions about who waits for whom."""

from infra.recording import Graph, RecordedResource


def waits_for(graph: Graph, resource: RecordedResource) -> set[str]:
    """Return the URNs that must be there before a resource, however long the way."""
    known: set[str] = set()
    waiting = [*resource.depends_on, _provider_of(resource)]
    while waiting:
        urn = waiting.pop()
        if urn in known or urn not in graph.resources:
            continue
        known.add(urn)
        ahead = graph.resources[urn]
        waiting += [*ahead.depends_on, _provider_of(ahead)]
    return known


def _provider_of(resource: RecordedResource) -> str:
    return resource.provider.rpartition("::")[0]
