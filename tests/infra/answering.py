"""A service that answers every request of a method in the same way, on this machine."""

import http.server
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What a request gets."""

    status: int
    body: str = ""


@contextmanager
def answering(answers: Mapping[str, Answer]) -> Iterator[str]:
    """Answer requests by their method; give the address of the service."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def _answer(self) -> None:
            answer = answers[self.command]
            body = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_HEAD = do_POST = _answer  # noqa: N815  # names that the server looks for

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
