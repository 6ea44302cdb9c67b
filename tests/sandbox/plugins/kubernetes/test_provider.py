"""The provider's side of the engine's protocol, and how it starts and stops."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
import pytest
from google.protobuf import empty_pb2, struct_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from sandbox.plugins.kubernetes import write_launcher
from sandbox.plugins.kubernetes.engine import abort_partial
from sandbox.plugins.kubernetes.resource import PartialError
from sandbox.plugins.kubernetes.values import UNKNOWN, Secret, Tree, decode, encode
from tests.sandbox.plugins import StartedPlugin, started

URN = "urn:pulumi:dev::trial::kubernetes:{}::web"
CONFIG_MAP = URN.format("core/v1:ConfigMap")
DOWN = """
clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
contexts: [{name: x, context: {cluster: c, user: u, namespace: team}}]
users: [{name: u, user: {token: secret-token}}]
current-context: x
"""


class Provider:
    """A running provider whose cluster is down: what follows needs none."""

    def __init__(self, plugin: StartedPlugin) -> None:
        self.stub = provider_pb2_grpc.ResourceProviderStub(plugin.channel)
        self.stub.Handshake(provider_pb2.ProviderHandshakeRequest())
        self.configured = self.stub.Configure(
            provider_pb2.ConfigureRequest(variables={"kubernetes:config:kubeconfig": DOWN})
        )

    def check(self, urn: str, news: Tree, olds: Tree | None = None) -> Tree:
        answer = self.stub.Check(
            provider_pb2.CheckRequest(
                urn=urn, news=encode(news), olds=encode(olds or {}), randomSeed=b"seed"
            )
        )
        assert not answer.failures
        return decode(answer.inputs)

    def diff(self, urn: str, old: Tree, new: Tree, **more: Any) -> provider_pb2.DiffResponse:
        answer: provider_pb2.DiffResponse = self.stub.Diff(
            provider_pb2.DiffRequest(
                urn=urn, id="n/a", olds=encode({"__inputs": old}), news=encode(new), **more
            )
        )
        return answer


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    directory = tmp_path_factory.mktemp("provider")
    with started(write_launcher(directory, python=Path(sys.executable)), directory) as plugin:
        yield Provider(plugin)


def test_it_says_what_it_can_do(provider: Provider) -> None:
    assert provider.configured.acceptSecrets
    assert provider.configured.supportsPreview
    assert not provider.configured.acceptOutputs
    assert provider.stub.GetPluginInfo(empty_pb2.Empty()).version


def test_checked_inputs_compare_equal_to_themselves(provider: Provider) -> None:
    first = provider.check(CONFIG_MAP, {"data": {"a": "1"}})
    assert first["metadata"]["namespace"] == "team", "the context's namespace"
    second = provider.check(CONFIG_MAP, {"data": {"a": "1"}}, first)
    assert second == first
    answer = provider.diff(CONFIG_MAP, first, second)
    assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE


def test_a_difference_is_told_in_detail(provider: Provider) -> None:
    named = {"name": "a", "namespace": "n"}
    answer = provider.diff(
        CONFIG_MAP,
        {"metadata": named, "data": {"a": "1"}},
        {"metadata": {**named, "labels": {"x.y": "1"}}, "data": {"a": UNKNOWN}},
    )
    assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert {path: one.kind for path, one in answer.detailedDiff.items()} == {
        "metadata.labels": provider_pb2.PropertyDiff.ADD,
        "data.a": provider_pb2.PropertyDiff.UPDATE_REPLACE,
    }
    assert list(answer.replaces) == ["data.a"]
    assert answer.deleteBeforeReplace, "the name is given, so both cannot exist"


def test_ignored_changes_are_none(provider: Provider) -> None:
    answer = provider.diff(
        CONFIG_MAP, {"data": {"a": "1"}}, {"data": {"a": "2"}}, ignoreChanges=["data"]
    )
    assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE


def test_a_moved_cluster_replaces_the_provider(provider: Provider) -> None:
    def diff(kubeconfig: str) -> provider_pb2.DiffResponse:
        request = provider_pb2.DiffRequest(
            olds=encode({"kubeconfig": DOWN}), news=encode({"kubeconfig": kubeconfig})
        )
        answer: provider_pb2.DiffResponse = provider.stub.DiffConfig(request)
        return answer

    assert diff(DOWN).changes == provider_pb2.DiffResponse.DIFF_NONE
    assert list(diff(DOWN.replace(":1", ":2")).replaces) == ["kubeconfig"]
    assert not diff(DOWN.replace("secret-token", "other")).replaces
    assert list(diff(UNKNOWN).replaces) == ["kubeconfig"]


def test_charts_are_refused_in_one_sentence(provider: Provider) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        provider.check(URN.format("helm.sh/v3:Release"), {"chart": "x"})
    assert refused.value.details() == (
        "kubernetes:helm.sh/v3:Release needs the official kubernetes plug-in and a chart "
        "repository; with this stand-in turn the installation of charts off"
    )
    request = provider_pb2.ConstructRequest(type="kubernetes:helm.sh/v4:Chart", name="x")
    with pytest.raises(grpc.RpcError, match="needs the official kubernetes plug-in"):
        provider.stub.Construct(request)
    with pytest.raises(grpc.RpcError, match="needs the official kubernetes plug-in"):
        provider.stub.Invoke(provider_pb2.InvokeRequest(tok="kubernetes:helm:template"))


def test_manifests_can_be_read(provider: Provider) -> None:
    text = "kind: A\n---\n---\nkind: List\nitems: [{kind: B, metadata: {name: b}}]\n"
    arguments = struct_pb2.Struct()
    arguments.update({"text": text, "defaultNamespace": "n"})
    answer = provider.stub.Invoke(
        provider_pb2.InvokeRequest(tok="kubernetes:yaml:decode", args=arguments)
    )
    assert decode(getattr(answer, "return"))["result"] == [
        {"kind": "A"},
        {"kind": "B", "metadata": {"name": "b", "namespace": "n"}},
    ]


def test_an_unreachable_cluster_fails_the_update_but_not_the_preview(provider: Provider) -> None:
    inputs = encode(provider.check(CONFIG_MAP, {"data": {"a": "1"}}))
    request = provider_pb2.CreateRequest(urn=CONFIG_MAP, properties=inputs, preview=True)
    assert provider.stub.Create(request).properties == inputs
    request.preview = False
    with pytest.raises(grpc.RpcError) as refused:
        provider.stub.Create(request)
    assert refused.value.details().startswith(
        "the Kubernetes cluster at http://127.0.0.1:1 is unreachable"
    )


def test_a_partial_failure_carries_what_the_state_needs() -> None:
    class Context:
        metadata: Any = ()

        def set_trailing_metadata(self, metadata: Any) -> None:
            self.metadata = metadata

        def abort(self, _code: Any, message: str) -> None:
            raise RuntimeError(message)

    context = Context()
    error = PartialError("pod says hunter22", "n/x", {"a": 1}, {"pw": Secret("hunter22")})
    with pytest.raises(RuntimeError, match=r"^pod says \[secret\]$"):
        abort_partial(context, error)
    [(name, sent)] = context.metadata
    assert name == "grpc-status-details-bin"
    detail = provider_pb2.ErrorResourceInitFailed()
    status = status_pb2.Status.FromString(sent)
    assert status.details[0].Unpack(detail)
    assert (detail.id, list(detail.reasons)) == ("n/x", ["pod says [secret]"])
    assert decode(detail.properties) == {"a": 1}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_at_once(tmp_path: Path, number: signal.Signals) -> None:
    launcher = write_launcher(tmp_path, python=Path(sys.executable))
    with started(launcher, tmp_path) as plugin:
        code, seconds = plugin.stop(number)
    assert code == 0
    assert seconds < 3, "a busy machine takes its time, a deaf plug-in for ever"
