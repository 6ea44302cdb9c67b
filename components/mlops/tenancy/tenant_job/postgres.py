"""Bring role, database and password of one tenant to the wanted state.

The credentials are stored before the server hears of them. A run that died in between leaves a
role that does not let the stored password in, and the next run sets it.
"""

import base64
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

SCRAM_ITERATIONS = 4096

Connect = Callable[[str, str, str], Any]
"""Opens a connection for a user, a password and a database."""


class TenantError(Exception):
    """Something a person has to look at; the message says what and where."""


@dataclass(frozen=True)
class Tenant:
    """Whom the server is prepared for."""

    database: str
    """Name of the database and of the role that owns it."""
    owner: str
    """Who may have it, such as the team's namespace: written on the role and compared with it."""
    host: str
    port: int

    def __post_init__(self) -> None:
        require_identifier(self.database)

    def credentials(self, password: str) -> dict[str, str]:
        """Return what the tenant's programs need to log in."""
        return {
            "username": self.database,
            "password": password,
            "database": self.database,
            "host": self.host,
            "port": str(self.port),
            "uri": (
                # Without the driver's name SQLAlchemy 2.1 would look for another one.
                f"postgresql+psycopg2://{self.database}:{password}"
                f"@{self.host}:{self.port}/{self.database}?sslmode=require"
            ),
        }


class CredentialStore(Protocol):
    """Where the tenant's credentials are kept."""

    def read(self) -> dict[str, str]:
        """Return what is kept; empty on the first run."""

    def write(self, values: dict[str, str]) -> None:
        """Keep these values."""


def require_identifier(name: str) -> None:
    """Refuse a name that is not a plain identifier or that the server keeps for itself."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
        raise TenantError(
            f"{name!r} cannot name a database: allowed are a lower-case letter and then up to 62 "
            "lower-case letters, digits and underscores; choose such a name"
        )
    if name.startswith(("pg_", "rds")) or name in {"postgres", "template0", "template1", "public"}:
        raise TenantError(
            f"{name!r} belongs to the server; choose a name that does not start with pg_ or rds "
            "and is none of postgres, public, template0, template1"
        )


def ensure(
    tenant: Tenant,
    master: Any,
    connect: Connect,
    refused: type[Exception],
    store: CredentialStore,
) -> list[str]:
    """Bring server and store to the wanted state and return what had to be changed.

    `master` is an open connection of a user who may create roles and databases, which on RDS is
    not a superuser; `refused` is what `connect` raises when a login fails.
    """
    role_exists, database_exists = _found(tenant, master)
    changes = []
    kept = store.read()
    password = kept.get("password") or secrets.token_hex(32)
    credentials = tenant.credentials(password)
    if kept != credentials:
        store.write(credentials)
        changes.append("credentials written")
    if not role_exists:
        _create_role(tenant, master, password)
        changes.append("role created")
    if _grant_role(tenant, master):
        changes.append("role granted to the master user")
    if not database_exists:
        _create_database(tenant, master)
        changes.append("database created")
    if _close_database(tenant, master):
        changes.append("database closed to other roles")
    try:
        connect(tenant.database, password, tenant.database).close()
    except refused:
        _set_password(tenant, master, password)
        connect(tenant.database, password, tenant.database).close()
        changes.append("password set")
    return changes


def _found(tenant: Tenant, master: Any) -> tuple[bool, bool]:
    """Tell whether role and database exist; refuse those of somebody else."""
    with master, master.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = %s",
            [tenant.database],
        )
        role = cursor.fetchone()
        cursor.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s",
            [tenant.database],
        )
        database = cursor.fetchone()
    if role and role[0] != tenant.owner:
        raise TenantError(
            f"role {tenant.database!r} exists and belongs to {role[0] or 'somebody unknown'}, "
            f"not to {tenant.owner}; choose another database name, or set the role's comment "
            f"to {tenant.owner!r} if it is really the same tenant"
        )
    if database and database[0] != tenant.database:
        raise TenantError(
            f"database {tenant.database!r} exists and is owned by {database[0]!r}; choose "
            f"another name, or make {tenant.database!r} its owner"
        )
    return role is not None, database is not None


def _create_role(tenant: Tenant, master: Any, password: str) -> None:
    role = _quoted(tenant.database)
    with master, master.cursor() as cursor:  # one transaction: no role without its owner's name
        cursor.execute(
            f"CREATE ROLE {role} LOGIN NOCREATEDB NOCREATEROLE PASSWORD %s", [verifier(password)]
        )
        cursor.execute(f"COMMENT ON ROLE {role} IS %s", [tenant.owner])


def _grant_role(tenant: Tenant, master: Any) -> bool:
    # Only a superuser may give a database to a role it is not a member of.
    with master, master.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(CURRENT_USER, %s, 'USAGE')", [tenant.database])
        if cursor.fetchone()[0]:
            return False
        cursor.execute(f"GRANT {_quoted(tenant.database)} TO CURRENT_USER")
        return True


def _create_database(tenant: Tenant, master: Any) -> None:
    name = _quoted(tenant.database)
    master.autocommit = True  # a database cannot be created within a transaction
    try:
        with master.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} OWNER {name}")
    finally:
        master.autocommit = False


def _close_database(tenant: Tenant, master: Any) -> bool:
    # PostgreSQL lets every role connect to every database until it is told otherwise.
    with master, master.cursor() as cursor:
        cursor.execute(
            "SELECT has_database_privilege('public', %(name)s, 'CONNECT')"
            " OR has_database_privilege('public', %(name)s, 'TEMPORARY')",
            {"name": tenant.database},
        )
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(f"REVOKE ALL ON DATABASE {_quoted(tenant.database)} FROM PUBLIC")
        return True


def _set_password(tenant: Tenant, master: Any, password: str) -> None:
    with master, master.cursor() as cursor:
        cursor.execute(
            f"ALTER ROLE {_quoted(tenant.database)} LOGIN PASSWORD %s", [verifier(password)]
        )


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def verifier(password: str) -> str:
    """Return what the server keeps of a password, so that no log of it shows the password."""
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, SCRAM_ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored_key = _base64(hashlib.sha256(client_key).digest())
    server_key = _base64(hmac.digest(salted, b"Server Key", "sha256"))
    return f"SCRAM-SHA-256${SCRAM_ITERATIONS}:{_base64(salt)}${stored_key}:{server_key}"


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
