"""The engine's `ResourceProvider` service for Kubernetes objects."""
# ruff: noqa: N802  the protocol names the methods

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from google.protobuf import empty_pb2  # type: ignore[import-untyped]

from sandbox.plugins import protocol
from sandbox.plugins.kubernetes import checks, functions, kinds, objects, settings
from sandbox.plugins.kubernetes.cluster import Cluster
from sandbox.plugins.kubernetes.comparison import compare
from sandbox.plugins.kubernetes.engine import Engine, abort, abort_partial, changes, diff_response
from sandbox.plugins.kubernetes.errors import KubernetesError, UnreachableError
from sandbox.plugins.kubernetes.operations import Operations
from sandbox.plugins.kubernetes.resource import PartialError, Resource
from sandbox.plugins.kubernetes.secrets import mark, redact
from sandbox.plugins.kubernetes.values import Tree, decode, encode, has_unknown, to_object

if TYPE_CHECKING:
    from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc
else:
    plugin_pb2, provider_pb2, provider_pb2_grpc = protocol(
        "plugin_pb2", "provider_pb2", "provider_pb2_grpc"
    )

VERSION = "4.34.2"
"""The release of the SDK whose resource types are known here."""

NAMESPACE = kinds.Kind("", "v1", "Namespace")


class KubernetesProvider(provider_pb2_grpc.ResourceProviderServicer):
    """Manages single objects of one cluster."""

    def __init__(self, engine_address: str = "") -> None:
        self.engine = Engine(engine_address)
        self.stopping = threading.Event()
        self._operations = self._configured({}, "default")
        self._in_state: set[str] = set()
        """URNs that the state knows: to create one of them is to replace it."""
        self._warned = threading.Event()

    def Handshake(self, request: Any, _context: Any) -> "provider_pb2.ProviderHandshakeResponse":
        """Learn where the engine is, and tell it what this plug-in can do."""
        self.engine.connect(request.engine_address)
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, supports_autonaming_configuration=True
        )

    def GetPluginInfo(self, _request: Any, _context: Any) -> "plugin_pb2.PluginInfo":
        """Say which version this stands for."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def Cancel(self, _request: Any, _context: Any) -> empty_pb2.Empty:
        """End all waiting."""
        self.stopping.set()
        return empty_pb2.Empty()

    def CheckConfig(self, request: Any, _context: Any) -> "provider_pb2.CheckResponse":
        """Take the configuration as it is."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, _context: Any) -> "provider_pb2.DiffResponse":
        """Replace all objects when the configuration means another cluster."""
        old, new = to_object(decode(request.olds)), to_object(decode(request.news))
        changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        places = [name for name in changed if name in ("kubeconfig", "context", "cluster")]
        moves = has_unknown({name: new.get(name) for name in places}) or (
            places and settings.changes_cluster(old, new)
        )
        return provider_pb2.DiffResponse(
            changes=changes(bool(changed)),
            diffs=changed,
            replaces=places if moves else [],
        )

    def Configure(self, request: Any, context: Any) -> "provider_pb2.ConfigureResponse":
        """Take the configuration; the cluster is not asked before it is needed."""
        with _refusals(context):
            chosen = settings.default_namespace(settings.parse(request.variables))
            self._operations = self._configured(request.variables, chosen)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True
        )

    def Invoke(self, request: Any, context: Any) -> "provider_pb2.InvokeResponse":
        """Run a function."""
        with _refusals(context):
            result = functions.invoke(request.tok, to_object(decode(request.args)))
        return provider_pb2.InvokeResponse(**{"return": encode(result)})

    def Construct(self, request: Any, context: Any) -> "provider_pb2.ConstructResponse":
        """Refuse components: charts and manifests as a whole."""
        abort(
            context,
            f"{request.type} needs the official kubernetes plug-in; declare its objects one by one",
        )

    def Check(self, request: Any, context: Any) -> "provider_pb2.CheckResponse":
        """Complete the inputs of a resource."""
        inputs = decode(request.news)
        options = provider_pb2.CheckRequest.AutonamingOptions
        with _refusals(context, inputs):
            checked = checks.check(
                kinds.resource_type(request.urn),
                inputs,
                to_object(decode(request.olds)),
                naming=checks.Naming(
                    logical_name=request.urn.split("::", 3)[3],
                    seed=request.randomSeed,
                    proposed=request.autonaming.proposed_name,
                    is_off=request.autonaming.mode == options.DISABLE,
                ),
                default_namespace=self._operations.default_namespace,
            )
        return provider_pb2.CheckResponse(inputs=encode(mark(checked, checked)))

    def Diff(self, request: Any, context: Any) -> "provider_pb2.DiffResponse":
        """Compare the last inputs with the new ones."""
        self._in_state.add(request.urn)
        resource = self._resource(request, request.news)
        state = to_object(decode(request.olds))
        with _refusals(context, resource.inputs):
            found = compare(
                resource,
                state.get(objects.INPUTS) or to_object(decode(request.old_inputs)),
                identifier=request.id,
                ignored=tuple(request.ignoreChanges),
                settings=self._operations.settings,
                default_namespace=self._operations.default_namespace,
            )
            is_unready = self._operations.is_unready_job(resource, request.id)
        return diff_response(found, is_unready=is_unready)

    def Create(self, request: Any, context: Any) -> "provider_pb2.CreateResponse":
        """Make an object, or say what it would be."""
        resource = self._resource(request, request.properties)
        with _refusals(context, resource.inputs):
            if request.preview:
                state = self._previewed(resource, lambda: self._operations.preview_create(resource))
                return provider_pb2.CreateResponse(properties=encode(state))
            identifier, made = self._operations.create(
                resource, is_replacement=request.urn in self._in_state
            )
        return provider_pb2.CreateResponse(id=identifier, properties=encode(made))

    def Update(self, request: Any, context: Any) -> "provider_pb2.UpdateResponse":
        """Change an object, or say what it would be."""
        resource = self._resource(request, request.news)
        old = to_object(decode(request.olds))
        with _refusals(context, resource.inputs):
            if request.preview:
                state = self._previewed(
                    resource, lambda: self._operations.preview_update(resource, old)
                )
            else:
                state = self._operations.update(
                    resource, old, request.id, list(request.ignoreChanges)
                )
        return provider_pb2.UpdateResponse(properties=encode(state))

    def Read(self, request: Any, context: Any) -> "provider_pb2.ReadResponse":
        """Return an object as it is; nothing if it is gone."""
        resource = self._resource(request, request.inputs)
        state = to_object(decode(request.properties))
        with _refusals(context, resource.inputs):
            if self._is_lost(request.urn):
                return provider_pb2.ReadResponse()
            found = self._operations.read(resource, request.id, state)
            if found is None:
                return provider_pb2.ReadResponse()
        now, inputs = found
        return provider_pb2.ReadResponse(
            id=request.id, properties=encode(now), inputs=encode(inputs)
        )

    def Delete(self, request: Any, context: Any) -> empty_pb2.Empty:
        """Remove an object."""
        state = to_object(decode(request.properties))
        resource = self._resource(request, encode(state.get(objects.INPUTS) or {}))
        with _refusals(context, resource.inputs):
            if not self._is_lost(request.urn):
                self._operations.delete(resource, request.id, state)
        return empty_pb2.Empty()

    def _configured(self, variables: Mapping[str, str], default_namespace: str) -> Operations:
        parsed = settings.parse(variables)
        return Operations(Cluster(parsed, self.stopping), parsed, default_namespace)

    def _resource(self, request: Any, inputs: Any) -> Resource:
        return Resource(
            urn=request.urn,
            type=kinds.resource_type(request.urn),
            inputs=decode(inputs),
            timeout_s=getattr(request, "timeout", 0.0),
            tell=lambda message: self.engine.status(request.urn, message),
        )

    def _previewed(self, resource: Resource, preview: Callable[[], Tree | None]) -> Tree:
        """Return the previewed state; the inputs where the cluster cannot say more."""
        try:
            return preview() or resource.inputs
        except UnreachableError as error:
            if not self._warned.is_set():
                self._warned.set()
                self.engine.warn(resource.urn, f"previewed without the cluster: {error}")
            return resource.inputs

    def _is_lost(self, urn: str) -> bool:
        """Say whether the cluster is gone and its objects are to be forgotten."""
        if not self._operations.settings.is_on("deleteUnreachable"):
            return False
        try:
            self._operations.cluster.knows(NAMESPACE)
        except UnreachableError as error:
            self.engine.warn(urn, f"removed from the state only: {error}")
            return True
        return False


def register(provider: KubernetesProvider, server: Any) -> None:
    """Add the service to a gRPC server."""
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)


@contextmanager
def _refusals(context: Any, inputs: Tree | None = None) -> Iterator[None]:
    """Turn what the user can act on into the call's error, without secrets and traceback."""
    try:
        yield
    except PartialError as error:
        abort_partial(context, error)
    except KubernetesError as error:
        abort(context, redact(str(error), inputs or {}))
