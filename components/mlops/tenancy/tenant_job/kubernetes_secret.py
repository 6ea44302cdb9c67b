"""The Kubernetes Secret that keeps a tenant's credentials, reached without any client library."""

import base64
import json
import os
import ssl
import urllib.request
from pathlib import Path
from typing import Any

from .postgres import TenantError

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")


class KubernetesSecret:
    """A Secret that exists already, read and filled through the API server."""

    def __init__(
        self, url: str, token: str, certificate_authority: Path | None, field_manager: str
    ) -> None:
        self._url = f"{url}?fieldManager={field_manager}"
        self._token = token
        self._tls = (
            ssl.create_default_context(cafile=certificate_authority)
            if certificate_authority
            else None
        )

    @classmethod
    def of_pod(cls, namespace: str, name: str) -> "KubernetesSecret":
        """Reach the Secret with the service account this program runs as."""
        host, port = os.environ["KUBERNETES_SERVICE_HOST"], os.environ["KUBERNETES_SERVICE_PORT"]
        return cls(
            f"https://{host}:{port}/api/v1/namespaces/{namespace}/secrets/{name}",
            (SERVICE_ACCOUNT / "token").read_text(),
            SERVICE_ACCOUNT / "ca.crt",
            "database-tenant",
        )

    def read(self) -> dict[str, str]:
        """Return the decoded values."""
        data = self._call("GET").get("data") or {}
        return {key: base64.b64decode(value).decode() for key, value in data.items()}

    def write(self, values: dict[str, str]) -> None:
        """Add or replace these values."""
        data = {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}
        self._call("PATCH", {"data": data})

    def _call(self, method: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310  # the address is the API server's
            self._url,
            method=method,
            data=json.dumps(body).encode() if body else None,
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/merge-patch+json",
            },
        )
        try:
            with urllib.request.urlopen(request, context=self._tls, timeout=30) as answer:  # noqa: S310
                return dict(json.load(answer))
        except OSError as error:
            raise TenantError(f"cannot {method} {self._url}: {error}") from error
