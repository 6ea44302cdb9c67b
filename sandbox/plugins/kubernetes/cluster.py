"""The Kubernetes API: requests with retries, and what kinds the server knows."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.plugins.kubernetes.connection import JSON, Connection, connect
from sandbox.plugins.kubernetes.errors import (
    NOT_FOUND,
    ApiError,
    CancelledError,
    KubernetesError,
    UnreachableError,
)
from sandbox.plugins.kubernetes.kinds import Kind
from sandbox.plugins.kubernetes.objects import metadata
from sandbox.plugins.kubernetes.settings import Settings
from sandbox.plugins.kubernetes.values import Tree

APPLY = "application/apply-patch+yaml"

RETRY_DELAYS_S = (0.1, 0.2, 0.4, 0.8, 1.6)
FIRST_RETRY_DELAYS_S = RETRY_DELAYS_S[:3]
"""A server that does not answer the very first request is down rather than busy."""


@dataclass(frozen=True)
class Endpoint:
    """Where the API server serves a kind."""

    path: str
    """The API group's path."""
    plural: str
    is_namespaced: bool

    def url(self, namespace: str | None, name: str = "") -> str:
        """Return the path of one object, or of all."""
        place = f"/namespaces/{namespace}" if self.is_namespaced and namespace else ""
        return f"{self.path}{place}/{self.plural}" + (f"/{name}" if name else "")


class Cluster:
    """One API server; the first request connects, many threads share it."""

    def __init__(self, settings: Settings, stopping: threading.Event) -> None:
        self.settings = settings
        self.stopping = stopping
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._fault: KubernetesError | None = None
        self._endpoints: dict[Kind, Endpoint] = {}

    def get(self, kind: Kind, namespace: str | None, name: str) -> Tree | None:
        """Return a live object; None if it, or its kind, does not exist."""
        try:
            return self._request("GET", self.endpoint(kind).url(namespace, name))
        except ApiError as error:
            if error.status == NOT_FOUND:
                return None
            raise

    def list(self, kind: Kind, namespace: str | None, *, selector: str) -> list[Tree]:
        """Return the live objects with these labels."""
        url = self.endpoint(kind).url(namespace)
        items: list[Tree] = self._request("GET", url, query={"labelSelector": selector})["items"]
        return items

    def apply(
        self, desired: Tree, *, manager: str, force: bool = False, dry_run: bool = False
    ) -> Tree:
        """Create or change an object by server-side apply; return it as it is then."""
        data = metadata(desired)
        endpoint = self.endpoint(Kind.of(desired["apiVersion"], desired["kind"]))
        query = {"fieldManager": manager, "force": str(force).lower()}
        return self._request(
            "PATCH",
            endpoint.url(data.get("namespace"), data["name"]),
            query={**query, "dryRun": "All"} if dry_run else query,
            body=desired,
            content_type=APPLY,
        )

    def delete(self, kind: Kind, namespace: str | None, name: str, *, propagation: str) -> bool:
        """Ask for the end of an object; say whether there was one."""
        body = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": propagation}
        try:
            self._request("DELETE", self.endpoint(kind).url(namespace, name), body=body)
        except ApiError as error:
            if error.status == NOT_FOUND:
                return False
            raise
        return True

    def endpoint(self, kind: Kind) -> Endpoint:
        """Return where a kind is served; an `ApiError` with status 404 if it is not."""
        if kind in self._endpoints:
            return self._endpoints[kind]
        path = f"/apis/{kind.api_version}" if kind.group else f"/api/{kind.version}"
        for served in self._request("GET", path)["resources"]:
            if "/" not in served["name"]:
                known = Kind(kind.group, kind.version, served["kind"])
                self._endpoints[known] = Endpoint(path, served["name"], served["namespaced"])
        if kind not in self._endpoints:
            raise ApiError(
                NOT_FOUND, f"the API server knows no kind {kind.kind} in {kind.api_version}"
            )
        return self._endpoints[kind]

    def knows(self, kind: Kind) -> bool:
        """Say whether the server serves a kind."""
        try:
            self.endpoint(kind)
        except ApiError as error:
            if error.status == NOT_FOUND:
                return False
            raise
        return True

    def pause(self, seconds: float) -> None:
        """Wait a little, unless the engine cancels."""
        if self.stopping.wait(seconds):
            raise CancelledError("the operation was cancelled")

    def _request(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, str] | None = None,
        body: Tree | None = None,
        content_type: str = JSON,
    ) -> Tree:
        connection = self._connected()
        return self._retried(
            lambda: connection.call(
                method, path, query=query or {}, body=body, content_type=content_type
            ),
            RETRY_DELAYS_S,
        )

    def _retried(self, request: Callable[[], Tree], delays_s: tuple[float, ...]) -> Tree:
        for delay_s in delays_s:
            try:
                return request()
            except ApiError as error:
                if not error.is_transient:
                    raise
            except UnreachableError:
                pass
            self.pause(delay_s)
        return request()

    def _connected(self) -> Connection:
        """Return the connection; the first failure to connect holds for all later requests."""
        with self._lock:
            if self._fault:
                raise self._fault
            if self._connection is None:
                try:
                    connection = connect(self.settings)
                    self._retried(lambda: connection.call("GET", "/version"), FIRST_RETRY_DELAYS_S)
                except (UnreachableError, ApiError) as fault:
                    self._fault = fault
                    raise
                self._connection = connection
            return self._connection
