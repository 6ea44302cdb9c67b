"""A cluster in memory."""

import copy
import threading
from typing import Any

import pytest

from sandbox.plugins.kubernetes.cluster import Cluster, Endpoint
from sandbox.plugins.kubernetes.errors import NOT_FOUND, ApiError
from sandbox.plugins.kubernetes.kinds import CLUSTER_SCOPED, Kind
from sandbox.plugins.kubernetes.objects import metadata
from sandbox.plugins.kubernetes.settings import parse
from sandbox.plugins.kubernetes.values import Tree

Key = tuple[Kind, str | None, str]


class FakeCluster(Cluster):
    """Keeps objects; each wait lets the controllers take one step."""

    def __init__(self) -> None:
        super().__init__(parse({}, {}), threading.Event())
        self.objects: dict[Key, Tree] = {}
        self.calls: list[dict[str, Any]] = []
        self.steps: list[tuple[Key, Tree | None]] = []
        """What controllers do, one step at a pause: new status of an object, or its end."""
        self.refusals: list[ApiError] = []
        """Answers to the next requests to apply."""
        self.unknown_kinds: set[str] = set()

    def add(self, live: Tree) -> None:
        self.objects[self.key(live)] = live

    def key(self, live: Tree) -> Key:
        data = metadata(live)
        return Kind.of(live["apiVersion"], live["kind"]), data.get("namespace"), data["name"]

    def endpoint(self, kind: Kind) -> Endpoint:
        if kind.kind in self.unknown_kinds:
            raise ApiError(NOT_FOUND, f"the API server knows no kind {kind.kind}")
        return Endpoint("/api", kind.kind.lower(), kind.kind not in CLUSTER_SCOPED)

    def get(self, kind: Kind, namespace: str | None, name: str) -> Tree | None:
        return copy.deepcopy(self.objects.get((kind, namespace, name)))

    def list(self, kind: Kind, namespace: str | None, *, selector: str) -> list[Tree]:
        return [
            live
            for (of, place, _), live in self.objects.items()
            if (of, place) == (kind, namespace)
        ]

    def apply(
        self, desired: Tree, *, manager: str, force: bool = False, dry_run: bool = False
    ) -> Tree:
        self.calls.append({"apply": desired, "manager": manager, "force": force, "dry": dry_run})
        if self.refusals:
            raise self.refusals.pop(0)
        old = self.objects.get(self.key(desired), {})
        owner = {"manager": manager, "operation": "Apply"}
        data = {**metadata(desired), "uid": "1", "generation": 1, "managedFields": [owner]}
        live = {**old, **desired, "metadata": {**metadata(old), **data}}
        if not dry_run:
            self.add(live)
        return copy.deepcopy(live)

    def delete(self, kind: Kind, namespace: str | None, name: str, *, propagation: str) -> bool:
        self.calls.append({"delete": name, "propagation": propagation})
        return (kind, namespace, name) in self.objects

    def pause(self, seconds: float) -> None:
        super().pause(0)
        if self.steps:
            key, change = self.steps.pop(0)
            if change is None:
                del self.objects[key]
            else:
                self.objects[key] = {**self.objects[key], **change}


@pytest.fixture
def cluster() -> FakeCluster:
    return FakeCluster()
