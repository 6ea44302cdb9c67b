"""What `pulumi up` takes from AWS, beyond reading, to change an environment that exists.

CI changes what is there. What holds data, or what everything stands on, it neither makes nor
deletes: no network, cluster, database with its settings, bucket, key, log group, metrics workspace
or topic. Nor does it change who may do what: its own roles, the cluster's administrator and key
policies stay out of its reach. That takes a person, who also makes the environment the first time,
before CI has roles at all.
"""

from mlops.access.grants import NEW, OWN, Grant

_ROLES = "arn:aws:iam::{account}:role{role_path}*"
_CI_ROLES = "arn:aws:iam::{account}:role{role_path}{ci_prefix}-*"
_CI_POLICIES = "arn:aws:iam::{account}:policy{role_path}{ci_prefix}-*"

# Not for a key that somebody else made: its tags may decide who uses it.
OWN_KEY = (Grant("OwnKey", ("kms:TagResource", "kms:UpdateKeyDescription"), ("{key}",)),)

DATA_AND_ALERTS = (
    Grant(
        "OwnBucket",
        (
            "s3:PutBucketObjectLockConfiguration",
            "s3:PutBucketOwnershipControls",
            "s3:PutBucketPolicy",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketTagging",
            "s3:PutBucketVersioning",
            "s3:PutEncryptionConfiguration",
            "s3:PutLifecycleConfiguration",
        ),
        ("{bucket}",),
    ),
    Grant(
        "KeyForServices",
        ("kms:CreateGrant",),
        ("{key}",),
        {"Bool": {"kms:GrantIsForAWSResource": "true"}},
    ),
    Grant(
        "NewAlerts",
        (
            "budgets:ModifyBudget",
            "budgets:TagResource",
            "cloudwatch:PutMetricAlarm",
            "cloudwatch:TagResource",
        ),
        # By name too: whoever may tag something that has no tags yet may make it its own, and
        # neither service lets tagging be limited to what is being made.
        (
            "arn:aws:budgets::{account}:budget/{stack}-*",
            "arn:aws:cloudwatch:{region}:{account}:alarm:{stack}-*",
        ),
        NEW,
    ),
    Grant(
        "OwnAlerts",
        (
            "aps:CreateAlertManagerDefinition",
            "aps:CreateRuleGroupsNamespace",
            "aps:DeleteAlertManagerDefinition",
            "aps:DeleteRuleGroupsNamespace",
            "aps:PutAlertManagerDefinition",
            "aps:PutRuleGroupsNamespace",
            "aps:TagResource",
            "aps:UpdateScraper",
            "aps:UpdateWorkspaceAlias",
            "aps:UpdateWorkspaceConfiguration",
            "budgets:ModifyBudget",
            "budgets:TagResource",
            "budgets:UntagResource",
            "cloudwatch:DeleteAlarms",
            "cloudwatch:PutMetricAlarm",
            "cloudwatch:TagResource",
            "cloudwatch:UntagResource",
            "logs:AssociateKmsKey",
            "logs:PutRetentionPolicy",
            "logs:TagResource",
            "logs:UntagResource",
            "sns:SetTopicAttributes",
            "sns:Subscribe",
            "sns:TagResource",
            "sns:UntagResource",
        ),
        (
            "arn:aws:aps:{region}:{account}:*",
            "arn:aws:budgets::{account}:budget/*",
            "arn:aws:cloudwatch:{region}:{account}:alarm:*",
            "arn:aws:logs:{region}:{account}:log-group:*",
            "arn:aws:sns:{region}:{account}:*",
        ),
        OWN,
    ),
)

WORKLOADS = (
    Grant(
        "AdministerCluster",
        ("sts:AssumeRole",),
        ("{cluster_admin_role}",),
    ),
    Grant(
        "HandRolesToServices",
        ("iam:PassRole",),
        (_ROLES,),
        {
            "StringEquals": {
                "iam:PassedToService": (
                    "eks.amazonaws.com",
                    "monitoring.rds.amazonaws.com",
                    "pods.eks.amazonaws.com",
                    "vpc-flow-logs.amazonaws.com",
                )
            }
        },
    ),
    Grant(
        "NewPodIdentity",
        ("eks:CreatePodIdentityAssociation", "eks:TagResource"),
        ("arn:aws:eks:{region}:{account}:podidentityassociation/{cluster}/*",),
        NEW,
    ),
    Grant(
        "NewPodIdentityInCluster",
        ("eks:CreatePodIdentityAssociation",),
        ("arn:aws:eks:{region}:{account}:cluster/{cluster}",),
    ),
    Grant(
        "OwnPodIdentity",
        (
            "eks:DeletePodIdentityAssociation",
            "eks:TagResource",
            "eks:UntagResource",
            "eks:UpdatePodIdentityAssociation",
        ),
        ("arn:aws:eks:{region}:{account}:podidentityassociation/{cluster}/*",),
        OWN,
    ),
    Grant(
        "NeverOwnPower",
        (
            "iam:Attach*",
            "iam:Create*",
            "iam:Delete*",
            "iam:Detach*",
            "iam:PassRole",
            "iam:Put*",
            "iam:Set*",
            "iam:Tag*",
            "iam:Untag*",
            "iam:Update*",
        ),
        (_CI_ROLES, _CI_POLICIES, "{cluster_admin_role}"),
        effect="Deny",
    ),
)

# Only with a boundary: who may write any policy into a role it may take is an administrator.
BOUNDED_ROLES = (
    Grant(
        "RolesWithinBoundary",
        (
            "iam:CreateRole",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:PutRolePolicy",
        ),
        (_ROLES,),
        {"StringEquals": {"iam:PermissionsBoundary": "{boundary}"}},
    ),
    Grant(
        "KnownPoliciesWithinBoundary",
        ("iam:AttachRolePolicy",),
        (_ROLES,),
        {
            "StringEquals": {"iam:PermissionsBoundary": "{boundary}"},
            "ArnLike": {
                "iam:PolicyARN": (
                    "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
                    "arn:aws:iam::aws:policy/AmazonEKS*Policy",
                    "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
                )
            },
        },
    ),
    Grant(
        "OwnRoles",
        (
            "iam:DeleteRole",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
            "iam:UpdateRoleDescription",
        ),
        (_ROLES,),
    ),
)
