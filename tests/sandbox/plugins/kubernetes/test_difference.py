"""What changes, and what needs a new object."""

import pytest

from sandbox.plugins.kubernetes.comparison import Comparison, compare
from sandbox.plugins.kubernetes.difference import (
    Change,
    Path,
    differences,
    format_path,
    parse_path,
)
from sandbox.plugins.kubernetes.kinds import resource_type
from sandbox.plugins.kubernetes.resource import Resource
from sandbox.plugins.kubernetes.settings import parse
from sandbox.plugins.kubernetes.values import UNKNOWN, Tree

POD = {"containers": [{"name": "c", "image": "x:1"}]}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("spec.containers[0].image", ("spec", "containers", 0, "image")),
        (
            'metadata.labels["app.kubernetes.io/name"]',
            ("metadata", "labels", "app.kubernetes.io/name"),
        ),
        ('["a\\"b"].c', ('a"b', "c")),
    ],
)
def test_paths_read_as_they_are_written(text: str, path: Path) -> None:
    assert parse_path(text) == path
    assert format_path(path) == text


def test_a_path_that_is_none_is_refused_with_an_example() -> None:
    with pytest.raises(ValueError, match=r"'spec\[' is no property path; write it like"):
        parse_path("spec[")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1}, {"a": 2}, {"a": Change.UPDATE}),
        ({"a": 1}, {"a": True}, {"a": Change.UPDATE}),
        ({}, {"a": {"b": 1}}, {"a": Change.ADD}),
        ({"a": {"b": 1}}, {"a": {}}, {"a.b": Change.DELETE}),
        ({"a": [1, 2]}, {"a": [1]}, {"a[1]": Change.DELETE}),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1}, {"b": 2}]}, {"a[1]": Change.ADD}),
        ({"a": {"b": 1}}, {"a": UNKNOWN}, {"a": Change.UPDATE}),
        ({"a": UNKNOWN}, {"a": UNKNOWN}, {"a": Change.UPDATE}),
    ],
)
def test_changes_stand_at_the_outermost_property(
    old: Tree, new: Tree, expected: dict[str, Change]
) -> None:
    assert {one.text: one.change for one in differences(old, new)} == expected


def test_ignored_properties_do_not_change() -> None:
    old, new = {"spec": {"replicas": 1, "a": 1}}, {"spec": {"replicas": 3, "a": 2}}
    assert [one.text for one in differences(old, new, ignored=("spec.replicas",))] == ["spec.a"]


@pytest.mark.parametrize(
    ("token", "old", "new", "replaces"),
    [
        (
            "apps/v1:Deployment",
            {"spec": {"template": {"spec": POD}}},
            {"spec": {"template": {}}},
            [],
        ),
        (
            "apps/v1:Deployment",
            {"spec": {"selector": {"matchLabels": {"a": "1"}}}},
            {"spec": {"selector": {"matchLabels": {"a": "2"}}}},
            ["spec.selector.matchLabels.a"],
        ),
        (
            "batch/v1:Job",
            {"spec": {"template": {"spec": POD}}},
            {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": "x:2"}]}}}},
            ["spec.template.spec.containers[0].image"],
        ),
        ("core/v1:ConfigMap", {"data": {"a": "1"}}, {"data": {"a": "2"}}, ["data.a"]),
        (
            "core/v1:ConfigMap",
            {"metadata": {"name": "a"}},
            {"metadata": {"name": "b"}},
            ["metadata.name"],
        ),
        ("core/v1:ConfigMapPatch", {"data": {"a": "1"}}, {"data": {"a": "2"}}, []),
        (
            "core/v1:Service",
            {"spec": {"clusterIP": "10.0.0.1"}},
            {"spec": {"clusterIP": "None"}},
            ["spec.clusterIP"],
        ),
        (
            "core/v1:Service",
            {"spec": {"ports": [{"port": 1}]}},
            {"spec": {"ports": [{"port": 2}]}},
            [],
        ),
        (
            "core/v1:PersistentVolumeClaim",
            {"spec": {"storageClassName": "a", "resources": {"requests": {"storage": "1Gi"}}}},
            {"spec": {"storageClassName": "b", "resources": {"requests": {"storage": "2Gi"}}}},
            ["spec.storageClassName"],
        ),
        (
            "rbac.authorization.k8s.io/v1:RoleBinding",
            {"roleRef": {"name": "a"}, "subjects": []},
            {"roleRef": {"name": "b"}, "subjects": [{"name": "x"}]},
            ["roleRef.name"],
        ),
        (
            "apps/v1:StatefulSet",
            {"spec": {"volumeClaimTemplates": []}},
            {"spec": {"volumeClaimTemplates": [{}]}},
            ["spec.volumeClaimTemplates[0]"],
        ),
        ("example.com/v1:Widget", {"spec": {"size": 1}}, {"spec": {"size": 2}}, []),
    ],
)
def test_what_the_api_cannot_change_is_replaced(
    token: str, old: Tree, new: Tree, replaces: list[str]
) -> None:
    found = _compare(token, old, new)
    assert found.replaces == replaces
    assert found.differences, "in place or not, it changes"


def test_mutable_content_is_written_into_the_old_object_unless_it_is_sealed() -> None:
    old, new = {"data": {"a": "1"}}, {"data": {"a": "2"}}
    mutable = {"enableConfigMapMutable": "true"}
    assert not _compare("core/v1:ConfigMap", old, new, **mutable).replaces
    sealed = _compare("core/v1:ConfigMap", old, {**new, "immutable": True}, **mutable)
    assert "data.a" in sealed.replaces


@pytest.mark.parametrize(
    ("metadata", "keeps"),
    [
        ({"name": "a", "namespace": "n"}, True),
        ({"name": "a"}, True),
        ({"name": "b", "namespace": "n"}, False),
        ({"name": "a", "namespace": "m"}, False),
        ({"name": "a", "annotations": {"pulumi.com/autonamed": "true"}}, False),
    ],
)
def test_only_a_new_object_in_the_same_place_needs_the_old_one_gone_first(
    metadata: Tree, keeps: bool
) -> None:
    assert _compare("core/v1:ConfigMap", {}, {"metadata": metadata}).keeps_place is keeps


def test_the_default_namespace_is_the_same_place_whether_it_is_spelled_out_or_not() -> None:
    old, new = {"metadata": {"name": "w"}}, {"metadata": {"name": "w", "namespace": "default"}}
    assert not _compare("example.com/v1:Widget", old, new).differences


def _compare(token: str, old: Tree, new: Tree, **switches: str) -> Comparison:
    urn = f"urn:pulumi:dev::trial::kubernetes:{token}::x"
    return compare(
        Resource(urn, resource_type(urn), new),
        old,
        identifier="n/a",
        ignored=(),
        settings=parse(switches, {}),
        default_namespace="default",
    )
