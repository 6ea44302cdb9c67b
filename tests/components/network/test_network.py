"""What a Network makes of its arguments."""

import json

import pytest

from infra.recording import Graph, RecordedResource
from mlops.network.network import Network, NetworkArgs
from tests.conftest import Deploy

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
DEV: NetworkArgs = {
    "cidr": "10.10.0.0/16",
    "availability_zones": ["eu-west-1a", "eu-west-1b"],
    "nat": "one",
    "account_id": "123456789012",
    "region": "eu-west-1",
    "kms_key_arn": KEY,
    "log_group_prefix": "/mlops/dev/demo",
    "flow_log_retention_days": 14,
}
PROD: NetworkArgs = {
    **DEV,
    "availability_zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    "nat": "per_zone",
}
ISOLATED: NetworkArgs = {**DEV, "nat": "none"}

SUBNET = "aws:ec2/subnet:Subnet"
ROUTE = "aws:ec2/route:Route"
NAT_GATEWAY = "aws:ec2/natGateway:NatGateway"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"


def run(deploy: Deploy, args: NetworkArgs) -> Graph:
    return deploy(lambda: Network("network", args))


def outputs(graph: Graph) -> dict[str, list[str]]:
    return graph.component_outputs[graph.named("network").urn]


def routes_of_subnet(graph: Graph, subnet_id: str) -> list[RecordedResource]:
    tables = [
        association.inputs["routeTableId"]
        for association in graph.of_type(ASSOCIATION)
        if association.inputs["subnetId"] == subnet_id
    ]
    assert len(tables) == 1, "a subnet follows one route table of its own choice, not the default"
    return [route for route in graph.of_type(ROUTE) if route.inputs["routeTableId"] == tables[0]]


def test_parts_are_named_by_role_and_parented(deploy: Deploy) -> None:
    graph = run(deploy, DEV)
    assert {(r.type, r.name) for r in graph.children_of(graph.named("network").urn)} == {
        ("aws:ec2/vpc:Vpc", "network-vpc"),
        ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "network-default-security-group"),
        ("mlops:index:SubnetTier", "network-public"),
        ("mlops:index:SubnetTier", "network-private"),
        ("mlops:index:SubnetTier", "network-database"),
        ("mlops:index:InternetAccess", "network-internet"),
        ("mlops:index:Endpoints", "network-endpoints"),
        ("mlops:index:FlowLogs", "network-flow-logs"),
    }
    parents = {r.urn for r in graph if not r.custom}
    assert all(r.parent in parents for r in graph if r.custom)


def test_names_in_the_vpc_resolve(deploy: Deploy) -> None:
    vpc = run(deploy, DEV).named("network-vpc").inputs
    assert vpc["cidrBlock"] == "10.10.0.0/16"
    assert vpc["enableDnsSupport"] is True
    assert vpc["enableDnsHostnames"] is True


def test_the_default_security_group_admits_nothing(deploy: Deploy) -> None:
    group = run(deploy, DEV).named("network-default-security-group").inputs
    assert group["ingress"] == []
    assert group["egress"] == []


@pytest.mark.parametrize(("args", "zones"), [(DEV, 2), (PROD, 3)])
def test_three_subnets_in_each_zone_and_none_gives_public_addresses(
    deploy: Deploy, args: NetworkArgs, zones: int
) -> None:
    graph = run(deploy, args)
    subnets = graph.of_type(SUBNET)
    assert len(subnets) == 3 * zones
    assert {s.inputs["availabilityZone"] for s in subnets} == set(args["availability_zones"])
    assert all(s.inputs["mapPublicIpOnLaunch"] is False for s in subnets)
    for tier in ("private", "public", "database"):
        assert len(outputs(graph)[f"{tier}SubnetIds"]) == zones


def test_load_balancers_find_their_subnets_and_stay_away_from_databases(deploy: Deploy) -> None:
    graph = run(deploy, DEV)
    role = "kubernetes.io/role"
    public = graph.named("network-public-eu-west-1a").inputs["tags"]
    private = graph.named("network-private-eu-west-1a").inputs["tags"]
    database = graph.named("network-database-eu-west-1a").inputs["tags"]
    assert public == {"Name": "network-public-eu-west-1a", f"{role}/elb": "1"}
    assert private == {"Name": "network-private-eu-west-1a", f"{role}/internal-elb": "1"}
    assert database == {"Name": "network-database-eu-west-1a"}


@pytest.mark.parametrize(
    ("args", "gateway_zones"),
    [
        (DEV, ["eu-west-1a"]),
        (PROD, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
        (ISOLATED, []),
    ],
)
def test_nat_gateways_stand_in_public_subnets_of_the_zones_asked_for(
    deploy: Deploy, args: NetworkArgs, gateway_zones: list[str]
) -> None:
    graph = run(deploy, args)
    gateways = {g.name: g for g in graph.of_type(NAT_GATEWAY)}
    assert set(gateways) == {f"network-internet-nat-{zone}" for zone in gateway_zones}
    public = dict(zip(args["availability_zones"], outputs(graph)["publicSubnetIds"], strict=True))
    internet = graph.named("network-internet-public").urn
    for zone in gateway_zones:
        gateway = gateways[f"network-internet-nat-{zone}"]
        assert gateway.inputs["subnetId"] == public[zone]
        assert internet in gateway.depends_on
    assert len(outputs(graph)["natPublicIps"]) == len(gateway_zones)


@pytest.mark.parametrize("args", [DEV, PROD])
def test_private_subnets_leave_through_nat_in_their_zone_where_there_is_one(
    deploy: Deploy, args: NetworkArgs
) -> None:
    graph = run(deploy, args)
    used = []
    for subnet_id in outputs(graph)["privateSubnetIds"]:
        (route,) = routes_of_subnet(graph, subnet_id)
        assert route.inputs["destinationCidrBlock"] == "0.0.0.0/0"
        assert "gatewayId" not in route.inputs
        used.append(route.inputs["natGatewayId"])
    assert len(set(used)) == len(graph.of_type(NAT_GATEWAY))


def test_without_nat_private_subnets_have_no_way_out(deploy: Deploy) -> None:
    graph = run(deploy, ISOLATED)
    for subnet_id in outputs(graph)["privateSubnetIds"]:
        assert routes_of_subnet(graph, subnet_id) == []


@pytest.mark.parametrize("args", [DEV, PROD, ISOLATED])
def test_databases_never_have_a_way_out_while_public_subnets_do(
    deploy: Deploy, args: NetworkArgs
) -> None:
    graph = run(deploy, args)
    for subnet_id in outputs(graph)["databaseSubnetIds"]:
        assert routes_of_subnet(graph, subnet_id) == []
    for subnet_id in outputs(graph)["publicSubnetIds"]:
        (route,) = routes_of_subnet(graph, subnet_id)
        assert route.inputs["gatewayId"].startswith("igw-")


def test_a_change_of_nat_moves_routes_and_gateways_only(deploy: Deploy) -> None:
    def names(args: NetworkArgs) -> set[str]:
        return {r.name for r in run(deploy, args)}

    changed = names(DEV) ^ names({**DEV, "nat": "per_zone"})
    assert changed == {
        "network-internet-nat-eu-west-1b",
        "network-internet-nat-eu-west-1b-address",
    }


def test_a_third_zone_changes_nothing_that_is_there(deploy: Deploy) -> None:
    two = {s.name: s.inputs["cidrBlock"] for s in run(deploy, DEV).of_type(SUBNET)}
    three = {s.name: s.inputs["cidrBlock"] for s in run(deploy, PROD).of_type(SUBNET)}
    assert two.items() <= three.items()


def test_s3_and_dynamodb_are_reached_from_private_subnets_by_gateways(deploy: Deploy) -> None:
    graph = run(deploy, DEV)
    endpoints = graph.of_type(ENDPOINT)
    assert {e.inputs["serviceName"] for e in endpoints} == {
        "com.amazonaws.eu-west-1.s3",
        "com.amazonaws.eu-west-1.dynamodb",
    }
    private_tables = graph.component_outputs[graph.named("network-private").urn]["routeTableIds"]
    for endpoint in endpoints:
        assert endpoint.inputs["vpcEndpointType"] == "Gateway"
        assert endpoint.inputs["routeTableIds"] == private_tables
        condition = json.loads(endpoint.inputs["policy"])["Statement"][0]["Condition"]
        assert condition["StringEquals"]["aws:ResourceAccount"] == ["123456789012"]


def test_trusted_accounts_pass_the_endpoints(deploy: Deploy) -> None:
    graph = run(deploy, {**DEV, "trusted_account_ids": ["210987654321"]})
    policy = json.loads(graph.named("network-endpoints-s3").inputs["policy"])
    assert policy["Statement"][0]["Condition"]["StringEquals"]["aws:PrincipalAccount"] == [
        "123456789012",
        "210987654321",
    ]


def test_interface_endpoints_are_made_where_asked_and_closed_otherwise(deploy: Deploy) -> None:
    graph = run(deploy, {**ISOLATED, "interface_endpoints": ["sts", "ecr.api"]})
    names = {"network-endpoints-sts", "network-endpoints-ecr.api"}
    assert names <= {r.name for r in graph}
    group = graph.named("network-endpoints-security-group").inputs
    assert group["description"]
    assert group["egress"] == []
    assert "ingress" not in group
    https = graph.named("network-endpoints-https").inputs
    assert https["description"] == "HTTPS from the VPC"
    assert (https["cidrIpv4"], https["fromPort"], https["toPort"]) == ("10.10.0.0/16", 443, 443)
    sts = graph.named("network-endpoints-sts").inputs
    assert sts["privateDnsEnabled"] is True
    assert sts["subnetIds"] == outputs(graph)["privateSubnetIds"]
    plain = run(deploy, DEV)
    assert names.isdisjoint({r.name for r in plain})
    assert not plain.of_type("aws:ec2/securityGroup:SecurityGroup")


def test_every_connection_is_recorded_encrypted_and_for_a_fixed_time(deploy: Deploy) -> None:
    graph = run(deploy, DEV)
    group = graph.named("network-flow-logs-log-group").inputs
    assert group["name"] == "/mlops/dev/demo/vpc-flow-logs"
    assert group["retentionInDays"] == 14
    assert group["kmsKeyId"] == KEY
    flow_log = graph.named("network-flow-logs-flow-log")
    assert flow_log.inputs["trafficType"] == "ALL"
    assert flow_log.inputs["vpcId"] == outputs(graph)["vpcId"]
    assert flow_log.inputs["logDestination"].endswith("log-group:/mlops/dev/demo/vpc-flow-logs")
    assert graph.named("network-flow-logs-role-policy").urn in flow_log.depends_on


def test_only_flow_logs_of_this_account_write_and_only_to_their_group(deploy: Deploy) -> None:
    bounded: NetworkArgs = {
        **DEV,
        "role_path": "/mlops/dev/",
        "permissions_boundary_arn": "arn:aws:iam::123456789012:policy/boundary",
    }
    graph = run(deploy, bounded)
    role = graph.named("network-flow-logs-role").inputs
    assert role["path"] == "/mlops/dev/"
    assert role["permissionsBoundary"] == bounded["permissions_boundary_arn"]
    (trust,) = json.loads(role["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}
    policy = json.loads(graph.named("network-flow-logs-role-policy").inputs["policy"])
    write = next(s for s in policy["Statement"] if s["Sid"] == "WriteRecords")
    assert all("log-group:/mlops/dev/demo/vpc-flow-logs" in arn for arn in write["Resource"])
    assert "logs:CreateLogGroup" not in write["Action"], "a deleted group would come back"
    assert "permissionsBoundary" not in run(deploy, DEV).named("network-flow-logs-role").inputs


def test_an_unknown_way_of_nat_is_refused(deploy: Deploy) -> None:
    with pytest.raises(ValueError, match="nat is 'two'; choose one of one, per_zone, none"):
        run(deploy, {**DEV, "nat": "two"})
