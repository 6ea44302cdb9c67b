"""What NodePools makes of its arguments."""

from typing import Any

import pytest

from infra.recording import Graph
from mlops.cluster.node_pools import NodePools, NodePoolsArgs
from tests.components.tenancy.manifests import assert_valid
from tests.conftest import Deploy

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
TAGS = {"team": "fraud", "environment": "fraud-dev"}
ARGS: NodePoolsArgs = {
    "node_role_name": "cluster-node-role-1a2b3c4",
    "subnet_ids": ["subnet-a", "subnet-b"],
    "security_group_id": "sg-1",
    "kms_key_arn": KEY,
    "tags": TAGS,
    "consolidation": "always",
    "general": {"cpu_limit": 32, "architectures": ["amd64"]},
    "spot": {"cpu_limit": 0, "architectures": ["amd64"]},
    "gpu": {"gpu_limit": 0, "instance_families": ["g6"]},
}
ALL: NodePoolsArgs = {
    **ARGS,
    "spot": {"cpu_limit": 64, "architectures": ["amd64", "arm64"]},
    "gpu": {"gpu_limit": 4, "instance_families": ["g6", "g6e"]},
}
NODE_CLASS = "kubernetes:eks.amazonaws.com/v1:NodeClass"
NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"


def spec_of(graph: Graph, name: str) -> dict[str, Any]:
    spec: dict[str, Any] = graph.named(f"nodes-{name}").inputs["spec"]
    return spec


def allowed(graph: Graph, pool: str, label: str) -> list[str] | None:
    """Return the values a pool takes for a label; None where it takes any."""
    for requirement in spec_of(graph, pool)["template"]["spec"]["requirements"]:
        if requirement["key"] == label:
            assert requirement["operator"] == "In"
            values: list[str] = requirement["values"]
            return values
    return None


def test_children_are_named_by_role_and_parented(deploy: Deploy) -> None:
    graph = deploy(lambda: NodePools("nodes", ALL))
    nodes = graph.named("nodes")
    assert nodes.type == "mlops:index:NodePools"
    assert {(r.type, r.name) for r in graph.children_of(nodes.urn)} == {
        (NODE_CLASS, "nodes-class"),
        (NODE_POOL, "nodes-general"),
        (NODE_POOL, "nodes-spot"),
        (NODE_POOL, "nodes-gpu"),
    }
    assert len(list(graph)) == 5, "nothing lies outside the component"


def test_every_object_is_valid_for_the_api_server(deploy: Deploy) -> None:
    assert_valid(deploy(lambda: NodePools("nodes", ALL)))


def test_a_pool_without_a_limit_above_zero_is_not_made(deploy: Deploy) -> None:
    graph = deploy(lambda: NodePools("nodes", ARGS))
    assert [pool.inputs["metadata"]["name"] for pool in graph.of_type(NODE_POOL)] == ["general"]
    assert graph.component_outputs[graph.named("nodes").urn]["poolNames"] == ["general"]


def test_nodes_are_tagged_encrypted_and_private(deploy: Deploy) -> None:
    spec = spec_of(deploy(lambda: NodePools("nodes", ARGS)), "class")
    assert spec["tags"] == TAGS
    assert spec["ephemeralStorage"]["kmsKeyID"] == KEY
    assert spec["role"] == "cluster-node-role-1a2b3c4"
    assert spec["subnetSelectorTerms"] == [{"id": "subnet-a"}, {"id": "subnet-b"}]
    assert spec["securityGroupSelectorTerms"] == [{"id": "sg-1"}]


def test_pools_use_the_class_and_go_before_it(deploy: Deploy) -> None:
    graph = deploy(lambda: NodePools("nodes", ALL))
    node_class = graph.named("nodes-class")
    for pool in graph.of_type(NODE_POOL):
        reference = pool.inputs["spec"]["template"]["spec"]["nodeClassRef"]
        assert reference == {
            "group": "eks.amazonaws.com",
            "kind": "NodeClass",
            "name": node_class.inputs["metadata"]["name"],
        }
        assert node_class.urn in pool.depends_on


def test_every_pool_has_a_ceiling(deploy: Deploy) -> None:
    graph = deploy(lambda: NodePools("nodes", ALL))
    assert spec_of(graph, "general")["limits"] == {"cpu": "32", "memory": "256Gi"}
    assert spec_of(graph, "spot")["limits"] == {"cpu": "64", "memory": "512Gi"}
    assert spec_of(graph, "gpu")["limits"] == {"nvidia.com/gpu": "4"}


def test_only_the_general_pool_takes_pods_unasked(deploy: Deploy) -> None:
    graph = deploy(lambda: NodePools("nodes", ALL))
    taints = {
        pool: spec_of(graph, pool)["template"]["spec"].get("taints")
        for pool in ("general", "spot", "gpu")
    }
    assert taints == {
        "general": None,
        "spot": [{"key": "karpenter.sh/capacity-type", "value": "spot", "effect": "NoSchedule"}],
        "gpu": [{"key": "nvidia.com/gpu", "effect": "NoSchedule"}],
    }


def test_each_pool_starts_its_kind_of_machine(deploy: Deploy) -> None:
    graph = deploy(lambda: NodePools("nodes", ALL))
    capacity = "karpenter.sh/capacity-type"
    assert [allowed(graph, p, capacity) for p in ("general", "spot", "gpu")] == [
        ["on-demand"],
        ["spot"],
        ["on-demand"],
    ]
    processor = "kubernetes.io/arch"
    assert [allowed(graph, p, processor) for p in ("general", "spot", "gpu")] == [
        ["amd64"],
        ["amd64", "arm64"],
        ["amd64"],
    ]
    assert allowed(graph, "gpu", "eks.amazonaws.com/instance-family") == ["g6", "g6e"]
    assert allowed(graph, "gpu", "eks.amazonaws.com/instance-gpu-manufacturer") == ["nvidia"]


@pytest.mark.parametrize("pool", ["general", "spot"])
def test_an_ordinary_pod_never_starts_a_gpu_machine(deploy: Deploy, pool: str) -> None:
    graph = deploy(lambda: NodePools("nodes", ALL))
    assert allowed(graph, pool, "eks.amazonaws.com/instance-category") == ["c", "m", "r"]


def test_interrupted_work_is_lost_so_batch_and_gpu_nodes_go_only_when_empty(
    deploy: Deploy,
) -> None:
    graph = deploy(lambda: NodePools("nodes", ALL))
    policies = {p: spec_of(graph, p)["disruption"] for p in ("general", "spot", "gpu")}
    assert {p: found["consolidationPolicy"] for p, found in policies.items()} == {
        "general": "WhenEmptyOrUnderutilized",
        "spot": "WhenEmpty",
        "gpu": "WhenEmpty",
    }


def test_a_few_nodes_at_a_time_are_replaced_and_all_of_them_in_the_end(deploy: Deploy) -> None:
    graph = deploy(lambda: NodePools("nodes", ALL))
    for pool in ("general", "spot", "gpu"):
        assert spec_of(graph, pool)["disruption"]["budgets"] == [{"nodes": "10%"}]
        assert spec_of(graph, pool)["template"]["spec"]["expireAfter"] == "336h"


def test_off_hours_keep_pods_in_place_in_working_hours_but_let_outdated_nodes_go(
    deploy: Deploy,
) -> None:
    graph = deploy(lambda: NodePools("nodes", {**ALL, "consolidation": "off_hours"}))
    always, working_hours = spec_of(graph, "general")["disruption"]["budgets"]
    assert always == {"nodes": "10%"}
    assert working_hours == {
        "nodes": "0",
        "reasons": ["Underutilized"],
        "schedule": "0 6 * * mon-fri",
        "duration": "14h",
    }


def test_names_are_known_once_the_pools_exist(deploy: Deploy) -> None:
    def program() -> None:
        nodes = NodePools("nodes", ALL)
        first = nodes.pool_names.apply(lambda names: names[0])
        NodePools("user", {**ARGS, "node_role_name": first})

    graph = deploy(program)
    user = graph.named("user-class")
    assert {pool.urn for pool in graph.of_type(NODE_POOL) if pool.name.startswith("nodes")} <= (
        user.depends_on
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"consolidation": "never"}, "consolidation is 'never'; allowed are always and off_hours"),
        (
            {"general": {"cpu_limit": 8, "architectures": ["x86"]}},
            r"architectures is \['x86'\]; give amd64 or arm64, or both",
        ),
        (
            {"spot": {"cpu_limit": 8, "architectures": []}},
            r"architectures is \[\]; give amd64 or arm64, or both",
        ),
        (
            {"gpu": {"gpu_limit": 1, "instance_families": ["m7i"]}},
            r"instance_families is \['m7i'\]; give families of instances with NVIDIA GPUs",
        ),
        (
            {"gpu": {"gpu_limit": 1, "instance_families": []}},
            r"instance_families is \[\]; .* or a gpu_limit of 0",
        ),
    ],
)
def test_what_would_never_find_an_instance_is_refused(
    deploy: Deploy, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        deploy(lambda: NodePools("nodes", {**ARGS, **change}))  # type: ignore[typeddict-item]
