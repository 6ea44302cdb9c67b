"""A real PostgreSQL server for tests, on the loopback address, as an ordinary user."""

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg2 import connect

MASTER = "master"
MASTER_PASSWORD = "master-password"
HOST_RULES = """
local all all trust
host all all 127.0.0.1/32 scram-sha-256
"""


@dataclass(frozen=True)
class PostgresServer:
    """A running server with a master user like that of RDS: no superuser."""

    port: int
    version: int
    """Major version."""
    log: Path
    socket_directory: Path
    superuser: str

    def connect(self, user: str, password: str, database: str) -> Any:
        """Log in over TCP with a password, as a pod would."""
        return connect(
            host="127.0.0.1", port=self.port, user=user, password=password, dbname=database
        )

    def as_superuser(self, database: str = "postgres") -> Any:
        """Log in as nobody but the tests can."""
        connection = connect(
            host=str(self.socket_directory), port=self.port, user=self.superuser, dbname=database
        )
        connection.autocommit = True
        return connection


def binaries() -> Path | None:
    """Directory of the newest server on this machine."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(found, key=lambda initdb: int(initdb.parts[-3]), default=None)
    return newest.parent if newest else None


@contextmanager
def running(bin_directory: Path) -> Iterator[PostgresServer]:
    """Start a server with an empty data directory; stop and forget it afterwards."""
    account = _account()
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        home = Path(name)
        os.chown(home, account.pw_uid, account.pw_gid)
        data, log = home / "data", home / "log"
        _run(account, bin_directory / "initdb", "-D", data, "-A", "trust", "-N", "-U", "super")
        hba = data / "pg_hba.conf"
        hba.write_text(HOST_RULES)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home}"
            " -c fsync=off -c log_statement=all"
        )
        control: list[str | Path] = [bin_directory / "pg_ctl", "-D", data, "-w"]
        _run(account, *control, "-l", log, "-o", options, "start")
        try:
            version = int((data / "PG_VERSION").read_text())
            server = PostgresServer(port, version, log, home, "super")
            with server.as_superuser() as connection, connection.cursor() as cursor:
                cursor.execute(
                    f"CREATE ROLE {MASTER} LOGIN CREATEDB CREATEROLE PASSWORD '{MASTER_PASSWORD}'"
                )
            yield server
        finally:
            _run(account, *control, "-m", "immediate", "stop")


def _account() -> pwd.struct_passwd:
    """Return another user than root, as whom the server refuses to run."""
    if os.getuid() != 0:
        return pwd.getpwnam(getpass.getuser())
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def _run(account: pwd.struct_passwd, *command: str | Path) -> None:
    as_other = os.getuid() == 0
    done = subprocess.run(  # noqa: S603  # the server's own programs
        [str(part) for part in command],
        user=account.pw_uid if as_other else None,
        group=account.pw_gid if as_other else None,
        extra_groups=[] if as_other else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # a pipe would be inherited by the server and never end
        stderr=subprocess.DEVNULL,
        check=False,
        timeout=120,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {done.returncode}")
