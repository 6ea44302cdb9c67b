"""Who enters the cluster, and as what."""

import pytest

from mlops.access.team_members import TeamMembers, TeamMembersArgs
from tests.conftest import Deploy

SCIENTIST = "arn:aws:iam::123456789012:role/scientist"
ENGINEER = "arn:aws:iam::123456789012:role/engineer"
AUDITOR = "arn:aws:iam::123456789012:role/auditor"


def _args(developers: list[str], viewers: list[str]) -> TeamMembersArgs:
    return {
        "cluster_name": "demo-dev",
        "developer_role_arns": developers,
        "viewer_role_arns": viewers,
        "developer_group": "demo-dev:developers",
        "viewer_group": "demo-dev:viewers",
    }


def test_each_role_enters_as_its_group_and_with_no_policy_of_eks(deploy: Deploy) -> None:
    graph = deploy(lambda: TeamMembers("members", _args([SCIENTIST, ENGINEER], [AUDITOR])))
    entries = graph.of_type("aws:eks/accessEntry:AccessEntry")
    assert {e.inputs["principalArn"]: e.inputs["kubernetesGroups"] for e in entries} == {
        SCIENTIST: ["demo-dev:developers"],
        ENGINEER: ["demo-dev:developers"],
        AUDITOR: ["demo-dev:viewers"],
    }
    assert {e.parent for e in entries} == {graph.named("members").urn}
    assert len(list(graph)) == 4, "entries and nothing else"


def test_removing_one_role_leaves_the_names_of_the_others(deploy: Deploy) -> None:
    both = deploy(lambda: TeamMembers("members", _args([SCIENTIST, ENGINEER], [])))
    one = deploy(lambda: TeamMembers("members", _args([ENGINEER], [])))
    assert {r.name for r in one} < {r.name for r in both}


def test_a_role_named_twice_is_refused_by_name(deploy: Deploy) -> None:
    with pytest.raises(ValueError, match=r"role/engineer stands among the developers and the"):
        deploy(lambda: TeamMembers("members", _args([ENGINEER], [ENGINEER])))
