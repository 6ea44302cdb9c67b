"""What a Cluster makes of its arguments."""

import json

import pytest
from pulumi.runtime import rpc
from pulumi_aws import s3

from mlops.cluster.checks import LOG_TYPES
from mlops.cluster.cluster import Cluster, ClusterArgs
from tests.components.access.policy_evaluator import allows, trusts
from tests.conftest import Deploy

ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/mlops/boundary"
DEV: ClusterArgs = {
    "cluster_name": "fraud-dev",
    "subnet_ids": ["subnet-a", "subnet-b"],
    "kms_key_arn": KEY,
    "account_id": ACCOUNT,
    "region": "eu-west-1",
    "version": "1.33",
    "public_access_cidrs": ["203.0.113.0/24"],
    "log_retention_days": 14,
    "log_types": ["audit", "authenticator"],
    "admin_principal_arns": [],
    "deletion_protection": False,
    "addons": {"metrics-server": "v0.8.0-eksbuild.2"},
}
PROD: ClusterArgs = {
    **DEV,
    "public_access_cidrs": [],
    "log_types": list(LOG_TYPES),
    "deletion_protection": True,
    "admin_principal_arns": [f"arn:aws:iam::{ACCOUNT}:role/platform-admin"],
    "role_path": "/mlops/prod/fraud/",
    "permissions_boundary_arn": BOUNDARY,
}


def test_children_are_named_by_role_and_parented(deploy: Deploy) -> None:
    graph = deploy(lambda: Cluster("cluster", DEV))
    cluster = graph.named("cluster")
    assert cluster.type == "mlops:index:Cluster"
    attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    assert {(r.type, r.name) for r in graph.children_of(cluster.urn)} == {
        ("aws:cloudwatch/logGroup:LogGroup", "cluster-logs"),
        ("aws:iam/role:Role", "cluster-role"),
        (attachment, "cluster-role-cluster"),
        (attachment, "cluster-role-compute"),
        (attachment, "cluster-role-block-storage"),
        (attachment, "cluster-role-load-balancing"),
        (attachment, "cluster-role-networking"),
        ("aws:iam/rolePolicy:RolePolicy", "cluster-role-nodes"),
        ("aws:iam/role:Role", "cluster-node-role"),
        (attachment, "cluster-node-role-minimal"),
        (attachment, "cluster-node-role-image-pull"),
        ("aws:iam/role:Role", "cluster-administrator-role"),
        ("aws:eks/cluster:Cluster", "cluster-control-plane"),
        ("aws:eks/accessEntry:AccessEntry", "cluster-administrator-entry"),
        (
            "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
            "cluster-administrator-access",
        ),
        ("aws:eks/addon:Addon", "cluster-addon-metrics-server"),
    }
    assert len(list(graph)) == 17, "nothing lies outside the component"


def test_secrets_are_encrypted_with_the_given_key(deploy: Deploy) -> None:
    plane = deploy(lambda: Cluster("cluster", DEV)).named("cluster-control-plane").inputs
    assert plane["encryptionConfig"] == {"provider": {"keyArn": KEY}, "resources": ["secrets"]}


def test_auto_mode_is_on_in_all_three_places(deploy: Deploy) -> None:
    graph = deploy(lambda: Cluster("cluster", DEV))
    plane = graph.named("cluster-control-plane").inputs
    assert plane["computeConfig"]["enabled"] is True
    assert plane["computeConfig"]["nodePools"] == ["system"], "all else is the stack's own"
    assert "role/mlops/cluster-node-role" in plane["computeConfig"]["nodeRoleArn"]
    assert plane["kubernetesNetworkConfig"] == {"elasticLoadBalancing": {"enabled": True}}
    assert plane["storageConfig"] == {"blockStorage": {"enabled": True}}
    assert plane["bootstrapSelfManagedAddons"] is False
    assert plane["upgradePolicy"] == {"supportType": "STANDARD"}


def test_access_is_by_entries_and_the_creator_has_none(deploy: Deploy) -> None:
    graph = deploy(lambda: Cluster("cluster", DEV))
    plane = graph.named("cluster-control-plane").inputs
    assert plane["accessConfig"] == {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
    }
    assert len(graph.of_type("aws:eks/accessEntry:AccessEntry")) == 1
    access = graph.named("cluster-administrator-access")
    assert access.inputs["policyArn"].endswith("/AmazonEKSClusterAdminPolicy")
    assert access.inputs["accessScope"] == {"type": "cluster"}
    assert "role/mlops/cluster-administrator-role" in access.inputs["principalArn"]
    assert graph.named("cluster-administrator-entry").urn in access.depends_on


@pytest.mark.parametrize(
    ("args", "public", "cidrs"), [(DEV, True, ["203.0.113.0/24"]), (PROD, False, None)]
)
def test_the_endpoint_is_private_and_public_only_for_a_list(
    deploy: Deploy, args: ClusterArgs, public: bool, cidrs: list[str] | None
) -> None:
    vpc = (
        deploy(lambda: Cluster("cluster", args)).named("cluster-control-plane").inputs["vpcConfig"]
    )
    assert vpc["endpointPrivateAccess"] is True
    assert vpc["endpointPublicAccess"] is public
    assert vpc.get("publicAccessCidrs") == cidrs


def test_an_endpoint_open_to_the_world_is_refused_by_the_component(deploy: Deploy) -> None:
    with pytest.raises(ValueError, match="open the API server of the cluster to the internet"):
        deploy(lambda: Cluster("cluster", {**DEV, "public_access_cidrs": ["0.0.0.0/0"]}))


def test_logs_have_a_home_with_retention_before_the_cluster_writes(deploy: Deploy) -> None:
    graph = deploy(lambda: Cluster("cluster", DEV))
    logs, plane = graph.named("cluster-logs"), graph.named("cluster-control-plane")
    assert logs.inputs["name"] == "/aws/eks/fraud-dev/cluster"
    assert plane.inputs["name"] == "fraud-dev"
    assert logs.inputs["retentionInDays"] == 14
    assert logs.inputs["kmsKeyId"] == KEY
    assert logs.urn in plane.depends_on
    assert plane.inputs["enabledClusterLogTypes"] == ["audit", "authenticator"]


def test_the_cluster_waits_for_every_policy_of_its_roles(deploy: Deploy) -> None:
    graph = deploy(lambda: Cluster("cluster", DEV))
    attachments = graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert len(attachments) == 7
    own = graph.named("cluster-role-nodes")
    assert {p.urn for p in (*attachments, own)} <= graph.named("cluster-control-plane").depends_on


def test_nodes_carry_what_a_worker_needs_and_no_more(deploy: Deploy) -> None:
    graph = deploy(lambda: Cluster("cluster", DEV))
    node_role = graph.named("cluster-node-role")
    assert {
        attachment.inputs["policyArn"].rpartition("/")[2]
        for attachment in graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if node_role.urn in attachment.property_dependencies["role"]
    } == {"AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"}


IN_CLUSTER = {
    "aws:RequestTag/eks:eks-cluster-name": "${aws:PrincipalTag/eks:eks-cluster-name}",
    "aws:RequestTag/eks:kubernetes-node-class-name": "mlops",
    "aws:RequestTag/eks:kubernetes-node-pool-name": "general",
}
THROUGH_EC2 = {"kms:ViaService": "ec2.eu-west-1.amazonaws.com"}
INSTANCE = f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/*"


@pytest.mark.parametrize(
    ("action", "resource", "context", "expected"),
    [
        ("ec2:RunInstances", INSTANCE, IN_CLUSTER, True),
        ("ec2:RunInstances", INSTANCE, {}, False),
        (
            "ec2:RunInstances",
            INSTANCE,
            {**IN_CLUSTER, "aws:RequestTag/eks:eks-cluster-name": "another"},
            False,
        ),
        ("ec2:CreateVolume", f"arn:aws:ec2:eu-west-1:{ACCOUNT}:volume/*", IN_CLUSTER, True),
        ("ec2:CreateTags", INSTANCE, IN_CLUSTER, False),
        ("ec2:TerminateInstances", INSTANCE, IN_CLUSTER, False),
        ("kms:GenerateDataKeyWithoutPlaintext", KEY, THROUGH_EC2, True),
        ("kms:Decrypt", KEY, {"kms:ViaService": "rds.eu-west-1.amazonaws.com"}, False),
        ("kms:Decrypt", KEY, {}, False),
        ("kms:CreateGrant", KEY, {"kms:GrantIsForAWSResource": "true"}, True),
        ("kms:CreateGrant", KEY, {"kms:GrantIsForAWSResource": "false"}, False),
        ("kms:Decrypt", KEY.replace("key/1", "key/2"), THROUGH_EC2, False),
    ],
)
def test_auto_mode_may_tag_and_encrypt_the_machines_of_this_cluster(
    deploy: Deploy, action: str, resource: str, context: dict[str, str], expected: bool
) -> None:
    policy = deploy(lambda: Cluster("cluster", DEV)).named("cluster-role-nodes").inputs["policy"]
    assert allows([policy], action, resource, context) is expected


def test_the_control_plane_role_is_for_this_cluster(deploy: Deploy) -> None:
    graph = deploy(lambda: Cluster("cluster", DEV))
    trust = graph.named("cluster-role").inputs["assumeRolePolicy"]
    arn = f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/fraud-dev"
    own = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": arn}
    for action in ("sts:AssumeRole", "sts:TagSession"):
        assert trusts(trust, "eks.amazonaws.com", action, own)
        assert not trusts(trust, "eks.amazonaws.com", action, {**own, "aws:SourceArn": f"{arn}-2"})


def test_the_administrator_role_is_for_those_listed(deploy: Deploy) -> None:
    graph = deploy(lambda: Cluster("cluster", PROD))
    trust = graph.named("cluster-administrator-role").inputs["assumeRolePolicy"]
    root = f"arn:aws:iam::{ACCOUNT}:root"

    def admits(role: str) -> bool:
        context = {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/{role}"}
        return trusts(trust, root, "sts:AssumeRole", context)

    assert admits("platform-admin")
    assert not admits("data-scientist")


def test_roles_lie_under_path_and_boundary(deploy: Deploy) -> None:
    graph = deploy(lambda: Cluster("cluster", PROD))
    for role in graph.of_type("aws:iam/role:Role"):
        assert role.inputs["path"] == "/mlops/prod/fraud/"
        assert role.inputs["permissionsBoundary"] == BOUNDARY
    default = deploy(lambda: Cluster("cluster", DEV))
    assert {role.inputs["path"] for role in default.of_type("aws:iam/role:Role")} == {"/mlops/"}


def test_deletion_protection_is_asked_for_only_where_wanted(deploy: Deploy) -> None:
    kept = deploy(lambda: Cluster("cluster", PROD)).named("cluster-control-plane")
    assert kept.inputs["deletionProtection"] is True
    assert kept.protect is True
    free = deploy(lambda: Cluster("cluster", DEV)).named("cluster-control-plane")
    assert "deletionProtection" not in free.inputs
    assert free.protect is False


def test_addons_are_pinned_and_follow_the_cluster(deploy: Deploy) -> None:
    graph = deploy(lambda: Cluster("cluster", DEV))
    addon = graph.named("cluster-addon-metrics-server")
    assert addon.inputs["addonName"] == "metrics-server"
    assert addon.inputs["addonVersion"] == "v0.8.0-eksbuild.2"
    assert graph.named("cluster-control-plane").urn in addon.depends_on
    assert json.loads(addon.inputs["configurationValues"]) == {
        "tolerations": [{"key": "CriticalAddonsOnly", "operator": "Exists"}]
    }, "the only nodes there are when it starts have that taint"
    none = deploy(lambda: Cluster("cluster", {**DEV, "addons": {}}))
    assert not none.of_type("aws:eks/addon:Addon")


def test_the_kubeconfig_is_a_secret(deploy: Deploy) -> None:
    graph = deploy(lambda: Cluster("cluster", DEV))
    outputs = graph.component_outputs[graph.named("cluster").urn]
    assert rpc.is_rpc_secret(outputs["kubeconfig"])
    assert not rpc.is_rpc_secret(outputs["endpoint"])
    user = json.loads(rpc.unwrap_rpc_secret(outputs["kubeconfig"]))["users"][0]["user"]
    assert outputs["adminRoleArn"] in user["exec"]["args"]


def test_who_uses_the_kubeconfig_waits_until_the_administrator_is_let_in(deploy: Deploy) -> None:
    def program() -> None:
        cluster = Cluster("cluster", DEV)
        s3.BucketObject("user", bucket="artifacts", content=cluster.kubeconfig)

    graph = deploy(program)
    waits_for = graph.named("user").property_dependencies["content"]
    assert graph.named("cluster-administrator-access").urn in waits_for
    assert graph.named("cluster-control-plane").urn in waits_for


def test_who_uses_the_kubeconfig_waits_for_metrics_server_and_for_no_add_on_that_needs_nodes(
    deploy: Deploy,
) -> None:
    addons = {**DEV["addons"], "kube-state-metrics": "v2.18.0-eksbuild.1"}

    def program() -> None:
        cluster = Cluster("cluster", {**DEV, "addons": addons})
        s3.BucketObject("user", bucket="artifacts", content=cluster.kubeconfig)

    graph = deploy(program)
    waits_for = graph.named("user").property_dependencies["content"]
    assert graph.named("cluster-addon-metrics-server").urn in waits_for
    assert graph.named("cluster-addon-kube-state-metrics").urn not in waits_for
    assert "configurationValues" not in graph.named("cluster-addon-kube-state-metrics").inputs


def test_outputs_are_those_of_the_cluster(deploy: Deploy) -> None:
    graph = deploy(lambda: Cluster("cluster", DEV))
    outputs = graph.component_outputs[graph.named("cluster").urn]
    assert outputs["clusterName"] == "fraud-dev"
    assert outputs["clusterArn"].endswith(":cluster/fraud-dev")
    assert outputs["endpoint"].startswith("https://")
    assert outputs["certificateAuthority"] == "LS0tLS1CRUdJTg=="
    assert outputs["securityGroupId"].startswith("sg-")
    assert outputs["nodeRoleName"].startswith("cluster-node-role-")
    assert ":role/mlops/cluster-administrator-role" in outputs["adminRoleArn"]
