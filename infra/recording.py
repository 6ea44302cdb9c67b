"""Run a Pulumi program without an engine and keep every resource it registers.

The SDK's mock monitor answers the program in the engine's place; nothing is created and no
network is used. What comes back is the resource graph that `pulumi up` would be asked to make.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime import mocks, rpc, settings
from pulumi.runtime import stack as runtime_stack

from infra import computed_values

STACK_TYPE = "pulumi:pulumi:Stack"
REFERENCE_TYPE = "pulumi:pulumi:StackReference"
OUTPUTS_FUNCTION = "pulumi:pulumi:readStackOutputs"

References = Mapping[str, Mapping[str, Any]]
"""Outputs of other stacks, by the full name under which a program refers to them."""


@dataclass(frozen=True)
class RecordedResource:
    """One registration, as the engine would have received it."""

    urn: str
    """Carries the types of all parents."""
    type: str
    """Type token, such as `aws:s3/bucket:Bucket`."""
    name: str
    """Logical name: the key of the resource in the state."""
    parent: str
    """URN of the parent; the stack's for a top-level resource."""
    inputs: dict[str, Any]
    """Camel-case inputs; computed values of other resources are plausible stand-ins."""
    custom: bool
    """True for a provider's resource, false for a component."""
    provider: str
    """`urn::id` of an explicit provider, empty when the default one would be used."""
    depends_on: frozenset[str]
    """URNs this resource waits for, whatever the reason."""
    property_dependencies: dict[str, frozenset[str]]
    """For each input, the URNs its value comes from."""
    protect: bool
    retain_on_delete: bool
    ignore_changes: tuple[str, ...]
    aliases: tuple[str, ...]
    """Names or URNs under which an older state may hold this resource."""
    additional_secret_outputs: tuple[str, ...]


@dataclass(frozen=True)
class RecordedCall:
    """One function call to a provider."""

    token: str
    """Such as `aws:index/getCallerIdentity:getCallerIdentity`."""
    provider: str
    """`urn::id` of an explicit provider, empty when the default one would be used."""


@dataclass
class Graph:
    """Everything one run of a program registered."""

    resources: dict[str, RecordedResource] = field(default_factory=dict)
    """By URN, in order of registration."""
    outputs: dict[str, Any] = field(default_factory=dict)
    """What the stack exports."""
    component_outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By component URN, what it registered as outputs."""
    calls: list[RecordedCall] = field(default_factory=list)
    """Every question the program asked a provider."""

    def __iter__(self) -> Iterator[RecordedResource]:
        """Iterate over resources in order of registration."""
        return iter(self.resources.values())

    def of_type(self, type_token: str) -> list[RecordedResource]:
        """All resources of one type, in order of registration."""
        return [resource for resource in self if resource.type == type_token]

    def named(self, name: str, type_token: str | None = None) -> RecordedResource:
        """Return the one resource of this logical name; KeyError lists the names there are."""
        found = [r for r in self if r.name == name and type_token in (None, r.type)]
        if len(found) != 1:
            names = ", ".join(sorted(r.name for r in self))
            raise KeyError(f"{len(found)} resources are named {name!r}; names: {names}")
        return found[0]

    def children_of(self, urn: str) -> list[RecordedResource]:
        """Direct children of a resource."""
        return [resource for resource in self if resource.parent == urn]


class _ComputedValues(mocks.Mocks):
    def __init__(self, region: str, references: References) -> None:
        self._region = region
        self._references = references

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.typ == REFERENCE_TYPE:
            stack = args.inputs["name"]
            if stack not in self._references:
                raise ValueError(f"no outputs are known of the stack {stack}")
            return stack, _outputs_of(stack, self._references[stack])
        return computed_values.of_resource(args.typ, args.name, args.inputs, self._region)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        if args.token == OUTPUTS_FUNCTION:
            stack = args.args["name"]
            return _outputs_of(stack, self._references.get(stack, {})), []
        return computed_values.of_invoke(args.token, args.args, self._region), []


def _outputs_of(stack: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": stack,
        "outputs": {name: _plain(value) for name, value in outputs.items()},
        "secretOutputNames": [name for name, value in outputs.items() if _is_secret(value)],
    }


def _is_secret(value: Any) -> bool:
    return isinstance(value, dict) and rpc._special_sig_key in value


def _plain(value: Any) -> Any:
    return value["value"] if _is_secret(value) else value


class _RecordingMonitor(mocks.MockMonitor):
    def __init__(self, region: str, references: References) -> None:
        super().__init__(_ComputedValues(region, references))
        self.graph = Graph()

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        if request.tok != OUTPUTS_FUNCTION:  # the engine's own, of no provider
            self.graph.calls.append(RecordedCall(request.tok, request.provider))
        return super().Invoke(request)  # type: ignore[no-untyped-call]

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (name of the gRPC method)
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if request.type != STACK_TYPE:
            self.graph.resources[response.urn] = RecordedResource(
                urn=response.urn,
                type=request.type,
                name=request.name,
                parent=request.parent,
                inputs=rpc.deserialize_properties(request.object),
                custom=bool(request.custom),
                provider=request.provider,
                depends_on=frozenset(request.dependencies),
                property_dependencies={
                    key: frozenset(value.urns)
                    for key, value in request.propertyDependencies.items()
                },
                protect=bool(request.protect),
                retain_on_delete=bool(request.retainOnDelete),
                ignore_changes=tuple(request.ignoreChanges),
                aliases=tuple(a.urn or a.spec.name for a in request.aliases),
                additional_secret_outputs=tuple(request.additionalSecretOutputs),
            )
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        outputs = rpc.deserialize_properties(request.outputs)
        if f"::{STACK_TYPE}::" in request.urn:
            self.graph.outputs.update(outputs)
        else:
            self.graph.component_outputs[request.urn] = outputs
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


def record(
    program: Callable[[], object],
    *,
    stack: str = "demo-dev",
    project: str = "mlops",
    config: Mapping[str, str] | None = None,
    references: References | None = None,
) -> Graph:
    """Run `program` as the program of `stack` and return what it registered.

    `config` maps full keys (`aws:region`) to their string form; objects are JSON. `references` are
    the outputs of stacks the program refers to, as the graph of those stacks holds them; those of
    its own stack, if there are any, are of an earlier deployment. An error
    in the program is raised as it is. Not reentrant: the SDK's settings are global to the process.
    """
    monitor = _RecordingMonitor(
        (config or {}).get("aws:region", computed_values.REGION), references or {}
    )
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # A program that failed leaves outputs behind that nobody will ever complete.
    settings.SETTINGS.outputs.clear()
    settings.set_root_resource(None)  # type: ignore[arg-type]  # the SDK's own way to forget it
    pulumi.runtime.set_all_config(dict(config or {}))
    settings.configure(
        mocks.MockSettings(  # type: ignore[no-untyped-call]
            monitor=monitor,
            engine=mocks.MockEngine(None),
            project=project,
            stack=stack,
            dry_run=False,
        )
    )

    def run() -> None:
        program()

    try:
        loop.run_until_complete(runtime_stack.run_in_stack(run))
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
    return monitor.graph
