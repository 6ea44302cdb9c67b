"""Asking a program something, whatever the program does with the question."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from textwrap import shorten
from typing import IO

PATIENCE_SECONDS = 5.0
_LONGEST_ANSWER_BYTES = 64 * 1024
_LONGEST_PROBLEM = 120  # characters


@dataclass(frozen=True)
class Answer:
    """What a program said on standard output, or why it cannot be relied on."""

    output: str = ""
    problem: str = ""
    """Empty if the program ended well."""
    timed_out: bool = False


def ask(
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    seconds: float = PATIENCE_SECONDS,
) -> Answer:
    """Run a program that may be broken, hang or never stop talking; it is gone afterwards."""
    try:
        process = subprocess.Popen(  # noqa: S603  # an argument list, without a shell
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    except OSError as error:
        return Answer(problem=f"cannot be started: {error.strerror or error}")
    with process:
        try:
            return _answer(process, time.monotonic() + seconds)
        except subprocess.TimeoutExpired:
            return Answer(problem=f"did not answer within {seconds:g} s", timed_out=True)
        finally:
            # With everything it has started.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _answer(process: subprocess.Popen[bytes], deadline: float) -> Answer:
    assert process.stdout and process.stderr  # noqa: S101, PT018  # both streams were asked for
    output, errors = _read([process.stdout, process.stderr], deadline)
    code = process.wait(max(0, deadline - time.monotonic()))
    if code != 0:
        *_, last = ["", *(errors or output).splitlines()]
        return Answer(problem=shorten(f"ended with code {code}: {last}", _LONGEST_PROBLEM))
    return Answer(output=output)


def _read(streams: list[IO[bytes]], deadline: float) -> list[str]:
    """Return what each stream says until its end, or until the time is over."""
    said = dict.fromkeys(streams, b"")
    with selectors.DefaultSelector() as selector:
        for stream in streams:
            selector.register(stream, selectors.EVENT_READ, stream)
        while selector.get_map() and (left := deadline - time.monotonic()) > 0:
            for key, _ in selector.select(left):
                chunk = os.read(key.fd, _LONGEST_ANSWER_BYTES)
                if not chunk:
                    selector.unregister(key.fileobj)
                said[key.data] = (said[key.data] + chunk)[:_LONGEST_ANSWER_BYTES]
    return [text.decode(errors="replace").strip() for text in said.values()]
