"""What the permissions boundary allows and denies, by name."""

REGIONAL_SERVICES = (
    "aps",
    "cloudwatch",
    "ec2",
    "ecr",
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "kms",
    "logs",
    "rds",
    "s3",
    "secretsmanager",
    "sns",
)
"""Services the roles work with, in the regions that are allowed."""

# What the cluster's own role needs beside them, as the policies that EKS publishes say.
LOAD_BALANCING = (
    "acm:DescribeCertificate",
    "acm:ListCertificates",
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:UpdateAutoScalingGroup",
    "cognito-idp:DescribeUserPoolClient",
    "wafv2:AssociateWebACL",
    "wafv2:DisassociateWebACL",
    "wafv2:GetWebACL",
    "wafv2:GetWebACLForResource",
    "wafv2:ListWebACLs",
)
GLOBAL = (
    "budgets:ListTagsForResource",
    "budgets:ModifyBudget",
    "budgets:TagResource",
    "budgets:UntagResource",
    "budgets:ViewBudget",
    "iam:GetOpenIDConnectProvider",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListInstanceProfilesForRole",
    "iam:ListPolicyVersions",
    "iam:ListRolePolicies",
    "shield:CreateProtection",
    "shield:DeleteProtection",
    "shield:TagResource",
)
WRITING_POLICIES = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePolicy",
)
HANDLING_ROLES = (
    "iam:DeleteRole",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
    "sts:AssumeRole",
)
SERVICE_LINKED = ("elasticloadbalancing.amazonaws.com", "spot.amazonaws.com")

USING_STATE = ("s3:DeleteObject", "s3:Get*", "s3:List*", "s3:PutObject")
USING_KEYS = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:Get*",
    "kms:List*",
)
# Takes a person: see mlops.access.deploy_permissions.
DESTROYING_DATA = (
    "aps:DeleteWorkspace",
    "eks:DeleteCluster",
    "kms:DisableKey",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "logs:DeleteLogGroup",
    "rds:DeleteDBInstance",
    "rds:DeleteDBSnapshot",
    "s3:BypassGovernanceRetention",
    "s3:DeleteBucket",
    "s3:DeleteObjectVersion",
)
ENTERING_CLUSTERS = (
    "eks:AssociateAccessPolicy",
    "eks:CreateAccessEntry",
    "eks:UpdateAccessEntry",
)
ACCOUNT_SETTINGS = (
    "ec2:DisableEbsEncryptionByDefault",
    "ec2:DisableImageBlockPublicAccess",
    "ec2:DisableSnapshotBlockPublicAccess",
    "ec2:ModifyEbsDefaultKmsKeyId",
    "s3:PutAccountPublicAccessBlock",
)
