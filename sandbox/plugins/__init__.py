"""gRPC stand-ins for engine plug-ins that a closed network cannot download.

Here stands what all of them do: load the engine's protocol without the whole SDK, print a port,
serve until told to stop, and be startable through a small script on the engine's `PATH`.
"""

import importlib
import importlib.util
import os
import shlex
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

MAX_MESSAGE_BYTES = 400 * 1024 * 1024
"""The engine's own limit; a large chart or schema passes the default of 4 MiB."""

ORPHAN_CHECK_S = 1.0
"""How soon a plug-in notices that its engine was killed."""

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_PROTOCOL_PACKAGE = "_pulumi_protocol"


def protocol(*modules: str) -> tuple[Any, ...]:
    """Import generated protocol modules of the SDK without running the SDK's own `__init__`.

    The SDK takes 0.3 s to import and a plug-in needs none of it but the messages. Their modules
    only import each other, relatively, so they load under another package name as well.
    """
    if _PROTOCOL_PACKAGE not in sys.modules:
        sdk = importlib.util.find_spec("pulumi")
        if sdk is None or not sdk.submodule_search_locations:
            raise ModuleNotFoundError("the pulumi SDK is not installed for this interpreter")
        package = ModuleType(_PROTOCOL_PACKAGE)
        package.__path__ = [
            str(Path(place, "runtime", "proto")) for place in sdk.submodule_search_locations
        ]
        sys.modules[_PROTOCOL_PACKAGE] = package
    return tuple(importlib.import_module(f"{_PROTOCOL_PACKAGE}.{name}") for name in modules)


class _StoppedError(Exception):
    """Raised by the stop signals in the main thread."""


def serve(
    register: Callable[[Any], None], *, threads: int, on_stop: Callable[[], None] | None = None
) -> None:
    """Serve what `register` adds to a gRPC server; leave the process at the first stop signal.

    The engine reads the port from the first line of standard output and waits ten seconds for a
    plug-in that ignores SIGINT, so requests under way are dropped. A plug-in whose parent is gone
    (the engine was killed) ends by itself.
    """
    import grpc  # type: ignore[import-untyped]  # noqa: PLC0415  0.1 s that launchers do not need

    never = threading.Event()
    limits = [
        ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
        ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ]
    server = grpc.server(ThreadPoolExecutor(max_workers=threads), options=limits)
    register(server)
    parent = os.getppid()
    for number in _STOP_SIGNALS:
        signal.signal(number, _stop)
    try:
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        print(port, flush=True)
        while os.getppid() == parent:
            never.wait(timeout=ORPHAN_CHECK_S)
    except _StoppedError:
        pass
    server.stop(grace=None)
    if on_stop:
        on_stop()
    sys.stdout.flush()
    sys.stderr.flush()
    # Interpreter shutdown would wait for every worker thread, and those wait for the engine.
    os._exit(0)


def _stop(*_: object) -> None:
    """Leave the main thread's wait, once: the engine signals the whole process group."""
    for number in _STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise _StoppedError


def write_script(path: Path, *, python: Path, module: str) -> Path:
    """Write an executable that runs a module of this package with the given interpreter.

    The engine starts it in the program's directory, which must not lend its files to `import`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'#!/bin/sh\nexec {shlex.quote(str(python))} -P -m {module} "$@"\n', encoding="utf-8"
    )
    path.chmod(0o755)
    return path
