"""What a WorkloadIdentity makes of its arguments."""

import json

import pulumi
import pytest

from mlops.access.workload_identity import WorkloadIdentity, WorkloadIdentityArgs
from tests.components.access.policy_evaluator import trusts
from tests.conftest import Deploy

CLUSTER_ARN = "arn:aws:eks:eu-west-1:123456789012:cluster/demo"
BOUNDARY = "arn:aws:iam::123456789012:policy/mlops/boundary"
POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})
ARGS: WorkloadIdentityArgs = {
    "cluster_name": "demo",
    "cluster_arn": CLUSTER_ARN,
    "account_id": "123456789012",
    "namespace": "fraud-dev",
    "service_account": "tracking",
    "policy_json": POLICY,
}


def test_children_are_named_by_role_and_parented(deploy: Deploy) -> None:
    graph = deploy(lambda: WorkloadIdentity("tracking", ARGS))
    identity = graph.named("tracking")
    assert identity.type == "mlops:index:WorkloadIdentity"
    assert {(r.type, r.name) for r in graph.children_of(identity.urn)} == {
        ("aws:iam/role:Role", "tracking-role"),
        ("aws:iam/rolePolicy:RolePolicy", "tracking-policy"),
        ("aws:eks/podIdentityAssociation:PodIdentityAssociation", "tracking-association"),
    }
    assert len(list(graph)) == 4, "nothing lies outside the component"


def test_the_role_is_for_these_pods_and_carries_the_policy(deploy: Deploy) -> None:
    graph = deploy(lambda: WorkloadIdentity("tracking", ARGS))
    pod = {
        "aws:SourceAccount": "123456789012",
        "aws:SourceArn": CLUSTER_ARN,
        "aws:RequestTag/kubernetes-namespace": "fraud-dev",
        "aws:RequestTag/kubernetes-service-account": "tracking",
    }
    trust = graph.named("tracking-role").inputs["assumeRolePolicy"]
    assert trusts(trust, "pods.eks.amazonaws.com", "sts:AssumeRole", pod)
    assert graph.named("tracking-policy").inputs["policy"] == POLICY
    association = graph.named("tracking-association").inputs
    assert association["namespace"] == "fraud-dev"
    assert association["serviceAccount"] == "tracking"
    assert association["clusterName"] == "demo"


def test_names_may_be_known_later(deploy: Deploy) -> None:
    def program() -> None:
        later = pulumi.Output.from_input("tracking")
        WorkloadIdentity("tracking", {**ARGS, "service_account": later, "namespace": later})

    role = deploy(program).named("tracking-role").inputs
    assert role["description"] == "Pods of the service account tracking in the namespace tracking"
    assert "Output" not in role["assumeRolePolicy"]


def test_pods_get_credentials_only_once_the_role_has_its_policy(deploy: Deploy) -> None:
    graph = deploy(lambda: WorkloadIdentity("tracking", ARGS))
    association = graph.named("tracking-association")
    assert graph.named("tracking-policy").urn in association.depends_on
    assert graph.named("tracking-role").urn in association.depends_on


def test_who_uses_the_service_account_waits_for_the_association(deploy: Deploy) -> None:
    def program() -> None:
        first = WorkloadIdentity("first", ARGS)
        WorkloadIdentity("second", {**ARGS, "cluster_name": first.service_account})

    graph = deploy(program)
    user = graph.named("second-association")
    assert user.property_dependencies["clusterName"] == {graph.named("first-association").urn}
    assert graph.component_outputs[graph.named("first").urn]["serviceAccount"] == "tracking"


@pytest.mark.parametrize(
    ("extra", "path", "boundary"),
    [
        ({}, "/mlops/", None),
        (
            {"role_path": "/mlops/dev/fraud/", "permissions_boundary_arn": BOUNDARY},
            "/mlops/dev/fraud/",
            BOUNDARY,
        ),
    ],
)
def test_the_role_lies_under_its_path_and_boundary(
    deploy: Deploy, extra: dict[str, str], path: str, boundary: str | None
) -> None:
    args: WorkloadIdentityArgs = {**ARGS, **extra}  # type: ignore[typeddict-item]
    graph = deploy(lambda: WorkloadIdentity("tracking", args))
    role = graph.named("tracking-role")
    assert role.inputs["path"] == path
    assert role.inputs.get("permissionsBoundary") == boundary
    outputs = graph.component_outputs[graph.named("tracking").urn]
    assert outputs["roleArn"].startswith(f"arn:aws:iam::123456789012:role{path}tracking-role")
    assert outputs["roleName"].startswith("tracking-role")
