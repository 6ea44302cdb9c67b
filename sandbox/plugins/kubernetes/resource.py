"""One resource of a program, on its way to the cluster."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from sandbox.plugins.kubernetes import objects
from sandbox.plugins.kubernetes.errors import KubernetesError
from sandbox.plugins.kubernetes.kinds import ResourceType
from sandbox.plugins.kubernetes.values import Tree, to_object

DEFAULT_TIMEOUT_S = 600.0

Tell = Callable[[str], None]
"""Shows a passing message to the user."""


@dataclass(frozen=True)
class Resource:
    """One resource of the program and what is to be done with it."""

    urn: str
    type: ResourceType
    inputs: Tree
    timeout_s: float = 0.0
    tell: Tell = lambda _message: None

    @cached_property
    def desired(self) -> Tree:
        """The object that the inputs describe."""
        return objects.without_server_metadata(to_object(self.inputs))

    @property
    def within_s(self) -> float:
        """How long to wait for it."""
        return objects.timeout_s(self.desired, self.timeout_s, DEFAULT_TIMEOUT_S)


class PartialError(KubernetesError):
    """The object exists and belongs into the state, but is not ready."""

    def __init__(self, message: str, identifier: str, state: Tree, inputs: Tree) -> None:
        super().__init__(message)
        self.identifier = identifier
        self.state = state
        self.inputs = inputs
