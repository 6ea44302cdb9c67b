"""What the tenant program does to a real PostgreSQL server."""

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest

from mlops.tenancy.tenant_job.postgres import Tenant, TenantError, ensure, require_identifier
from tests.components.tenancy.postgres_server import MASTER, MASTER_PASSWORD, PostgresServer


class MemoryStore:
    """Keeps credentials as the Kubernetes Secret would."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.writes = 0

    def read(self) -> dict[str, str]:
        return dict(self.values)

    def write(self, values: dict[str, str]) -> None:
        self.values |= values
        self.writes += 1


@pytest.fixture
def fraud(server: PostgresServer) -> Iterator[Tenant]:
    yield from _tenant(server, "fraud")


@pytest.fixture
def pricing(server: PostgresServer) -> Iterator[Tenant]:
    yield from _tenant(server, "pricing")


def _tenant(server: PostgresServer, name: str) -> Iterator[Tenant]:
    yield Tenant(database=name, owner=f"{name}-dev", host="127.0.0.1", port=server.port)
    with server.as_superuser().cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"DROP ROLE IF EXISTS {name}")


def run(server: PostgresServer, tenant: Tenant, store: MemoryStore) -> list[str]:
    master = server.connect(MASTER, MASTER_PASSWORD, "postgres")
    try:
        return ensure(tenant, master, server.connect, psycopg2.OperationalError, store)
    finally:
        master.close()


def login(server: PostgresServer, store: MemoryStore, database: str | None = None) -> Any:
    values = store.values
    return server.connect(values["username"], values["password"], database or values["database"])


def row(server: PostgresServer, statement: str) -> tuple[Any, ...]:
    with server.as_superuser().cursor() as cursor:
        cursor.execute(statement)
        return tuple(cursor.fetchone())


def test_the_first_run_makes_a_role_and_the_database_it_owns(
    server: PostgresServer, fraud: Tenant
) -> None:
    store = MemoryStore()
    changes = run(server, fraud, store)
    assert changes[:2] == ["credentials written", "role created"]
    assert changes[-2:] == ["database created", "database closed to other roles"]
    with login(server, store) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE runs (id int)")
        cursor.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'fraud'")
        assert cursor.fetchone() == ("fraud",)


def test_the_master_user_is_no_superuser(server: PostgresServer) -> None:
    with server.connect(MASTER, MASTER_PASSWORD, "postgres").cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER")
        assert cursor.fetchone() == (False,)


def test_the_credentials_say_everything_a_client_needs(
    server: PostgresServer, fraud: Tenant
) -> None:
    store = MemoryStore()
    run(server, fraud, store)
    password = store.values["password"]
    assert store.values == {
        "username": "fraud",
        "password": password,
        "database": "fraud",
        "host": "127.0.0.1",
        "port": str(server.port),
        "uri": (
            f"postgresql+psycopg2://fraud:{password}@127.0.0.1:{server.port}/fraud?sslmode=require"
        ),
    }
    assert len(password) == 64
    assert password.isalnum(), "it stands in a URL"


def test_a_second_run_changes_nothing(server: PostgresServer, fraud: Tenant) -> None:
    store = MemoryStore()
    run(server, fraud, store)
    state = "SELECT rolpassword, oid FROM pg_authid WHERE rolname = 'fraud'"
    before, kept = row(server, state), dict(store.values)
    assert run(server, fraud, store) == []
    assert row(server, state) == before
    assert store.values == kept
    assert store.writes == 1


def test_a_lost_secret_means_a_new_password_and_the_old_one_is_void(
    server: PostgresServer, fraud: Tenant
) -> None:
    lost, found = MemoryStore(), MemoryStore()
    run(server, fraud, lost)
    with login(server, lost) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE runs AS SELECT 7 AS id")
    assert run(server, fraud, found) == ["credentials written", "password set"]
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        login(server, lost)
    with login(server, found) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id FROM runs")
        assert cursor.fetchone() == (7,), "the data is still there"


def test_a_run_that_died_after_the_secret_was_written_is_completed(
    server: PostgresServer, fraud: Tenant
) -> None:
    store = MemoryStore()
    run(server, fraud, store)
    store.values = fraud.credentials("a" * 64)
    assert run(server, fraud, store) == ["password set"]
    login(server, store).close()


def test_a_server_that_moved_keeps_the_password(server: PostgresServer, fraud: Tenant) -> None:
    store = MemoryStore()
    run(server, fraud, store)
    password = store.values["password"]
    moved = Tenant(fraud.database, fraud.owner, "localhost", fraud.port)
    assert run(server, moved, store) == ["credentials written"]
    assert store.values["password"] == password
    assert "@localhost:" in store.values["uri"]


def test_no_tenant_can_open_the_database_of_another(
    server: PostgresServer, fraud: Tenant, pricing: Tenant
) -> None:
    theirs, ours = MemoryStore(), MemoryStore()
    run(server, fraud, theirs)
    run(server, pricing, ours)
    login(server, ours, "pricing").close()
    login(server, theirs, "fraud").close()
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        login(server, ours, "fraud")


def test_a_tenant_can_neither_make_roles_nor_databases_nor_become_another(
    server: PostgresServer, fraud: Tenant, pricing: Tenant
) -> None:
    store = MemoryStore()
    run(server, fraud, MemoryStore())
    run(server, pricing, store)
    for statement in ("CREATE ROLE more", "CREATE DATABASE more", "SET ROLE fraud"):
        connection = login(server, store)
        connection.autocommit = True
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            connection.cursor().execute(statement)


def test_another_owner_is_refused_the_name_and_nothing_is_changed(
    server: PostgresServer, fraud: Tenant
) -> None:
    rightful, other = MemoryStore(), MemoryStore()
    run(server, fraud, rightful)
    thief = Tenant("fraud", "fraudulent-dev", fraud.host, fraud.port)
    with pytest.raises(TenantError, match="belongs to fraud-dev, not to fraudulent-dev"):
        run(server, thief, other)
    assert other.writes == 0
    login(server, rightful).close()


def test_a_role_of_unknown_origin_is_not_taken_over(server: PostgresServer, fraud: Tenant) -> None:
    server.as_superuser().cursor().execute("CREATE ROLE fraud LOGIN")
    with pytest.raises(TenantError, match="belongs to somebody unknown"):
        run(server, fraud, MemoryStore())


def test_a_database_of_another_role_is_not_taken_over(
    server: PostgresServer, fraud: Tenant
) -> None:
    server.as_superuser().cursor().execute("CREATE DATABASE fraud")
    with pytest.raises(TenantError, match="is owned by 'super'"):
        run(server, fraud, MemoryStore())


def test_the_password_is_in_no_log_of_the_server(server: PostgresServer, fraud: Tenant) -> None:
    store = MemoryStore()
    run(server, fraud, store)
    store.values = fraud.credentials("b" * 64)
    run(server, fraud, store)
    log = server.log.read_text()
    assert "ALTER ROLE" in log, "the server logs statements"
    assert "b" * 64 not in log


@pytest.mark.parametrize("name", ["a", "fraud", "team_7", "a" * 63])
def test_plain_names_are_accepted(name: str) -> None:
    require_identifier(name)


@pytest.mark.parametrize(
    "name", ["", "Fraud", "7team", "_x", "a-b", "a b", 'a"; DROP ROLE x; --', "a" * 64, "ä", "a\n"]
)
def test_other_names_are_refused_with_the_rule(name: str) -> None:
    with pytest.raises(TenantError, match="up to 62 lower-case letters, digits and underscores"):
        require_identifier(name)


@pytest.mark.parametrize("name", ["postgres", "template1", "pg_monitor", "rdsadmin", "public"])
def test_names_of_the_server_are_refused(name: str) -> None:
    with pytest.raises(TenantError, match="belongs to the server"):
        require_identifier(name)
