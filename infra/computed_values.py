"""Values AWS would compute, for runs without AWS: same shape, so that policies can be judged."""

import hashlib
from typing import Any

ACCOUNT_ID = "123456789012"
REGION = "eu-west-1"

# Type token -> ARN suffix after `arn:aws:`; `{id}` is the resource's id.
_ARNS = {
    "aws:s3/bucket:Bucket": "s3:::{id}",
    "aws:iam/role:Role": "iam::{account}:role{path}{id}",
    "aws:iam/policy:Policy": "iam::{account}:policy{path}{id}",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "iam::{account}:oidc-provider/{url}",
    "aws:kms/key:Key": "kms:{region}:{account}:key/{uuid}",
    "aws:eks/cluster:Cluster": "eks:{region}:{account}:cluster/{id}",
    "aws:rds/instance:Instance": "rds:{region}:{account}:db:{id}",
    "aws:sns/topic:Topic": "sns:{region}:{account}:{id}",
    "aws:cloudwatch/logGroup:LogGroup": "logs:{region}:{account}:log-group:{id}",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "cloudwatch:{region}:{account}:alarm:{id}",
    "aws:amp/workspace:Workspace": "aps:{region}:{account}:workspace/ws-{uuid}",
    "aws:ec2/vpc:Vpc": "ec2:{region}:{account}:vpc/{id}",
    "aws:ec2/subnet:Subnet": "ec2:{region}:{account}:subnet/{id}",
    "aws:ec2/securityGroup:SecurityGroup": "ec2:{region}:{account}:security-group/{id}",
}

_ID_PREFIXES = {
    "aws:ec2/vpc:Vpc": "vpc",
    "aws:ec2/subnet:Subnet": "subnet",
    "aws:ec2/securityGroup:SecurityGroup": "sg",
    "aws:ec2/routeTable:RouteTable": "rtb",
    "aws:ec2/internetGateway:InternetGateway": "igw",
    "aws:ec2/natGateway:NatGateway": "nat",
    "aws:ec2/eip:Eip": "eipalloc",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce",
}


def of_resource(
    type_: str, name: str, inputs: dict[str, Any], region: str = REGION
) -> tuple[str | None, dict[str, Any]]:
    """Id and outputs a created resource would have."""
    digest = hashlib.sha256(f"{type_}{name}".encode()).hexdigest()
    uuid = f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}"
    id_ = _id_of(type_, name, inputs, digest)
    state: dict[str, Any] = {**inputs}
    if type_ in _ARNS:
        state["arn"] = "arn:aws:" + _ARNS[type_].format(
            id=id_,
            account=ACCOUNT_ID,
            region=region,
            uuid=uuid,
            path=inputs.get("path", "/"),
            url=str(inputs.get("url", "")).removeprefix("https://"),
        )
    match type_:
        case "aws:s3/bucket:Bucket":
            state.update(bucket=id_, bucketRegionalDomainName=f"{id_}.s3.{region}.amazonaws.com")
        case "aws:kms/key:Key":
            state["keyId"] = id_ = uuid
        case "aws:iam/role:Role":
            state["name"] = id_
        case (
            "aws:cloudwatch/logGroup:LogGroup"
            | "aws:rds/parameterGroup:ParameterGroup"
            | "aws:rds/subnetGroup:SubnetGroup"
        ):
            state["name"] = id_
        case "aws:eks/cluster:Cluster":
            state.update(
                name=id_,
                endpoint=f"https://{digest[:32].upper()}.gr7.{region}.eks.amazonaws.com",
                certificateAuthorities=[{"data": "LS0tLS1CRUdJTg=="}],
                certificateAuthority={"data": "LS0tLS1CRUdJTg=="},
                vpcConfig={
                    **inputs.get("vpcConfig", {}),
                    "clusterSecurityGroupId": f"sg-{digest[:17]}",
                },
            )
        case "aws:rds/instance:Instance":
            secret = f"rds!db-{uuid}-AbCdEf"
            state.update(
                address=f"{id_}.{digest[:12]}.{region}.rds.amazonaws.com",
                endpoint=f"{id_}.{digest[:12]}.{region}.rds.amazonaws.com:5432",
                port=5432,
                masterUserSecrets=[
                    {
                        "secretArn": (
                            f"arn:aws:secretsmanager:{region}:{ACCOUNT_ID}:secret:{secret}"
                        ),
                        "secretStatus": "active",
                        "kmsKeyId": inputs.get("masterUserSecretKmsKeyId", ""),
                    }
                ],
            )
        case "aws:ec2/eip:Eip":
            # An address of a range that is reserved for documentation.
            state.update(allocationId=id_, publicIp=f"203.0.113.{int(digest[:2], 16)}")
        case "aws:amp/workspace:Workspace":
            id_ = f"ws-{uuid}"
            state["prometheusEndpoint"] = (
                f"https://aps-workspaces.{region}.amazonaws.com/workspaces/{id_}/"
            )
        case _ if type_.startswith("kubernetes:"):
            generated = {"name": id_.rpartition("/")[2], "uid": uuid}
            state["metadata"] = {**generated, **(inputs.get("metadata") or {})}
    return id_, state


def _id_of(type_: str, name: str, inputs: dict[str, Any], digest: str) -> str:
    if type_ in _ID_PREFIXES:
        return f"{_ID_PREFIXES[type_]}-{digest[:17]}"
    if type_.startswith("kubernetes:"):
        metadata = inputs.get("metadata") or {}
        physical = metadata.get("name", f"{name}-{digest[:8]}")
        return "/".join(filter(None, [metadata.get("namespace"), physical]))
    given = inputs.get("name") or inputs.get("bucket") or inputs.get("identifier")
    # As the provider does: a physical name is the logical one and seven random hex digits.
    return str(given) if isinstance(given, str) else f"{name}-{digest[:7]}"


def of_invoke(token: str, args: dict[str, Any], region: str = REGION) -> dict[str, Any]:
    """Answers of the few functions the program calls; an unknown one is an error."""
    match token:
        case "aws:index/getCallerIdentity:getCallerIdentity":
            return {
                "accountId": ACCOUNT_ID,
                "arn": f"arn:aws:iam::{ACCOUNT_ID}:role/deploy",
                "id": ACCOUNT_ID,
                "userId": "AROAEXAMPLE",
            }
        case "aws:index/getAvailabilityZones:getAvailabilityZones":
            return {
                "names": [f"{region}{zone}" for zone in "abc"],
                "zoneIds": [f"euw1-az{number}" for number in (1, 2, 3)],
                "id": region,
            }
    answer = _of_what_exists(token, args, region)
    if answer is None:
        raise ValueError(f"no computed answer for the call {token} with {sorted(args)}")
    return answer


def _of_what_exists(token: str, args: dict[str, Any], region: str) -> dict[str, Any] | None:
    """Answers about what a stack file names; it always offers what is needed."""
    match token:
        case "aws:ec2/getVpc:getVpc":
            return {
                "id": args["id"],
                "cidrBlock": "10.60.0.0/16",
                "enableDnsHostnames": True,
                "enableDnsSupport": True,
            }
        case "aws:ec2/getSubnet:getSubnet":
            # Ids that end in 0, 1 and 2 lie in three zones.
            number = int(args["id"][-2:], 16)
            return {
                "id": args["id"],
                "vpcId": args["vpcId"],
                "cidrBlock": f"10.60.{number}.0/24",
                "availabilityZone": f"{region}{'abc'[number % 3]}",
                "availabilityZoneId": f"euw1-az{number % 3 + 1}",
                "availableIpAddressCount": 251,
                "mapPublicIpOnLaunch": False,
            }
        case "aws:rds/getInstance:getInstance":
            name = args["dbInstanceIdentifier"]
            return {
                "id": name,
                "dbInstanceIdentifier": name,
                "address": f"{name}.abcdefghijkl.{region}.rds.amazonaws.com",
                "allocatedStorage": 50,
                "backupRetentionPeriod": 7,
                "dbInstanceClass": "db.m7g.large",
                "dbSubnetGroup": f"{name}-subnets",
                "engine": "postgres",
                "engineVersion": "17.4",
                "masterUserSecrets": [
                    {
                        "secretArn": (
                            f"arn:aws:secretsmanager:{region}:{ACCOUNT_ID}:secret:"
                            f"rds!db-{name}-AbCdEf"
                        ),
                        "secretStatus": "active",
                        "kmsKeyId": f"arn:aws:kms:{region}:{ACCOUNT_ID}:key/{name}",
                    }
                ],
                "multiAz": True,
                "port": 5432,
                "publiclyAccessible": False,
                "storageEncrypted": True,
            }
        case "aws:rds/getSubnetGroup:getSubnetGroup":
            return {
                "id": args["name"],
                "name": args["name"],
                "subnetIds": [f"subnet-000000000000000{number}" for number in (41, 42)],
            }
        case "aws:kms/getKey:getKey":
            return {
                "id": args["keyId"],
                "arn": args["keyId"],
                "keyManager": "CUSTOMER",
                "keySpec": "SYMMETRIC_DEFAULT",
                "keyState": "Enabled",
                "keyUsage": "ENCRYPT_DECRYPT",
            }
    return None
