"""The smallest stack file that `mlops new` writes is a complete environment in every stage."""

import pytest

from infra.config.choices import Stage
from infra.config.document import from_text
from infra.config.draft import Draft
from tests.graph.program import graph_from

ANSWERS = {
    "aws:region": "eu-west-1",
    "owner.email": "risk-ml@example.com",
    "owner.cost_center": "4711",
    "ci.github.repository": "example/risk-models",
    "ci.github.repository_id": "123456789",
    "budget.monthly_usd": 800,
}
PLATFORM = {
    "aws:ec2/vpc:Vpc",
    "aws:eks/cluster:Cluster",
    "aws:rds/instance:Instance",
    "aws:amp/workspace:Workspace",
    "aws:sns/topic:Topic",
    "kubernetes:karpenter.sh/v1:NodePool",
}
TEAM = {
    "aws:s3/bucket:Bucket",
    "aws:budgets/budget:Budget",
    "kubernetes:core/v1:ResourceQuota",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    "kubernetes:batch/v1:Job",
    "mlops:index:TrackingServer",
    "mlops:index:CiRoles",
}


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize(
    ("name", "more", "expected"),
    [
        ("risk", {"network.cidr": "10.90.0.0/16"}, PLATFORM | TEAM),
        ("risk", {"tenancy": "shared"}, TEAM),
        ("platform-eu", {"network.cidr": "10.91.0.0/16"}, PLATFORM | {"mlops:index:CiRoles"}),
    ],
    ids=["dedicated", "shared", "platform"],
)
def test_a_dozen_lines_are_enough(
    stage: Stage, name: str, more: dict[str, str], expected: set[str]
) -> None:
    draft = Draft(name, {**ANSWERS, "stage": stage.value, **more})
    text = draft.text()
    assert len(text.splitlines()) <= 12
    made = graph_from(draft.stack, from_text(text, "stacks/minimal.yaml"))
    assert expected <= {each.type for each in made}
