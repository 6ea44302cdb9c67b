"""Fixtures for every tier."""

import gc
from collections.abc import Callable

import pytest
from hypothesis import settings

from infra.recording import Graph, record

pytest_plugins = ("tests.engine.scheduling",)

# Half of the usual number of examples, and none is too slow: the machine may be busy.
settings.register_profile("quick", max_examples=50, deadline=None)
settings.load_profile("quick")

Deploy = Callable[[Callable[[], object]], Graph]


def pytest_collection_finish() -> None:
    """Take what is imported by now out of garbage collection.

    It lives as long as the process, and to walk through the SDKs' classes again and again takes a
    quarter of the time of all tests.
    """
    gc.freeze()


@pytest.fixture
def deploy() -> Deploy:
    """Run a program without an engine and return the graph it registered."""
    return record
