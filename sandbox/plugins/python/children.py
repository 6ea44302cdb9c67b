"""Child processes of the language host; none of them outlives it."""

import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from queue import SimpleQueue
from typing import IO, Any

GRACE_S = 5.0
"""How long a program may take to end after an interrupt, as with the official host."""

KILL_GRACE_S = 0.3
"""The same when the host itself must go at once."""


class Children:
    """Starts and ends processes; threads of several requests use it at the same time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._cancelled = False

    def start(
        self,
        command: list[str],
        *,
        environment: Mapping[str, str],
        directory: str | None = None,
        piped: bool = False,
    ) -> subprocess.Popen[bytes]:
        """Start a process in the host's own process group, which the engine signals as one."""
        output = subprocess.PIPE if piped else None
        with self._lock:
            if self._cancelled:
                raise InterruptedError("the language host is being stopped")
            process = subprocess.Popen(
                command,
                env=dict(environment),
                cwd=directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            self._running.add(process)
        return process

    def wait(self, process: subprocess.Popen[bytes]) -> int:
        """Return the exit code."""
        try:
            return process.wait()
        finally:
            with self._lock:
                self._running.discard(process)

    def interrupt(self, process: subprocess.Popen[bytes]) -> None:
        """Ask a process to end, and end it when it does not."""
        if process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)
        killer = threading.Timer(GRACE_S, process.kill)
        killer.daemon = True
        killer.start()

    def interrupt_all(self) -> None:
        """Refuse new processes and ask all running ones to end."""
        with self._lock:
            self._cancelled = True
            running = list(self._running)
        for process in running:
            self.interrupt(process)

    def kill(self) -> None:
        """End all processes now."""
        self.interrupt_all()
        for process in list(self._running):
            try:
                process.wait(KILL_GRACE_S)
            except subprocess.TimeoutExpired:
                process.kill()


def output_of(process: subprocess.Popen[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield what a process writes as ("stdout" or "stderr", bytes), as it comes, to the end."""
    chunks: SimpleQueue[tuple[str, bytes]] = SimpleQueue()
    streams = {"stdout": process.stdout, "stderr": process.stderr}
    for name, stream in streams.items():
        _in_background(_pump, stream, lambda data, name=name: chunks.put((name, data)))
    open_streams = len(streams)
    while open_streams:
        name, data = chunks.get()
        if data:
            yield name, data
        else:
            open_streams -= 1


def _pump(stream: IO[bytes] | None, put: Callable[[bytes], None]) -> None:
    """Hand on everything that comes from a stream; an empty chunk says that it has ended."""
    if stream is not None:
        while data := stream.read1():  # type: ignore[attr-defined]
            put(data)
    put(b"")


def _in_background(target: Callable[..., None], *arguments: Any) -> None:
    threading.Thread(target=target, args=arguments, daemon=True).start()


def line_of(process: subprocess.Popen[bytes]) -> bytes:
    """Return the first line of a process's standard output; empty when it ended without one."""
    return process.stdout.readline() if process.stdout else b""
