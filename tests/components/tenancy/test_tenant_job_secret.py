"""How the tenant program talks to the API server about its Secret."""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from mlops.tenancy.tenant_job.kubernetes_secret import KubernetesSecret
from mlops.tenancy.tenant_job.postgres import TenantError

PATH = "/api/v1/namespaces/fraud-dev/secrets/credentials"


class FakeApiServer(ThreadingHTTPServer):
    """Keeps one Secret and what was asked of it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.secret: dict[str, Any] = {"kind": "Secret", "data": None}
        self.requests: list[tuple[str, str, str | None, str | None]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: FakeApiServer

    def do_GET(self) -> None:
        self._answer()

    def do_PATCH(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.secret["data"] = {**(self.server.secret["data"] or {}), **body["data"]}
        self._answer()

    def _answer(self) -> None:
        self.server.requests.append(
            (
                self.command,
                self.path,
                self.headers["Authorization"],
                self.headers["Content-Type"],
            )
        )
        known = self.path.startswith(f"{PATH}?")
        self.send_response(200 if known else 403)
        self.end_headers()
        self.wfile.write(json.dumps(self.server.secret if known else {}).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing: pytest's output is for its results."""


@pytest.fixture
def api_server() -> Iterator[FakeApiServer]:
    with FakeApiServer() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_an_empty_secret_reads_as_nothing_and_keeps_what_is_written(
    api_server: FakeApiServer,
) -> None:
    store = KubernetesSecret(f"{api_server.url}{PATH}", "token-7", None, "database-tenant")
    assert store.read() == {}
    store.write({"username": "fraud", "password": "s3cret"})
    assert api_server.secret["data"]["password"] == base64.b64encode(b"s3cret").decode()
    assert store.read() == {"username": "fraud", "password": "s3cret"}
    path = f"{PATH}?fieldManager=database-tenant"
    assert api_server.requests[1] == (
        "PATCH",
        path,
        "Bearer token-7",
        "application/merge-patch+json",
    )


def test_other_keys_of_the_secret_stay(api_server: FakeApiServer) -> None:
    api_server.secret["data"] = {"note": base64.b64encode(b"mine").decode()}
    store = KubernetesSecret(f"{api_server.url}{PATH}", "token", None, "database-tenant")
    store.write({"username": "fraud"})
    assert store.read() == {"note": "mine", "username": "fraud"}


def test_a_refusal_says_what_was_refused(api_server: FakeApiServer) -> None:
    url = f"{api_server.url}/api/v1/namespaces/other/secrets/credentials"
    store = KubernetesSecret(url, "token", None, "database-tenant")
    with pytest.raises(TenantError, match=r"cannot GET .*/other/secrets/credentials.*403"):
        store.read()
