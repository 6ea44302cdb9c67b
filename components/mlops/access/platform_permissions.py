"""What a stack that holds the platform changes in it: network, cluster and database settings.

None of these is made or deleted here; `mlops.access.deploy_permissions` says why.
"""

from mlops.access.grants import NEW, OWN, Grant

_EC2 = "arn:aws:ec2:{region}:{account}:"

_CREATES_IN_NETWORK = (
    "ec2:AllocateAddress",
    "ec2:CreateNatGateway",
    "ec2:CreateRouteTable",
    "ec2:CreateSecurityGroup",
    "ec2:CreateSubnet",
    "ec2:CreateVpcEndpoint",
)

NETWORK = (
    Grant(
        "NewInNetwork",
        (*_CREATES_IN_NETWORK, "ec2:AuthorizeSecurityGroupIngress"),
        (
            f"{_EC2}elastic-ip/*",
            f"{_EC2}natgateway/*",
            f"{_EC2}route-table/*",
            f"{_EC2}security-group/*",
            f"{_EC2}security-group-rule/*",
            f"{_EC2}subnet/*",
            f"{_EC2}vpc-endpoint/*",
        ),
        NEW,
    ),
    Grant(
        "TagNewInNetwork",
        ("ec2:CreateTags",),
        (f"{_EC2}*/*",),
        {
            "StringEquals": {
                "ec2:CreateAction": (
                    "AllocateAddress",
                    "AuthorizeSecurityGroupIngress",
                    "CreateNatGateway",
                    "CreateRouteTable",
                    "CreateSecurityGroup",
                    "CreateSubnet",
                    "CreateVpcEndpoint",
                )
            }
        },
    ),
    Grant(
        "OwnNetwork",
        (
            # Making a part is also an act on the whole it becomes part of.
            *_CREATES_IN_NETWORK,
            "ec2:AssociateRouteTable",
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:CreateRoute",
            "ec2:CreateTags",
            "ec2:DeleteNatGateway",
            "ec2:DeleteRoute",
            "ec2:DeleteRouteTable",
            "ec2:DeleteSecurityGroup",
            "ec2:DeleteSubnet",
            "ec2:DeleteTags",
            "ec2:DeleteVpcEndpoints",
            "ec2:DisassociateAddress",
            "ec2:DisassociateRouteTable",
            "ec2:ModifySecurityGroupRules",
            "ec2:ModifySubnetAttribute",
            "ec2:ModifyVpcAttribute",
            "ec2:ModifyVpcEndpoint",
            "ec2:ReleaseAddress",
            "ec2:ReplaceRoute",
            "ec2:ReplaceRouteTableAssociation",
            "ec2:RevokeSecurityGroupEgress",
            "ec2:RevokeSecurityGroupIngress",
        ),
        (f"{_EC2}*/*",),
        OWN,
    ),
)

CLUSTER_AND_DATABASE = (
    Grant(
        "OwnCluster",
        ("eks:TagResource", "eks:UpdateClusterConfig", "eks:UpdateClusterVersion"),
        ("arn:aws:eks:{region}:{account}:cluster/{cluster}",),
    ),
    Grant(
        "OwnAddons",
        (
            "eks:CreateAddon",
            "eks:DeleteAddon",
            "eks:TagResource",
            "eks:UntagResource",
            "eks:UpdateAddon",
        ),
        (
            "arn:aws:eks:{region}:{account}:cluster/{cluster}",
            "arn:aws:eks:{region}:{account}:addon/{cluster}/*",
        ),
    ),
    Grant(
        "NewDatabaseSettings",
        ("rds:AddTagsToResource", "rds:CreateDBParameterGroup", "rds:CreateDBSubnetGroup"),
        (
            "arn:aws:rds:{region}:{account}:pg:*",
            "arn:aws:rds:{region}:{account}:subgrp:*",
        ),
        NEW,
    ),
    Grant(
        "OwnDatabase",
        (
            "rds:AddTagsToResource",
            "rds:DeleteDBParameterGroup",
            "rds:DeleteDBSubnetGroup",
            "rds:ModifyDBInstance",
            "rds:ModifyDBParameterGroup",
            "rds:ModifyDBSubnetGroup",
            "rds:RebootDBInstance",
            "rds:RemoveTagsFromResource",
            "rds:ResetDBParameterGroup",
        ),
        (
            "arn:aws:rds:{region}:{account}:db:*",
            "arn:aws:rds:{region}:{account}:pg:*",
            "arn:aws:rds:{region}:{account}:subgrp:*",
        ),
        OWN,
    ),
)
