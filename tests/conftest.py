"""Fixtures for every tier."""

from collections.abc import Callable

import pytest

from infra.recording import Graph, record

pytest_plugins = ("tests.engine.scheduling",)

Deploy = Callable[[Callable[[], object]], Graph]


@pytest.fixture
def deploy() -> Deploy:
    """Run a program without an engine and return the graph it registered."""
    return record
