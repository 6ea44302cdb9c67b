"""Requests to a real, if small, HTTP server."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.plugins.kubernetes import cluster as cluster_module
from sandbox.plugins.kubernetes.cluster import Cluster
from sandbox.plugins.kubernetes.errors import ApiError, UnreachableError
from sandbox.plugins.kubernetes.kinds import Kind
from sandbox.plugins.kubernetes.settings import parse

CONFIG_MAP = Kind("", "v1", "ConfigMap")
KINDS = {"resources": [{"name": "configmaps", "kind": "ConfigMap", "namespaced": True}]}


class Api(ThreadingHTTPServer):
    """Answers from a list, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[tuple[int, dict[str, Any]]] = []
        self.requests: list[tuple[str, str, dict[str, list[str]], str, Any]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Api

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        kind = self.headers["Content-Type"]
        self.server.requests.append(
            (self.command, url.path, parse_qs(url.query), kind, json.loads(body or "null"))
        )
        fixed = {"/version": {}, "/api/v1": KINDS}
        if url.path in fixed and not self.server.answers:
            status, answer = 200, fixed[url.path]
        else:
            status, answer = self.server.answers.pop(0)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    do_GET = do_PATCH = do_DELETE = _answer  # noqa: N815  the base class names them

    def log_message(self, *_: Any) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def api() -> Iterator[Api]:
    server = Api()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "RETRY_DELAYS_S", (0.0, 0.0))
    monkeypatch.setattr(cluster_module, "FIRST_RETRY_DELAYS_S", (0.0,))


def _cluster(address: str) -> Cluster:
    kubeconfig = {
        "clusters": [{"name": "c", "cluster": {"server": address}}],
        "users": [{"name": "u", "user": {"token": "t"}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    }
    settings = parse({"kubernetes:config:kubeconfig": json.dumps(kubeconfig)}, {})
    return Cluster(settings, threading.Event())


def test_applying_is_a_server_side_apply_under_our_name(api: Api) -> None:
    cluster = _cluster(api.address)
    cluster.endpoint(CONFIG_MAP)
    desired = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "n"}}
    api.answers = [(200, {"kind": "ConfigMap"})]
    assert cluster.apply(desired, manager="me", dry_run=True) == {"kind": "ConfigMap"}
    assert api.requests[-1] == (
        "PATCH",
        "/api/v1/namespaces/n/configmaps/a",
        {"fieldManager": ["me"], "force": ["false"], "dryRun": ["All"]},
        "application/apply-patch+yaml",
        desired,
    )


def test_a_passing_fault_is_tried_again(api: Api) -> None:
    cluster = _cluster(api.address)
    cluster.endpoint(CONFIG_MAP)
    api.answers = [(503, {}), (429, {}), (200, {"kind": "ConfigMap"})]
    assert cluster.get(CONFIG_MAP, "n", "a") == {"kind": "ConfigMap"}


@pytest.mark.parametrize(
    ("status", "answer", "message"),
    [
        (422, {"message": "spec is wrong"}, "^spec is wrong$"),
        (
            409,
            {
                "message": "conflict with hand",
                "details": {"causes": [{"reason": "FieldManagerConflict"}]},
            },
            "conflict with hand; set the annotation pulumi.com/patchForce",
        ),
    ],
)
def test_a_refusal_is_told_at_once(
    api: Api, status: int, answer: dict[str, Any], message: str
) -> None:
    cluster = _cluster(api.address)
    cluster.endpoint(CONFIG_MAP)
    api.answers = [(status, answer)]
    with pytest.raises(ApiError, match=message):
        cluster.get(CONFIG_MAP, "n", "a")
    assert not api.answers, "asked once"


def test_what_is_not_there_is_none_and_an_unknown_kind_is_named(api: Api) -> None:
    cluster = _cluster(api.address)
    cluster.endpoint(CONFIG_MAP)
    api.answers = [(404, {}), (404, {})]
    assert cluster.get(CONFIG_MAP, "n", "a") is None
    assert cluster.delete(CONFIG_MAP, "n", "a", propagation="Foreground") is False
    assert not cluster.knows(Kind("", "v1", "Widget"))


def test_refused_credentials_are_one_message_for_all_requests(api: Api) -> None:
    cluster = _cluster(api.address)
    api.answers = [(401, {"message": "Unauthorized"})]
    for _ in range(2):
        with pytest.raises(ApiError, match="does not accept the credentials of the kubeconfig"):
            cluster.knows(CONFIG_MAP)
    assert len(api.requests) == 1


def test_an_unreachable_cluster_is_named_and_tried_once_for_all_requests() -> None:
    cluster = _cluster("http://127.0.0.1:1")
    for _ in range(2):
        with pytest.raises(
            UnreachableError, match=r"at http://127.0.0.1:1 is unreachable \(.*refused\)"
        ):
            cluster.knows(CONFIG_MAP)
