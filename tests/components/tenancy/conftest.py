"""Fixtures of this folder."""

from collections.abc import Iterator

import pytest

from tests.components.tenancy.postgres_server import PostgresServer, binaries, running


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """One PostgreSQL server for all tests of the folder; each removes what it made."""
    found = binaries()
    if found is None:
        pytest.skip("no PostgreSQL server on this machine (Debian: apt-get install postgresql)")
    with running(found) as started:
        yield started
