"""What can go wrong, said so that the user can act on it."""

import json
from typing import Any

from sandbox.plugins.kubernetes.values import Tree

NOT_FOUND = 404
CONFLICT = 409
FORBIDDEN = 403
UNAUTHORIZED = 401

_TRANSIENT = frozenset({429, 500, 502, 503, 504})


class KubernetesError(Exception):
    """An operation failed; its text is for the user."""


class UnreachableError(KubernetesError):
    """There is no talking to the cluster."""


class CancelledError(KubernetesError):
    """The engine asked to stop."""


class NotReadyError(KubernetesError):
    """An object exists but does not work, or not yet."""

    def __init__(self, message: str, live: Tree) -> None:
        super().__init__(message)
        self.live = live


class ApiError(KubernetesError):
    """The API server refused a request."""

    def __init__(self, status: int, message: str, causes: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.causes = causes

    @property
    def is_transient(self) -> bool:
        """Whether the same request may succeed a moment later."""
        is_race = self.status == CONFLICT and not self.is_field_conflict
        return self.status in _TRANSIENT or is_race

    @property
    def is_field_conflict(self) -> bool:
        """Whether someone else owns a field that the request sets."""
        return "FieldManagerConflict" in self.causes


def api_error(status: int, body: Any, server: str) -> ApiError:
    """Return the error for a refused request, from the `Status` object that the server sent."""
    try:
        sent = json.loads(body or "")
    except ValueError:
        sent = {}
    message = sent.get("message") or f"HTTP status {status}"
    details = (sent.get("details") or {}).get("causes") or []
    causes = tuple(cause.get("reason", "") for cause in details)
    if status == UNAUTHORIZED:
        message = (
            f"the cluster at {server} does not accept the credentials of the kubeconfig "
            "(401 Unauthorized); check its user, or the program that its `exec` names"
        )
    error = ApiError(status, message, causes)
    if error.is_field_conflict:
        hint = 'set the annotation pulumi.com/patchForce to "true" to take the fields over'
        return ApiError(status, f"{message}; {hint}", causes)
    return error
