"""What CiRoles makes of its arguments."""

import json
from typing import Any

import pytest

from infra.recording import Graph
from mlops.access.ci_names import deploy_role_arn
from mlops.access.ci_policies import DeployScope
from mlops.access.ci_roles import CiRoles, CiRolesArgs
from tests.components.access.policy_evaluator import trusts
from tests.conftest import Deploy

BOUNDARY = "arn:aws:iam::123456789012:policy/mlops/boundary"
STATE_KEY = "arn:aws:kms:eu-west-1:123456789012:key/state"
OIDC = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
CI_POWERS = ("preview", "deploy")
ARGS: CiRolesArgs = {
    "team": "fraud",
    "stage": "dev",
    "account_id": "123456789012",
    "region": "eu-west-1",
    "github_repository": "example/fraud-models",
    "github_repository_id": "123456789",
    "bucket_arn": "arn:aws:s3:::artifacts",
    "kms_key_arn": "arn:aws:kms:eu-west-1:123456789012:key/1",
    "cluster_name": "demo",
    "cluster_admin_role_arn": "arn:aws:iam::123456789012:role/mlops/dev/fraud/administrator",
    "role_path": "/mlops/dev/fraud/",
}
BOUNDED: CiRolesArgs = {**ARGS, "permissions_boundary_arn": BOUNDARY}
WITH_STATE: CiRolesArgs = {
    **BOUNDED,
    "state_store": {"bucket_arn": "arn:aws:s3:::state", "key_arn": STATE_KEY},
}


IN_NAMESPACE: Any = {"deploys": DeployScope.NAMESPACE, "deploy_group": "fraud-dev:developers"}
PLATFORM: Any = {key: value for key, value in ARGS.items() if key != "bucket_arn"} | {
    "deploys": DeployScope.PLATFORM
}


def parts_of(graph: Graph, power: str) -> set[str]:
    """Return what a role's policies are for, read from what is attached to it."""
    role = graph.named(f"ci-{power}-role").inputs["name"]
    attached = {
        attachment.inputs["policyArn"]
        for attachment in graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if attachment.inputs["role"] == role
    }
    prefix = f"arn:aws:iam::123456789012:policy/mlops/dev/fraud/{role}-"
    return {arn.removeprefix(prefix) for arn in attached}


def test_children_are_named_by_role_and_parented(deploy: Deploy) -> None:
    graph = deploy(lambda: CiRoles("ci", ARGS))
    ci = graph.named("ci")
    assert ci.type == "mlops:index:CiRoles"
    children = graph.children_of(ci.urn)
    assert len(children) == len(list(graph)) - 1, "nothing lies outside the component"
    names = {child.name for child in children}
    assert {
        "ci-github",
        "ci-preview-role",
        "ci-preview-read",
        "ci-preview-read-policy",
        "ci-preview-entry",
        "ci-deploy-role",
        "ci-deploy-workloads",
    } <= names


@pytest.mark.parametrize(
    ("args", "preview", "deployed"),
    [
        (ARGS, {"read"}, {"read", "workloads", "data", "network", "platform"}),
        ({**ARGS, **IN_NAMESPACE}, {"cluster"}, {"cluster"}),
        (
            {**PLATFORM, "permissions_boundary_arn": BOUNDARY},
            {"read"},
            {"read", "workloads", "data", "network", "platform", "roles"},
        ),
        (BOUNDED, {"read"}, {"read", "workloads", "data", "network", "platform", "roles"}),
        (
            WITH_STATE,
            {"read", "state"},
            {"read", "workloads", "data", "network", "platform", "roles", "state"},
        ),
    ],
    ids=["stack", "namespace", "platform", "bounded", "with-state"],
)
def test_each_role_has_the_parts_it_needs(
    deploy: Deploy, args: CiRolesArgs, preview: set[str], deployed: set[str]
) -> None:
    graph = deploy(lambda: CiRoles("ci", args))
    assert parts_of(graph, "preview") == preview
    assert parts_of(graph, "deploy") == deployed
    assert len(deployed) <= 10, "IAM attaches no more managed policies than that to a role"


def test_both_roles_lie_under_path_and_boundary(deploy: Deploy) -> None:
    graph = deploy(lambda: CiRoles("ci", BOUNDED))
    for power, hours in (("preview", 1), ("deploy", 4)):
        role = graph.named(f"ci-{power}-role").inputs
        assert role["name"] == f"mlops-fraud-dev-{power}"
        assert role["path"] == "/mlops/dev/fraud/"
        assert role["permissionsBoundary"] == BOUNDARY
        assert role["maxSessionDuration"] == hours * 3600


def test_pull_requests_get_the_preview_role_only(deploy: Deploy) -> None:
    graph = deploy(lambda: CiRoles("ci", ARGS))
    issuer = "token.actions.githubusercontent.com"
    claims = {
        f"{issuer}:aud": "sts.amazonaws.com",
        f"{issuer}:repository_id": "123456789",
        f"{issuer}:sub": "repo:example/fraud-models:pull_request",
    }
    action = "sts:AssumeRoleWithWebIdentity"
    trust = {p: graph.named(f"ci-{p}-role").inputs["assumeRolePolicy"] for p in CI_POWERS}
    assert trusts(trust["preview"], OIDC, action, claims)
    assert not trusts(trust["deploy"], OIDC, action, claims)
    job = {
        **claims,
        f"{issuer}:environment": "dev",
        f"{issuer}:sub": "repo:example/fraud-models:environment:dev",
    }
    assert trusts(trust["deploy"], OIDC, action, job)


def test_the_identity_provider_is_made_unless_the_account_has_one(deploy: Deploy) -> None:
    made = deploy(lambda: CiRoles("ci", ARGS))
    provider = made.named("ci-github").inputs
    assert provider["url"] == "https://token.actions.githubusercontent.com"
    assert provider["clientIdLists"] == ["sts.amazonaws.com"]
    given = deploy(lambda: CiRoles("ci", {**ARGS, "oidc_provider_arn": OIDC}))
    assert not given.of_type("aws:iam/openIdConnectProvider:OpenIdConnectProvider")
    for graph in (made, given):
        assert graph.component_outputs[graph.named("ci").urn]["oidcProviderArn"] == OIDC


def test_the_preview_role_enters_the_cluster_as_a_group_and_the_deploy_role_not_at_all(
    deploy: Deploy,
) -> None:
    graph = deploy(lambda: CiRoles("ci", ARGS))
    [entry] = graph.of_type("aws:eks/accessEntry:AccessEntry")
    assert entry.inputs["principalArn"].endswith("/mlops-fraud-dev-preview")
    assert entry.inputs["kubernetesGroups"] == ["fraud-dev:preview"]
    policies = graph.of_type("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
    assert policies == [], "those that EKS offers read secrets or logs"


def test_on_a_shared_platform_deploying_enters_the_cluster_as_the_team_does(
    deploy: Deploy,
) -> None:
    graph = deploy(lambda: CiRoles("ci", {**ARGS, **IN_NAMESPACE}))
    entry = graph.named("ci-deploy-entry").inputs
    assert entry["kubernetesGroups"] == ["fraud-dev:developers"]
    assert entry["principalArn"] == graph.component_outputs[graph.named("ci").urn]["deployRoleArn"]
    assert not graph.of_type("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")


def test_whoever_deploys_a_platform_takes_its_administrator_role(deploy: Deploy) -> None:
    graph = deploy(lambda: CiRoles("ci", PLATFORM))
    [entry] = graph.of_type("aws:eks/accessEntry:AccessEntry")
    assert entry.name == "ci-preview-entry"
    workloads = graph.named("ci-deploy-workloads-policy").inputs["policy"]
    assert PLATFORM["cluster_admin_role_arn"] in workloads


def test_placeholders_are_all_filled_in(deploy: Deploy) -> None:
    graph = deploy(lambda: CiRoles("ci", WITH_STATE))
    documents = [p.inputs["policy"] for p in graph.of_type("aws:iam/policy:Policy")]
    resources = [
        resource
        for document in documents
        for statement in json.loads(document)["Statement"]
        for resource in statement["Resource"]
    ]
    assert resources
    assert not [r for r in resources if "{" in r]
    assert "arn:aws:s3:::state/.pulumi/stacks/mlops/fraud-dev.json*" in resources


def test_role_arns_are_known_only_once_the_permissions_are_there(deploy: Deploy) -> None:
    def program() -> None:
        ci = CiRoles("ci", ARGS)
        CiRoles("user", {**ARGS, "oidc_provider_arn": OIDC, "bucket_arn": ci.deploy_role_arn})

    graph = deploy(program)
    user = graph.named("user-preview-read-policy")
    assert graph.named("ci-deploy-workloads").urn in user.depends_on


def test_the_deploy_role_can_be_named_before_it_exists(deploy: Deploy) -> None:
    graph = deploy(lambda: CiRoles("ci", ARGS))
    outputs: dict[str, Any] = graph.component_outputs[graph.named("ci").urn]
    expected = deploy_role_arn("123456789012", "/mlops/dev/fraud/", "fraud", "dev")
    assert outputs["deployRoleArn"] == expected
    assert outputs["previewRoleArn"] == expected.replace("-deploy", "-preview")
