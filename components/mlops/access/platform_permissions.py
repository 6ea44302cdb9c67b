"""What a stack that holds the platform changes in it: network, cluster and database settings.

None of these is made or deleted here; `mlops.access.deploy_permissions` says why.
"""

from mlops.access.grants import NEW, OWN, Grant

_EC2 = "arn:aws:ec2:{region}:{account}:"

# What is made, by the action that makes it. Each may make its own kind and no other: the same
# action also acts on what is there, such as a subnet, and that must be the environment's.
_MAKES = {
    "AllocateAddress": "elastic-ip",
    "AuthorizeSecurityGroupIngress": "security-group-rule",
    "CreateNatGateway": "natgateway",
    "CreateRouteTable": "route-table",
    "CreateSecurityGroup": "security-group",
    "CreateSubnet": "subnet",
    "CreateVpcEndpoint": "vpc-endpoint",
}

NETWORK = (
    *(
        Grant(f"New{action}", (f"ec2:{action}",), (f"{_EC2}{kind}/*",), NEW)
        for action, kind in _MAKES.items()
    ),
    Grant(
        "TagNewInNetwork",
        ("ec2:CreateTags",),
        (f"{_EC2}*/*",),
        {"StringEquals": {"ec2:CreateAction": tuple(_MAKES)}},
    ),
    Grant(
        "OwnNetwork",
        (
            # Making a part is also an act on the whole it becomes part of.
            *(f"ec2:{action}" for action in _MAKES),
            "ec2:AssociateRouteTable",
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
        "OwnDatabase",
        (
            "rds:AddTagsToResource",
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
