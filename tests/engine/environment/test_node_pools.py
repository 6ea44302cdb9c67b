"""What machines the cluster may start after `up`, and what its API server refuses."""

import copy
from typing import Any

import pytest
from kubernetes import client
from kubernetes.client.exceptions import ApiException

from mlops.cluster.node_pool_specs import pool_specs
from tests.engine.sandboxes import STACK, SandboxUnderTest, outputs_of

pytestmark = pytest.mark.engine

CLASS = ("eks.amazonaws.com", "v1", "nodeclasses")
POOL = ("karpenter.sh", "v1", "nodepools")
POOLS = pool_specs(
    {"cpu_limit": 8, "architectures": ["amd64"]},
    {"cpu_limit": 8, "architectures": ["amd64", "arm64"]},
    {"gpu_limit": 1, "instance_families": ["g6"]},
    "off_hours",
)
REQUIREMENT = ("template", "spec", "requirements", 0)
BUDGET = ("disruption", "budgets", 1)


@pytest.fixture(scope="module")
def objects(environment: SandboxUnderTest) -> Any:
    """Return the API of custom objects, as administrator."""
    return client.CustomObjectsApi(environment.kubernetes())


@pytest.fixture(scope="module")
def node_class(objects: Any) -> dict[str, Any]:
    """Return the one node class."""
    [found] = objects.list_cluster_custom_object(*CLASS)["items"]
    assert isinstance(found, dict)
    return found


def attempt(objects: Any, kind: tuple[str, str, str], spec: dict[str, Any]) -> None:
    """Create an object without keeping it; fields that the API server does not know count."""
    body = {
        "apiVersion": f"{kind[0]}/{kind[1]}",
        "kind": {CLASS: "NodeClass", POOL: "NodePool"}[kind],
        "metadata": {"name": "attempt"},
        "spec": spec,
    }
    objects.create_cluster_custom_object(*kind, body, dry_run="All", field_validation="Strict")


def changed(spec: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    copied = copy.deepcopy(spec)
    *parents, last = path
    inner: Any = copied
    for step in parents:
        inner = inner[step]
    inner[last] = value
    return copied


def test_pools_exist_with_a_limit_and_use_the_stacks_node_class(
    objects: Any, node_class: dict[str, Any]
) -> None:
    [pool] = objects.list_cluster_custom_object(*POOL)["items"]
    assert pool["metadata"]["name"] == "general"
    assert pool["spec"]["limits"] == {"cpu": "32", "memory": "256Gi"}
    reference = pool["spec"]["template"]["spec"]["nodeClassRef"]
    assert reference["name"] == node_class["metadata"]["name"]


def test_machines_are_tagged_encrypted_and_in_the_stacks_own_network(
    node_class: dict[str, Any], resources: list[dict[str, Any]]
) -> None:
    spec = node_class["spec"]
    assert spec["tags"]["environment"] == STACK
    assert spec["ephemeralStorage"]["kmsKeyID"] == outputs_of(resources, "platform-key-key")["arn"]
    assert spec["role"] == outputs_of(resources, "platform-cluster-node-role")["name"]
    private = {
        outputs_of(resources, f"platform-network-private-eu-west-1{zone}")["arn"] for zone in "ab"
    }
    assert {term["id"] for term in spec["subnetSelectorTerms"]} == {
        arn.rpartition("/")[2] for arn in private
    }


@pytest.mark.parametrize("pool", POOLS)
def test_the_api_server_accepts_every_pool_there_can_be(objects: Any, pool: str) -> None:
    attempt(objects, POOL, POOLS[pool])


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ((*REQUIREMENT, "operator"), "Equals", "Unsupported value"),
        ((*REQUIREMENT, "values"), [], "at least one value"),
        ((*REQUIREMENT, "key"), "karpenter.sh/nodepool", "are set by Karpenter"),
        (("template", "spec", "requirements", 3, "values"), ["four"], "whole number"),
        (("limits", "cpu"), "many", "should match"),
        (("limit",), {"cpu": "8"}, "unknown field"),
        ((*BUDGET, "nodes"), "a few", "should match"),
        ((*BUDGET, "reasons"), ["Bored"], "Unsupported value"),
        (BUDGET, {"nodes": "0", "schedule": "0 6 * * *"}, "a duration, or neither"),
        (("disruption", "consolidateAfter"), "soon", "should match"),
        (("template", "spec", "expireAfter"), 336, "must be of type string"),
    ],
)
def test_a_mistyped_pool_is_refused(
    objects: Any, path: tuple[str | int, ...], value: Any, message: str
) -> None:
    with pytest.raises(ApiException, match=message):
        attempt(objects, POOL, changed(POOLS["general"], path, value))


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("tags", "eks:eks-cluster-name"), "another", "these tags are set by EKS"),
        (("role",), "arn:aws:iam::123456789012:role/mlops/node", "should match"),
        (("securityGroupSelectorTerms", 0, "tags"), {"a": "b"}, "one of id, tags and name"),
        (("subnetSelectorTerms",), [], "at least 1 items"),
        (("ephemeralStorage", "size"), "big", "should match"),
        (("ephemeralStorage", "kmsKeyId"), "key", "unknown field"),
    ],
)
def test_a_mistyped_node_class_is_refused(
    objects: Any,
    node_class: dict[str, Any],
    path: tuple[str | int, ...],
    value: Any,
    message: str,
) -> None:
    attempt(objects, CLASS, node_class["spec"])
    with pytest.raises(ApiException, match=message):
        attempt(objects, CLASS, changed(node_class["spec"], path, value))
