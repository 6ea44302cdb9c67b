"""Ports on the loopback interface: chosen by the system unless the user fixes them."""

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
    port = fixed(server, environment)
    if port is None:
        return free()[0]
    if not is_free(port):
        raise SandboxError(
            f"Port {port} ({VARIABLES[server]}) is in use by another program; "
            f"free it, give another one, or unset {VARIABLES[server]} to have one chosen."
        )
    return port


def expect(server: str, port: int, environment: Mapping[str, str] = os.environ) -> None:
    """Refuse to go on with a server that listens elsewhere than where it was fixed."""
    given = fixed(server, environment)
    if given not in (None, port):
        raise SandboxError(
            f"{VARIABLES[server]} is {given}, but this sandbox already listens on {port}; "
            "`make down` first, or unset the variable."
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
    with socket.socket() as probe:
        # As servers do: connections of a predecessor that are still closing are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
