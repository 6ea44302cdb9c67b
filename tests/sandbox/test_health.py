"""A server that does not come up says why."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from sandbox import health, ports
from sandbox.errors import SandboxError
from sandbox.layout import Layout
from tests.sandbox.conftest import Spawn


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/ready" else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    """Yield the URL of a server that is ready at `/ready` only."""
    with HTTPServer(("127.0.0.1", 0), _Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_only_a_success_counts_as_an_answer(url: str) -> None:
    assert health.answers(f"{url}/ready")
    assert not health.answers(f"{url}/starting")
    assert not health.answers(f"http://127.0.0.1:{ports.free()[0]}/ready")


def test_a_proxy_is_not_asked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{ports.free()[0]}")
    assert health.answers(f"{url}/ready")


def test_waiting_ends_as_soon_as_the_server_is_ready(layout: Layout, spawn: Spawn) -> None:
    answers = iter([False, False, True])
    health.wait_until_ready(spawn("etcd"), lambda: next(answers), layout.logs / "etcd.log", 10)
    assert list(answers) == []


def test_a_server_that_ends_is_reported_with_the_end_of_its_log(
    layout: Layout, spawn: Spawn
) -> None:
    server = spawn("etcd", "import sys; sys.exit('no space left')")
    with pytest.raises(SandboxError, match=r"etcd stopped while starting[\s\S]*no space left"):
        health.wait_until_ready(server, lambda: False, layout.logs / "etcd.log", 30)


def test_a_server_that_stays_mute_is_reported_in_time(layout: Layout, spawn: Spawn) -> None:
    with pytest.raises(SandboxError, match="etcd did not answer within 0 s"):
        health.wait_until_ready(spawn("etcd"), lambda: False, layout.logs / "none.log", 0.1)
