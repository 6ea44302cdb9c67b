"""Names, the server's additions, and what stays in the state."""

import base64

import pytest

from sandbox.plugins.kubernetes import objects
from sandbox.plugins.kubernetes.checks import Naming, check
from sandbox.plugins.kubernetes.errors import KubernetesError
from sandbox.plugins.kubernetes.ignored import keep_ignored
from sandbox.plugins.kubernetes.kinds import KindError, resource_type
from sandbox.plugins.kubernetes.quantities import same_meaning
from sandbox.plugins.kubernetes.values import UNKNOWN, Secret, Tree

URN = "urn:pulumi:dev::trial::kubernetes:core/v1:Namespace$kubernetes:{}::web"
NAMING = Naming("web", b"seed")


def _check(token: str, inputs: Tree, old: Tree | None = None, naming: Naming = NAMING) -> Tree:
    kind = resource_type(URN.format(token))
    return check(kind, inputs, old or {}, naming=naming, default_namespace="team")


def test_a_resource_without_a_name_gets_one_that_follows_from_the_seed() -> None:
    name = _check("core/v1:ConfigMap", {})["metadata"]["name"]
    assert name.startswith("web-")
    assert _check("core/v1:ConfigMap", {})["metadata"]["name"] == name
    other = _check("core/v1:ConfigMap", {}, naming=Naming("web", b"other"))
    assert other["metadata"]["name"] != name
    assert other["metadata"]["annotations"] == {"pulumi.com/autonamed": "true"}


def test_a_made_name_is_kept_and_a_given_one_wins() -> None:
    old = _check("core/v1:ConfigMap", {})
    kept = _check("core/v1:ConfigMap", {"data": {}}, old, Naming("web", b"next run"))
    assert kept["metadata"] == old["metadata"]
    given = _check("core/v1:ConfigMap", {"metadata": {"name": "mine"}}, old)
    assert given["metadata"] == {"name": "mine", "namespace": "team"}


def test_the_engines_proposal_for_a_name_is_taken() -> None:
    checked = _check("core/v1:ConfigMap", {}, naming=Naming("web", b"", proposed="theirs"))
    assert checked["metadata"]["name"] == "theirs"


@pytest.mark.parametrize(
    ("token", "namespace"),
    [
        ("apps/v1:Deployment", "team"),
        ("rbac.authorization.k8s.io/v1:ClusterRole", None),
        ("storage.k8s.io/v1:StorageClass", None),
        ("example.com/v1:Widget", None),
    ],
)
def test_only_kinds_that_live_in_namespaces_get_the_default_one(
    token: str, namespace: str | None
) -> None:
    checked = _check(token, {"metadata": {"name": "a"}})
    assert checked["metadata"].get("namespace") == namespace


def test_an_unknown_name_or_namespace_is_left_to_come() -> None:
    inputs = {"metadata": {"name": UNKNOWN, "namespace": UNKNOWN}}
    assert _check("core/v1:ConfigMap", inputs)["metadata"] == inputs["metadata"]
    assert _check("core/v1:ConfigMap", {"metadata": UNKNOWN})["metadata"] == UNKNOWN


@pytest.mark.parametrize(
    ("token", "inputs", "naming", "message"),
    [
        ("core/v1:ConfigMapPatch", {}, NAMING, "set its metadata.name"),
        ("core/v1:ConfigMap", {"metadata": {"generateName": "a-"}}, NAMING, "generateName"),
        ("core/v1:ConfigMap", {}, Naming("web", b"", is_off=True), "automatic names are off"),
    ],
)
def test_a_name_that_cannot_be_made_is_asked_for(
    token: str, inputs: Tree, naming: Naming, message: str
) -> None:
    with pytest.raises(KubernetesError, match=message):
        _check(token, inputs, naming=naming)


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("helm.sh/v3:Release", "turn the installation of charts off"),
        ("core/v1:ConfigMapList", "declare its items"),
        ("yaml:ConfigFile", "is no single object"),
    ],
)
def test_kinds_that_are_no_single_object_are_refused_in_one_sentence(
    token: str, message: str
) -> None:
    with pytest.raises(KindError, match=message):
        resource_type(URN.format(token))


def test_a_type_names_its_kind() -> None:
    found = resource_type(URN.format("apps/v1:DeploymentPatch"))
    assert (found.kind.api_version, found.kind.kind, found.is_patch) == (
        "apps/v1",
        "Deployment",
        True,
    )
    assert resource_type(URN.format("core/v1:Pod")).kind.api_version == "v1"


@pytest.mark.parametrize(
    ("given", "live", "same"),
    [
        ("0.5", "500m", True),
        (4, "4", True),
        ("1024Mi", "1Gi", True),
        ("1k", 1000, True),
        ("1Gi", "1G", False),
        ("a", "b", False),
        (True, 1, False),
    ],
)
def test_quantities_are_compared_by_amount(given: object, live: object, same: bool) -> None:
    assert same_meaning(given, live) is same


def test_the_servers_way_of_writing_is_no_drift() -> None:
    inputs = {
        "spec": {"hard": {"cpu": "0.5"}, "egress": []},
        "data": {"text": "0.5"},
        "containers": [{"name": "b", "image": "x"}, {"name": "a", "image": "y"}],
    }
    live = {
        "spec": {"hard": {"cpu": "500m"}, "defaulted": True},
        "data": {"text": "0.5"},
        "containers": [
            {"name": "a", "image": "y", "pullPolicy": "Always"},
            {"name": "injected", "image": "z"},
            {"name": "b", "image": "x"},
        ],
        "status": {},
    }
    assert objects.observed(inputs, live) == inputs


@pytest.mark.parametrize(
    ("inputs", "live", "expected"),
    [
        ({"replicas": 2}, {"replicas": 3}, {"replicas": 3}),
        ({"data": {"a": "0.5"}}, {"data": {"a": "500m"}}, {"data": {"a": "500m"}}),
        ({"rules": [{"a": 1}]}, {"rules": [{"a": 1}, {}]}, {"rules": [{"a": 1}, {}]}),
        ({"labels": {"a": "1"}}, {}, {}),
    ],
)
def test_a_real_difference_is_drift(inputs: Tree, live: Tree, expected: Tree) -> None:
    assert objects.observed(inputs, live) == expected


def test_plain_text_of_a_secret_is_read_back_from_its_data() -> None:
    inputs = {"kind": "Secret", "stringData": {"a": "old"}}
    live = {"kind": "Secret", "data": {"a": base64.b64encode(b"new").decode(), "b": "eA=="}}
    assert objects.observed_inputs(inputs, live)["stringData"] == {"a": "new"}


def test_imported_inputs_have_nothing_of_the_server() -> None:
    live = {
        "metadata": {
            "name": "a",
            "uid": "1",
            "resourceVersion": "2",
            "managedFields": [],
            "annotations": {"deployment.kubernetes.io/revision": "1"},
        },
        "spec": {"a": 1},
        "status": {"ready": True},
    }
    assert objects.imported_inputs(live) == {"metadata": {"name": "a"}, "spec": {"a": 1}}


def test_a_preview_promises_nothing_that_only_the_real_object_will_know() -> None:
    dry = {"metadata": {"name": "a", "uid": "1"}, "status": {"phase": "Active"}}
    assert objects.as_preview(dry) == {"metadata": {"name": "a", "uid": UNKNOWN}}


def test_the_state_holds_object_and_inputs_and_keeps_secrets() -> None:
    inputs = {"apiVersion": "v1", "kind": "Secret", "stringData": {"a": Secret("x")}}
    live = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s", "managedFields": [{}]},
        "data": {"a": "eA=="},
    }
    state = objects.checkpoint(live, inputs, manager="me")
    assert state["data"] == Secret({"a": "eA=="})
    assert state["__inputs"]["stringData"] == Secret({"a": "x"})
    assert state["metadata"] == {"name": "s"}
    assert (state["__fieldManager"], state["__initialApiVersion"]) == ("me", "v1")


def test_the_field_manager_follows_from_the_urn_until_it_is_recorded_or_chosen() -> None:
    made = objects.field_manager("urn:a", {})
    assert made == objects.field_manager("urn:a", {})
    assert made != objects.field_manager("urn:b", {})
    assert objects.field_manager("urn:a", {}, {"__fieldManager": "recorded"}) == "recorded"
    chosen = {"metadata": {"annotations": {"pulumi.com/patchFieldManager": "mine"}}}
    assert objects.field_manager("urn:a", chosen, {"__fieldManager": "recorded"}) == "mine"


@pytest.mark.parametrize(
    ("given", "noted", "expected"), [(5.0, "7", 5.0), (0.0, "7", 7.0), (0.0, "", 600.0)]
)
def test_how_long_to_wait(given: float, noted: str, expected: float) -> None:
    inputs = {"metadata": {"annotations": {"pulumi.com/timeoutSeconds": noted}}}
    assert objects.timeout_s(inputs, given, 600.0) == expected


def test_an_ignored_property_keeps_what_someone_else_has_set() -> None:
    inputs = {"spec": {"replicas": 1, "paused": False}}
    live = {"spec": {"replicas": 5}, "data": {"filled": "in"}}
    assert keep_ignored(inputs, live, ["spec.replicas", "data", "spec.paused"]) == {
        "spec": {"replicas": 5, "paused": False}
    }
