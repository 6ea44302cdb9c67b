"""Ports on the loopback interface: chosen by the system unless the user fixes them."""

import errno
import os
import socket
from collections.abc import Mapping
from contextlib import ExitStack

from sandbox.environment import LOOPBACK
from sandbox.errors import SandboxError

VARIABLES = {
    "aws": "MLOPS_SANDBOX_AWS_PORT",
    "metrics": "MLOPS_SANDBOX_METRICS_PORT",
    "kubernetes": "MLOPS_SANDBOX_KUBERNETES_PORT",
}
"""The servers whose port can be fixed, and by which variable."""


def choose(server: str, environment: Mapping[str, str] = os.environ) -> int:
    """Return a port that is free now: the one fixed for `server`, else any."""
    check(server, None, environment)
    return fixed(server, environment) or free()[0]


def check(server: str, has: int | None, environment: Mapping[str, str] = os.environ) -> None:
    """Refuse a fixed port that `server` cannot have; `has` is the one it has already, if any."""
    variable, port = VARIABLES[server], fixed(server, environment)
    if port is None or port == has:
        return
    if has is not None:
        raise SandboxError(
            f"{variable} is {port}, but this sandbox already listens on {has}; "
            "`make down` first, or unset the variable."
        )
    same = [name for name in VARIABLES if fixed(name, environment) == port and name != server]
    if obstacle := f"is given by {VARIABLES[same[0]]} too" if same else _obstacle(port):
        raise SandboxError(
            f"Port {port} ({variable}) {obstacle}; "
            f"give another one, or unset {variable} to have one chosen."
        )


def fixed(server: str, environment: Mapping[str, str]) -> int | None:
    """Return the port that the user fixed for a server, if any."""
    given = environment.get(VARIABLES[server], "")
    if not given:
        return None
    if not given.isdecimal() or not 0 < int(given) < 1 << 16:
        raise SandboxError(f"{VARIABLES[server]} is {given!r}; it must be a port, 1 to 65535.")
    return int(given)


def free(count: int = 1) -> list[int]:
    """Return free ports, chosen by the system, all different."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [probe.getsockname()[1] for probe in probes]


def is_free(port: int) -> bool:
    """Whether a server could listen on this port."""
    return not _obstacle(port)


def _obstacle(port: int) -> str:
    """Say why no server could listen on a port; nothing if one could."""
    with socket.socket() as probe:
        # As servers do: connections of a predecessor that are still closing are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except PermissionError:
            return "is reserved for programs of root"
        except OSError as error:
            in_use = error.errno == errno.EADDRINUSE
            return "is in use by another program" if in_use else f"is not usable ({error.strerror})"
        return ""
