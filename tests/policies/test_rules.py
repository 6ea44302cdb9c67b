"""Each rule passes a good resource and fires on the same resource with one property changed."""

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

from policies.pack import RULES
from policies.rule import UNKNOWN, Resource, ResourceRule, StackRule, plain

Change = tuple[tuple[str | int, ...], Any]
REMOVED = object()

CONTAINER: dict[str, Any] = {
    "name": "server",
    "image": "example/server:1.2.3",
    "resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}},
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    },
}
GITHUB = "token.actions.githubusercontent.com"
GOOD_TRUST: dict[str, Any] = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{GITHUB}"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {
                    f"{GITHUB}:aud": "sts.amazonaws.com",
                    f"{GITHUB}:repository_id": "1",
                }
            },
        }
    ]
}

GOOD: dict[str, dict[str, Any]] = {
    "aws:kms/key:Key": {"enableKeyRotation": True},
    "aws:rds/instance:Instance": {
        "storageEncrypted": True,
        "kmsKeyId": "arn:aws:kms:::key/1",
        "publiclyAccessible": False,
        "manageMasterUserPassword": True,
        "backupRetentionPeriod": 7,
    },
    "aws:eks/cluster:Cluster": {
        "vpcConfig": {
            "endpointPrivateAccess": True,
            "endpointPublicAccess": True,
            "publicAccessCidrs": ["203.0.113.0/24"],
        },
        "encryptionConfig": {"resources": ["secrets"]},
        "accessConfig": {
            "authenticationMode": "API",
            "bootstrapClusterCreatorAdminPermissions": False,
        },
        "enabledClusterLogTypes": ["audit", "authenticator"],
    },
    "aws:iam/rolePolicy:RolePolicy": {
        "policy": {"Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"]}]}
    },
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
        "policyArn": "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
    },
    "aws:iam/role:Role": {"path": "/mlops/dev/demo/", "assumeRolePolicy": GOOD_TRUST},
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {"cidrIpv4": "10.0.0.0/16"},
    "aws:ec2/securityGroup:SecurityGroup": {"description": "database"},
    "aws:cloudwatch/logGroup:LogGroup": {"retentionInDays": 14, "kmsKeyId": "arn:aws:kms:::key/1"},
    "kubernetes:karpenter.sh/v1:NodePool": {"spec": {"limits": {"cpu": "32"}}},
    "kubernetes:eks.amazonaws.com/v1:NodeClass": {
        "spec": {
            "ephemeralStorage": {"kmsKeyID": "arn:aws:kms:::key/1"},
            "advancedNetworking": {"associatePublicIPAddress": False},
        }
    },
    "kubernetes:core/v1:Namespace": {
        "metadata": {"name": "demo", "labels": {"pod-security.kubernetes.io/enforce": "restricted"}}
    },
    "kubernetes:apps/v1:Deployment": {
        "spec": {
            "template": {
                "spec": {"securityContext": {"runAsNonRoot": True}, "containers": [CONTAINER]}
            }
        }
    },
}

POD = ("spec", "template", "spec")
POD_CHANGES: list[Change] = [
    ((*POD, "securityContext", "runAsNonRoot"), False),
    ((*POD, "hostNetwork"), True),
    ((*POD, "containers", 0, "securityContext"), REMOVED),
    ((*POD, "containers", 0, "securityContext", "capabilities", "drop"), []),
    ((*POD, "containers", 0, "securityContext", "readOnlyRootFilesystem"), False),
]
BAD: list[tuple[str, str, Change]] = [
    ("storage-key-rotated", "aws:kms/key:Key", (("enableKeyRotation",), False)),
    ("storage-key-rotated", "aws:kms/key:Key", (("enableKeyRotation",), REMOVED)),
    ("database-storage-encrypted", "aws:rds/instance:Instance", (("storageEncrypted",), False)),
    ("database-storage-encrypted", "aws:rds/instance:Instance", (("kmsKeyId",), REMOVED)),
    ("database-not-public", "aws:rds/instance:Instance", (("publiclyAccessible",), True)),
    ("database-not-public", "aws:rds/instance:Instance", (("publiclyAccessible",), REMOVED)),
    ("database-password-managed", "aws:rds/instance:Instance", (("password",), "x")),
    (
        "database-password-managed",
        "aws:rds/instance:Instance",
        (("manageMasterUserPassword",), REMOVED),
    ),
    ("database-backed-up", "aws:rds/instance:Instance", (("backupRetentionPeriod",), 0)),
    ("database-backed-up", "aws:rds/instance:Instance", (("backupRetentionPeriod",), REMOVED)),
    (
        "cluster-node-pool-limited",
        "kubernetes:karpenter.sh/v1:NodePool",
        (("spec", "limits"), REMOVED),
    ),
    ("cluster-node-pool-limited", "kubernetes:karpenter.sh/v1:NodePool", (("spec", "limits"), {})),
    (
        "cluster-node-disks-encrypted",
        "kubernetes:eks.amazonaws.com/v1:NodeClass",
        (("spec", "ephemeralStorage", "kmsKeyID"), REMOVED),
    ),
    (
        "cluster-nodes-private",
        "kubernetes:eks.amazonaws.com/v1:NodeClass",
        (("spec", "advancedNetworking", "associatePublicIPAddress"), True),
    ),
    (
        "cluster-endpoint-closed",
        "aws:eks/cluster:Cluster",
        (("vpcConfig", "publicAccessCidrs"), ["10.0.0.0/8", "0.0.0.0/0"]),
    ),
    (
        "cluster-endpoint-closed",
        "aws:eks/cluster:Cluster",
        (("vpcConfig", "publicAccessCidrs"), REMOVED),
    ),
    (
        "cluster-endpoint-closed",
        "aws:eks/cluster:Cluster",
        (("vpcConfig", "endpointPrivateAccess"), False),
    ),
    ("cluster-secrets-encrypted", "aws:eks/cluster:Cluster", (("encryptionConfig",), REMOVED)),
    (
        "cluster-access-by-entries",
        "aws:eks/cluster:Cluster",
        (("accessConfig", "authenticationMode"), "API_AND_CONFIG_MAP"),
    ),
    (
        "cluster-access-by-entries",
        "aws:eks/cluster:Cluster",
        (("accessConfig", "bootstrapClusterCreatorAdminPermissions"), REMOVED),
    ),
    ("cluster-audited", "aws:eks/cluster:Cluster", (("enabledClusterLogTypes",), ["api"])),
    (
        "identity-no-wildcard-action",
        "aws:iam/rolePolicy:RolePolicy",
        (("policy", "Statement", 0, "Action"), "s3:*"),
    ),
    (
        "identity-no-wildcard-action",
        "aws:iam/rolePolicy:RolePolicy",
        (("policy", "Statement", 0, "Action"), ["*"]),
    ),
    (
        "identity-no-wildcard-action",
        "aws:iam/rolePolicy:RolePolicy",
        (("policy", "Statement", 0, "NotAction"), "iam:*"),
    ),
    (
        "identity-no-power-policy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        (("policyArn",), "arn:aws:iam::aws:policy/AdministratorAccess"),
    ),
    (
        "identity-trust-bound",
        "aws:iam/role:Role",
        (("assumeRolePolicy", "Statement", 0, "Principal"), {"AWS": "*"}),
    ),
    (
        "identity-trust-bound",
        "aws:iam/role:Role",
        (
            ("assumeRolePolicy", "Statement", 0, "Condition", "StringEquals", f"{GITHUB}:aud"),
            REMOVED,
        ),
    ),
    (
        "identity-trust-bound",
        "aws:iam/role:Role",
        (
            (
                "assumeRolePolicy",
                "Statement",
                0,
                "Condition",
                "StringEquals",
                f"{GITHUB}:repository_id",
            ),
            REMOVED,
        ),
    ),
    (
        "identity-trust-bound",
        "aws:iam/role:Role",
        (
            ("assumeRolePolicy", "Statement", 0, "Condition", "ForAllValues:StringEquals"),
            {f"{GITHUB}:environment": "dev"},
        ),
    ),
    ("identity-role-under-path", "aws:iam/role:Role", (("path",), "/")),
    (
        "network-ingress-closed",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        (("cidrIpv4",), "0.0.0.0/0"),
    ),
    (
        "network-ingress-closed",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        (("cidrIpv6",), "::/0"),
    ),
    ("network-ingress-single", "aws:ec2/securityGroup:SecurityGroup", (("ingress",), [{}])),
    ("logs-retained", "aws:cloudwatch/logGroup:LogGroup", (("retentionInDays",), REMOVED)),
    ("logs-retained", "aws:cloudwatch/logGroup:LogGroup", (("retentionInDays",), 0)),
    ("logs-encrypted", "aws:cloudwatch/logGroup:LogGroup", (("kmsKeyId",), REMOVED)),
    (
        "kubernetes-namespace-restricted",
        "kubernetes:core/v1:Namespace",
        (("metadata", "labels", "pod-security.kubernetes.io/enforce"), "baseline"),
    ),
    *(
        ("kubernetes-pod-unprivileged", "kubernetes:apps/v1:Deployment", change)
        for change in POD_CHANGES
    ),
    *(
        (
            "kubernetes-pod-sized",
            "kubernetes:apps/v1:Deployment",
            ((*POD, "containers", 0, "resources", *path), REMOVED),
        )
        for path in (("requests", "cpu"), ("requests", "memory"), ("limits", "memory"))
    ),
    *(
        (
            "kubernetes-image-pinned",
            "kubernetes:apps/v1:Deployment",
            ((*POD, "containers", 0, "image"), image),
        )
        for image in ("server", "example/server:latest", "localhost:5000/server")
    ),
]


def _resource(type_: str, props: Mapping[str, Any], **options: Any) -> Resource:
    flat = {
        key: json.dumps(value) if key in ("policy", "assumeRolePolicy") else value
        for key, value in props.items()
    }
    return Resource(
        type=type_,
        name="subject",
        urn=f"urn:pulumi:demo-dev::mlops::{type_}::subject",
        props=flat,
        provider_name="aws",
        **options,
    )


def _changed(props: dict[str, Any], change: Change) -> dict[str, Any]:
    changed = copy.deepcopy(props)
    path, value = change
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    if value is REMOVED:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return changed


def _violated(resource: Resource) -> set[str]:
    return {
        rule.id
        for rule in RULES
        if isinstance(rule, ResourceRule) and rule.applies_to(resource)
        if list(rule.check(resource))
    }


@pytest.mark.parametrize("type_", GOOD)
def test_a_good_resource_breaks_no_rule(type_: str) -> None:
    assert _violated(_resource(type_, GOOD[type_])) == set()


@pytest.mark.parametrize(("rule", "type_", "change"), BAD)
def test_one_changed_property_breaks_exactly_one_rule(
    rule: str, type_: str, change: Change
) -> None:
    assert _violated(_resource(type_, _changed(GOOD[type_], change))) == {rule}


def test_users_and_the_default_provider_are_refused() -> None:
    assert _violated(_resource("aws:iam/user:User", {})) == {"identity-no-user"}
    by_default = Resource(
        type="aws:sns/topic:Topic", name="t", urn="u", props={}, provider_name="default_7_51_1"
    )
    assert _violated(by_default) == {"stack-explicit-provider"}


def _unknown(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unknown(item) for key, item in value.items()}
    return [_unknown(item) for item in value] if isinstance(value, list) else UNKNOWN_STRING_VALUE


@pytest.mark.parametrize("type_", GOOD)
@pytest.mark.parametrize("depth", ["leaves", "properties"])
def test_an_unknown_value_neither_breaks_a_rule_nor_the_pack(type_: str, depth: str) -> None:
    flat = _resource(type_, GOOD[type_]).props
    unknown = {
        k: _unknown(v) if depth == "leaves" else UNKNOWN_STRING_VALUE for k, v in flat.items()
    }
    as_in_a_preview = unknown_checking_proxy(unknown)
    resource = Resource(
        type=type_, name="s", urn="u", props=plain(as_in_a_preview), provider_name="aws"
    )
    assert UNKNOWN in resource.props.values() or depth == "leaves"
    assert _violated(resource) == set()


BUCKET_URN = "urn:pulumi:demo-dev::mlops::aws:s3/bucket:Bucket::models"
NAMESPACE_URN = "urn:pulumi:demo-dev::mlops::kubernetes:core/v1:Namespace::demo"
TLS = {"Statement": [{"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}
SWITCHES = {
    "blockPublicAcls": True,
    "blockPublicPolicy": True,
    "ignorePublicAcls": True,
    "restrictPublicBuckets": True,
}
ENCRYPTION = {
    "rules": [
        {
            "applyServerSideEncryptionByDefault": {
                "sseAlgorithm": "aws:kms",
                "kmsMasterKeyId": "arn:aws:kms:::key/1",
            },
            "bucketKeyEnabled": True,
        }
    ]
}


def _companion(type_: str, props: Mapping[str, Any], via: str, of: str) -> Resource:
    return Resource(
        type=type_,
        name=type_,
        urn=f"urn::{type_}",
        props=props,
        references={via: frozenset({of})},
    )


def _bucket_stack() -> dict[str, Resource]:
    bucket = "aws:s3/bucket"
    return {
        "bucket": Resource(type=f"{bucket}:Bucket", name="models", urn=BUCKET_URN, props={}),
        "storage-bucket-private": _companion(
            f"{bucket}PublicAccessBlock:BucketPublicAccessBlock", SWITCHES, "bucket", BUCKET_URN
        ),
        "storage-bucket-encrypted": _companion(
            f"{bucket}ServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            ENCRYPTION,
            "bucket",
            BUCKET_URN,
        ),
        "storage-bucket-versioned": _companion(
            f"{bucket}Versioning:BucketVersioning",
            {"versioningConfiguration": {"status": "Enabled"}},
            "bucket",
            BUCKET_URN,
        ),
        "storage-bucket-tls-only": _companion(
            f"{bucket}Policy:BucketPolicy", {"policy": json.dumps(TLS)}, "bucket", BUCKET_URN
        ),
    }


def _namespace_stack() -> dict[str, Resource]:
    inside = {"metadata": {"namespace": "demo"}}
    deny = {**inside, "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}}
    return {
        "namespace": Resource(
            type="kubernetes:core/v1:Namespace",
            name="demo",
            urn=NAMESPACE_URN,
            props={"metadata": {"name": "demo"}},
        ),
        "quota": _companion("kubernetes:core/v1:ResourceQuota", inside, "metadata", NAMESPACE_URN),
        "limits": _companion("kubernetes:core/v1:LimitRange", inside, "spec", "another"),
        "deny": _companion(
            "kubernetes:networking.k8s.io/v1:NetworkPolicy", deny, "metadata", NAMESPACE_URN
        ),
    }


def _stack_violations(resources: list[Resource]) -> set[str]:
    return {rule.id for rule in RULES if isinstance(rule, StackRule) for _ in rule.check(resources)}


def test_a_complete_bucket_and_namespace_break_no_rule() -> None:
    assert _stack_violations([*_bucket_stack().values(), *_namespace_stack().values()]) == set()


@pytest.mark.parametrize("rule", [k for k in _bucket_stack() if k != "bucket"])
def test_a_bucket_without_a_companion_breaks_that_companions_rule(rule: str) -> None:
    stack = _bucket_stack()
    del stack[rule]
    assert _stack_violations(list(stack.values())) == {rule}


@pytest.mark.parametrize("switch", SWITCHES)
def test_each_public_access_switch_counts(switch: str) -> None:
    stack = _bucket_stack()
    block = stack["storage-bucket-private"]
    stack["storage-bucket-private"] = _companion(
        block.type, {**SWITCHES, switch: False}, "bucket", BUCKET_URN
    )
    assert _stack_violations(list(stack.values())) == {"storage-bucket-private"}


@pytest.mark.parametrize(
    ("part", "rule"),
    [
        ("quota", "kubernetes-namespace-fenced"),
        ("limits", "kubernetes-namespace-fenced"),
        ("deny", "kubernetes-namespace-closed"),
    ],
)
def test_a_namespace_without_a_part_breaks_a_rule(part: str, rule: str) -> None:
    stack = _namespace_stack()
    del stack[part]
    assert _stack_violations(list(stack.values())) == {rule}


@pytest.mark.parametrize(
    "spec",
    [
        {"podSelector": {}, "policyTypes": ["Ingress"]},
        {"podSelector": {"app": "x"}, "policyTypes": ["Ingress", "Egress"]},
        {"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "egress": [{}]},
    ],
)
def test_a_policy_that_leaves_a_way_open_is_no_default_deny(spec: dict[str, Any]) -> None:
    stack = _namespace_stack()
    stack["deny"] = _companion(stack["deny"].type, {"spec": spec}, "metadata", NAMESPACE_URN)
    assert _stack_violations(list(stack.values())) == {"kubernetes-namespace-closed"}
