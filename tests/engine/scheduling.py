"""Gives the tests of one directory of this tier to one worker: they share a sandbox.

The directories run beside each other, since each waits for minutes on the database.
"""

from collections.abc import Callable

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

HERE = "tests/engine/"


class _DirectoryScheduling(LoadScopeScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        return nodeid.rsplit("/", 1)[0] if nodeid.startswith(HERE) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(
    config: pytest.Config, log: Callable[..., None]
) -> LoadScopeScheduling:
    """Let xdist hand out tests in this way."""
    return _DirectoryScheduling(config, log)
