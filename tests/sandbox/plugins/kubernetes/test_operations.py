"""Create, update, read and delete against a cluster in memory."""

import pytest

from sandbox.plugins.kubernetes.errors import ApiError, KubernetesError, NotReadyError
from sandbox.plugins.kubernetes.kinds import Kind, resource_type
from sandbox.plugins.kubernetes.operations import Operations
from sandbox.plugins.kubernetes.resource import PartialError, Resource
from sandbox.plugins.kubernetes.settings import parse
from sandbox.plugins.kubernetes.values import UNKNOWN, Secret, Tree
from tests.sandbox.plugins.kubernetes.conftest import FakeCluster

CONFIG_MAP = Kind("", "v1", "ConfigMap")
JOB = Kind("batch", "v1", "Job")


def _operations(cluster: FakeCluster, **switches: str) -> Operations:
    return Operations(cluster, parse(switches, {}), "default")


def _resource(token: str, inputs: Tree, *, timeout_s: float = 0.0) -> Resource:
    kind = resource_type(f"urn:pulumi:dev::trial::kubernetes:{token}::x")
    named = {"name": "x", "namespace": "n", **inputs.get("metadata", {})}
    return Resource(
        f"urn:pulumi:dev::trial::kubernetes:{token}::x",
        kind,
        {
            "apiVersion": kind.kind.api_version,
            "kind": kind.kind.kind,
            **inputs,
            "metadata": named,
        },
        timeout_s,
    )


def _config_map(data: Tree, **annotations: str) -> Resource:
    return _resource("core/v1:ConfigMap", {"data": data, "metadata": {"annotations": annotations}})


def test_creating_applies_and_returns_the_live_object(cluster: FakeCluster) -> None:
    identifier, state = _operations(cluster).create(_config_map({"a": "1"}), is_replacement=False)
    assert identifier == "n/x"
    assert state["metadata"]["uid"] == "1"
    assert state["__inputs"]["data"] == {"a": "1"}
    assert cluster.calls[0]["manager"] == state["__fieldManager"]


def test_someone_elses_object_is_not_taken_over(cluster: FakeCluster) -> None:
    cluster.add(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "namespace": "n"}}
    )
    with pytest.raises(ApiError, match="ConfigMap n/x already exists in the cluster"):
        _operations(cluster).create(_config_map({}), is_replacement=False)
    _operations(cluster, upsertExistingObjects="true").create(_config_map({}), is_replacement=False)


def test_an_object_of_a_killed_run_is_found_again(cluster: FakeCluster) -> None:
    operations = _operations(cluster)
    operations.create(_config_map({"a": "1"}), is_replacement=False)
    _, state = operations.create(_config_map({"a": "2"}), is_replacement=False)
    assert state["data"] == {"a": "2"}
    with pytest.raises(ApiError, match="already exists"):
        operations.create(_config_map({"a": "3"}), is_replacement=True)


def test_creating_waits_for_a_namespace_that_is_just_coming(cluster: FakeCluster) -> None:
    cluster.refusals = [ApiError(404, 'namespaces "n" not found')]
    _operations(cluster).create(_config_map({}), is_replacement=False)
    assert len(cluster.calls) == 2


@pytest.mark.parametrize(
    ("annotations", "switches", "force"),
    [
        ({}, {}, False),
        ({"pulumi.com/patchForce": "true"}, {}, True),
        ({}, {"enablePatchForce": "true"}, True),
    ],
)
def test_fields_of_others_are_taken_over_only_on_request(
    cluster: FakeCluster, annotations: dict[str, str], switches: dict[str, str], force: bool
) -> None:
    resource = _config_map({}, **annotations)
    _operations(cluster, **switches).create(resource, is_replacement=False)
    assert cluster.calls[-1]["force"] is force


def test_a_job_is_awaited_and_its_progress_told(cluster: FakeCluster) -> None:
    complete = {"status": {"conditions": [{"type": "Complete", "status": "True"}]}}
    cluster.steps = [((JOB, "n", "x"), complete)]
    told: list[str] = []
    resource = _resource("batch/v1:Job", {"spec": {}})
    _, state = _operations(cluster).create(
        Resource(resource.urn, resource.type, resource.inputs, tell=told.append),
        is_replacement=False,
    )
    assert told == ["waiting: 0 of 1 completions"]
    assert state["status"]["conditions"]


def test_a_failed_job_names_its_pod_and_is_kept_in_the_state(cluster: FakeCluster) -> None:
    labels = {"matchLabels": {"job": "x"}}
    failed = {"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"}
    cluster.steps = [
        ((JOB, "n", "x"), {"spec": {"selector": labels}, "status": {"conditions": [failed]}})
    ]
    ended = {"name": "main", "state": {"terminated": {"exitCode": 2, "message": "no database"}}}
    cluster.add(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "x-1", "namespace": "n"},
            "status": {"containerStatuses": [ended]},
        }
    )
    with pytest.raises(PartialError) as raised:
        _operations(cluster).create(_resource("batch/v1:Job", {"spec": {}}), is_replacement=False)
    assert str(raised.value) == (
        "Job n/x: the job has failed: BackoffLimitExceeded; "
        "pod x-1: container main: exit code 2, no database"
    )
    assert (raised.value.identifier, raised.value.state["__inputs"]["spec"]) == ("n/x", {})


def test_waiting_ends_with_its_time_and_says_what_was_missing(cluster: FakeCluster) -> None:
    with pytest.raises(PartialError, match=r"not ready after 0 s: 0 of 1 completions"):
        _operations(cluster).create(
            _resource("batch/v1:Job", {"spec": {}}, timeout_s=0.01), is_replacement=False
        )


def test_waiting_ends_when_the_engine_cancels(cluster: FakeCluster) -> None:
    cluster.stopping.set()
    with pytest.raises(PartialError, match="cancelled while waiting"):
        _operations(cluster).create(_resource("batch/v1:Job", {"spec": {}}), is_replacement=False)


@pytest.mark.parametrize(
    "resource",
    [
        _resource(
            "batch/v1:Job",
            {"spec": {}, "metadata": {"annotations": {"pulumi.com/skipAwait": "true"}}},
        ),
        _resource("core/v1:Service", {"spec": {"clusterIP": "None", "selector": {"a": "b"}}}),
        _resource("networking.k8s.io/v1:Ingress", {"spec": {}}),
    ],
    ids=["skipped", "headless", "ingress"],
)
def test_what_is_not_awaited(cluster: FakeCluster, resource: Resource) -> None:
    _operations(cluster).create(resource, is_replacement=False)


def test_a_service_is_ready_once_a_pod_is_behind_it(cluster: FakeCluster) -> None:
    service = _resource("core/v1:Service", {"spec": {"selector": {"a": "b"}}}, timeout_s=0.01)
    with pytest.raises(PartialError, match="no ready pod is behind it"):
        _operations(cluster).create(service, is_replacement=False)
    cluster.add(
        {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": {"name": "x-1", "namespace": "n"},
            "endpoints": [{"conditions": {"ready": True}}],
        }
    )
    _operations(cluster).create(service, is_replacement=False)


def test_a_claim_that_binds_late_is_not_awaited(cluster: FakeCluster) -> None:
    claim = _resource(
        "core/v1:PersistentVolumeClaim", {"spec": {"storageClassName": "s"}}, timeout_s=0.01
    )
    with pytest.raises(PartialError, match="its phase is unknown"):
        _operations(cluster).create(claim, is_replacement=False)
    storage = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass"}
    cluster.add({**storage, "metadata": {"name": "s"}, "volumeBindingMode": "WaitForFirstConsumer"})
    _operations(cluster).create(claim, is_replacement=False)


def test_a_preview_is_a_dry_run(cluster: FakeCluster) -> None:
    state = _operations(cluster).preview_create(_config_map({"a": "1"}))
    assert state is not None
    assert state["metadata"]["uid"] == UNKNOWN
    assert cluster.calls[0]["dry"] is True
    assert not cluster.objects


@pytest.mark.parametrize(
    "refusal",
    [
        ApiError(404, 'namespaces "n" not found'),
        ApiError(403, "forbidden"),
        ApiError(422, "spec: field is immutable"),
    ],
)
def test_a_preview_the_server_cannot_give_is_none(cluster: FakeCluster, refusal: ApiError) -> None:
    cluster.refusals = [refusal]
    assert _operations(cluster).preview_create(_config_map({})) is None


def test_a_preview_shows_what_the_server_refuses(cluster: FakeCluster) -> None:
    cluster.refusals = [ApiError(422, "spec.foo: no such field")]
    with pytest.raises(ApiError, match="no such field"):
        _operations(cluster).preview_create(_config_map({}))


def test_unknown_values_and_kinds_are_not_sent(cluster: FakeCluster) -> None:
    operations = _operations(cluster)
    assert operations.preview_create(_config_map({"a": UNKNOWN})) is None
    assert operations.preview_update(_config_map({"a": Secret(UNKNOWN)}), {}) is None
    cluster.unknown_kinds.add("Widget")
    assert operations.preview_create(_resource("example.com/v1:Widget", {})) is None
    assert not cluster.calls


def test_updating_keeps_what_others_have_set_in_ignored_properties(cluster: FakeCluster) -> None:
    operations = _operations(cluster)
    identifier, state = operations.create(_config_map({"a": "1"}), is_replacement=False)
    cluster.objects[CONFIG_MAP, "n", "x"]["data"] = {"a": "theirs"}
    changed = _config_map({"a": "1"}, note="new")
    new = operations.update(changed, state, identifier, ["data"])
    assert cluster.objects[CONFIG_MAP, "n", "x"]["data"] == {"a": "theirs"}
    assert new["__inputs"]["data"] == {"a": "1"}, "the state holds what the program said"


def test_updating_what_is_gone_says_so(cluster: FakeCluster) -> None:
    with pytest.raises(KubernetesError, match="run `pulumi refresh`"):
        _operations(cluster).update(_config_map({}), {}, "n/x", [])


def test_reading_shows_no_difference_that_is_none(cluster: FakeCluster) -> None:
    operations = _operations(cluster)
    resource = _config_map({"a": "1"})
    identifier, state = operations.create(resource, is_replacement=False)
    found = operations.read(resource, identifier, state)
    assert found is not None
    assert found == (state, resource.inputs)


def test_reading_for_an_import_makes_the_inputs(cluster: FakeCluster) -> None:
    operations = _operations(cluster)
    operations.create(_config_map({"a": "1"}), is_replacement=False)
    bare = _config_map({})
    nothing = Resource(bare.urn, bare.type, {})
    found = operations.read(nothing, "n/x", {})
    assert found is not None
    assert found[1]["data"] == {"a": "1"}
    assert "uid" not in found[1]["metadata"]
    assert operations.read(nothing, "n/other", {}) is None


def test_reading_tells_that_an_object_does_not_work(cluster: FakeCluster) -> None:
    cluster.add(
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": "x", "namespace": "n"},
            "status": {"conditions": [{"type": "Failed", "status": "True", "reason": "R"}]},
        }
    )
    with pytest.raises(PartialError, match="the job has failed: R"):
        _operations(cluster).read(_resource("batch/v1:Job", {"spec": {}}), "n/x", {})


@pytest.mark.parametrize(
    ("wish", "propagation"),
    [("", "Foreground"), ("background", "Background"), ("orphan", "Orphan")],
)
def test_deleting_waits_until_the_object_is_gone(
    cluster: FakeCluster, wish: str, propagation: str
) -> None:
    operations = _operations(cluster)
    resource = _config_map({}, **{"pulumi.com/deletionPropagationPolicy": wish})
    operations.create(resource, is_replacement=False)
    cluster.steps = [((CONFIG_MAP, "n", "x"), {}), ((CONFIG_MAP, "n", "x"), None)]
    operations.delete(resource, "n/x", {})
    assert cluster.calls[-1] == {"delete": "x", "propagation": propagation}
    assert not cluster.objects


def test_a_successor_of_the_same_name_does_not_hold_up_a_deletion(cluster: FakeCluster) -> None:
    operations = _operations(cluster)
    resource = _config_map({})
    operations.create(resource, is_replacement=False)
    successor = {"metadata": {"name": "x", "namespace": "n", "uid": "2"}}
    cluster.steps = [((CONFIG_MAP, "n", "x"), successor)]
    operations.delete(resource, "n/x", {})


def test_a_deletion_that_hangs_names_what_holds_it(cluster: FakeCluster) -> None:
    held = {"name": "x", "namespace": "n", "finalizers": ["example.com/keep"]}
    cluster.add({"apiVersion": "v1", "kind": "ConfigMap", "metadata": held})
    resource = _resource("core/v1:ConfigMap", {}, timeout_s=0.01)
    with pytest.raises(NotReadyError, match=r"what holds it: example.com/keep"):
        _operations(cluster).delete(resource, "n/x", {})


def test_what_does_not_exist_needs_no_deletion(cluster: FakeCluster) -> None:
    _operations(cluster).delete(_config_map({}), "n/x", {})
    cluster.unknown_kinds.add("Widget")
    _operations(cluster).delete(_resource("example.com/v1:Widget", {}), "n/x", {})
    assert not cluster.calls


def test_a_patch_gives_its_fields_up_instead_of_deleting_the_object(cluster: FakeCluster) -> None:
    operations = _operations(cluster)
    patch = _resource("core/v1:ConfigMapPatch", {"data": {"a": "1"}})
    identifier, state = operations.create(patch, is_replacement=False)
    operations.delete(patch, identifier, state)
    given_up = cluster.calls[-1]
    assert given_up["apply"]["metadata"] == {"name": "x", "namespace": "n"}
    assert "data" not in given_up["apply"]
    assert given_up["manager"] == state["__fieldManager"]


def test_a_custom_kind_gets_the_default_namespace_where_it_needs_one(cluster: FakeCluster) -> None:
    widget = _resource("example.com/v1:Widget", {"metadata": {"namespace": None}})
    assert _operations(cluster).create(widget, is_replacement=False)[0] == "default/x"


def test_an_unready_job_is_replaced_only_on_request(cluster: FakeCluster) -> None:
    cluster.add(
        {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "x", "namespace": "n"}}
    )
    wish = {"annotations": {"pulumi.com/replaceUnready": "true"}}
    operations = _operations(cluster)
    assert operations.is_unready_job(_resource("batch/v1:Job", {"metadata": wish}), "n/x")
    assert not operations.is_unready_job(_resource("batch/v1:Job", {}), "n/x")
