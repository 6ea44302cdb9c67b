"""What the two roles an Auto Mode cluster works with may do."""

import pulumi

from mlops.access.statements import Statement, use_key

_MANAGED = "arn:aws:iam::aws:policy/"

# Source: Amazon EKS user guide, "Amazon EKS Auto Mode cluster IAM role".
CONTROL_PLANE_POLICIES = {
    "cluster": f"{_MANAGED}AmazonEKSClusterPolicy",
    "compute": f"{_MANAGED}AmazonEKSComputePolicy",
    "block-storage": f"{_MANAGED}AmazonEKSBlockStoragePolicy",
    "load-balancing": f"{_MANAGED}AmazonEKSLoadBalancingPolicy",
    "networking": f"{_MANAGED}AmazonEKSNetworkingPolicy",
}
# Source: Amazon EKS user guide, "Amazon EKS Auto Mode node IAM role". Nothing else: a pod that
# reaches the node's identity must find it useless.
NODE_POLICIES = {
    "minimal": f"{_MANAGED}AmazonEKSWorkerNodeMinimalPolicy",
    "image-pull": f"{_MANAGED}AmazonEC2ContainerRegistryPullOnly",
}
CLUSTER_ADMIN_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"

# EKS names the cluster in the session with which it works, and on everything it makes.
_FOR_THIS_CLUSTER = {
    "aws:RequestTag/eks:eks-cluster-name": "${aws:PrincipalTag/eks:eks-cluster-name}"
}


def tag_nodes() -> list[Statement]:
    """Let Auto Mode put more tags on machines, disks and interfaces than its own.

    Source: Amazon EKS user guide, "Custom AWS tags for EKS Auto resources".
    """
    return [
        {
            "Sid": "TagMachines",
            "Effect": "Allow",
            "Action": ["ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances"],
            "Resource": "*",
            "Condition": {
                "StringEquals": _FOR_THIS_CLUSTER,
                "StringLike": {
                    "aws:RequestTag/eks:kubernetes-node-class-name": "*",
                    "aws:RequestTag/eks:kubernetes-node-pool-name": "*",
                },
            },
        },
        {
            "Sid": "TagVolumes",
            "Effect": "Allow",
            "Action": ["ec2:CreateSnapshot", "ec2:CreateVolume"],
            "Resource": ["arn:aws:ec2:*:*:snapshot/*", "arn:aws:ec2:*:*:volume/*"],
            "Condition": {"StringEquals": _FOR_THIS_CLUSTER},
        },
        {
            "Sid": "TagInterfaces",
            "Effect": "Allow",
            "Action": ["ec2:CreateNetworkInterface"],
            "Resource": "*",
            "Condition": {
                "StringEquals": _FOR_THIS_CLUSTER,
                "StringLike": {"aws:RequestTag/eks:kubernetes-cni-node-name": "*"},
            },
        },
    ]


def encrypt_disks(key_arn: pulumi.Input[str]) -> list[Statement]:
    """Let Auto Mode start machines whose disks are encrypted with a key, and hand it to EC2 alone.

    Source: Amazon EKS user guide, "Enable EBS Volume Encryption with Customer Managed KMS Keys".
    """
    return [
        *use_key(
            key_arn,
            "ec2",
            (
                "kms:Decrypt",
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
            ),
        ),
        {
            "Sid": "FindKey",
            "Effect": "Allow",
            "Action": ["kms:DescribeKey"],
            "Resource": key_arn,
        },
        {
            "Sid": "HandKeyToEc2",
            "Effect": "Allow",
            "Action": ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
            "Resource": key_arn,
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    ]
