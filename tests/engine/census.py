"""Count what a stack leaves in AWS and in the cluster, kind by kind."""

from collections.abc import Callable
from typing import Any

from kubernetes import client

from tests.engine.sandboxes import SandboxUnderTest

Aws = Callable[[str], Any]

BUILT_IN_NAMESPACES = {"default", "kube-system", "kube-public", "kube-node-lease"}


def take(sandbox: SandboxUnderTest) -> dict[str, list[str]]:
    """Return the names of everything there is, by kind; what every new account has is left out."""
    return {
        **_identity(sandbox.aws),
        **_network(sandbox.aws),
        **_data(sandbox.aws),
        **_watch(sandbox.aws),
        **_cluster(sandbox),
    }


def _identity(aws: Aws) -> dict[str, list[str]]:
    iam, kms = aws("iam"), aws("kms")
    return {
        "role": [r["RoleName"] for r in iam.list_roles()["Roles"]],
        "policy": [p["PolicyName"] for p in iam.list_policies(Scope="Local")["Policies"]],
        "identity provider": [
            p["Arn"] for p in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        ],
        "key": [
            key["KeyId"]
            for key in kms.list_keys()["Keys"]
            if kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "Enabled"
        ],
        "key alias": [
            a["AliasName"]
            for a in kms.list_aliases()["Aliases"]
            if not a["AliasName"].startswith("alias/aws/")
        ],
    }


def _network(aws: Aws) -> dict[str, list[str]]:
    ec2 = aws("ec2")
    defaults = {vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if vpc["IsDefault"]}

    def own(found: list[dict[str, Any]], key: str) -> list[str]:
        return [one[key] for one in found if one.get("VpcId") not in defaults]

    gateways = ec2.describe_internet_gateways()["InternetGateways"]
    return {
        "network": own(ec2.describe_vpcs()["Vpcs"], "VpcId"),
        "subnet": own(ec2.describe_subnets()["Subnets"], "SubnetId"),
        "route table": own(ec2.describe_route_tables()["RouteTables"], "RouteTableId"),
        "security group": own(ec2.describe_security_groups()["SecurityGroups"], "GroupId"),
        "internet gateway": [
            g["InternetGatewayId"]
            for g in gateways
            if not defaults & {a["VpcId"] for a in g["Attachments"]}
        ],
        "address translation": [
            g["NatGatewayId"]
            for g in ec2.describe_nat_gateways()["NatGateways"]
            if g["State"] != "deleted"
        ],
        "address": [a["AllocationId"] for a in ec2.describe_addresses()["Addresses"]],
        "endpoint": [e["VpcEndpointId"] for e in ec2.describe_vpc_endpoints()["VpcEndpoints"]],
        "flow log": [f["FlowLogId"] for f in ec2.describe_flow_logs()["FlowLogs"]],
    }


def _data(aws: Aws) -> dict[str, list[str]]:
    rds = aws("rds")
    return {
        "bucket": [b["Name"] for b in aws("s3").list_buckets()["Buckets"]],
        "database": [d["DBInstanceIdentifier"] for d in rds.describe_db_instances()["DBInstances"]],
        "database subnets": [
            g["DBSubnetGroupName"]
            for g in rds.describe_db_subnet_groups()["DBSubnetGroups"]
            if g["DBSubnetGroupName"] != "default"
        ],
        "database parameters": [
            g["DBParameterGroupName"]
            for g in rds.describe_db_parameter_groups()["DBParameterGroups"]
            if not g["DBParameterGroupName"].startswith("default.")
        ],
        "EKS cluster": aws("eks").list_clusters()["clusters"],
    }


def _watch(aws: Aws) -> dict[str, list[str]]:
    amp = aws("amp")
    budgets = aws("budgets").describe_budgets(AccountId="123456789012").get("Budgets", [])
    return {
        "log group": [g["logGroupName"] for g in aws("logs").describe_log_groups()["logGroups"]],
        "alarm": [a["AlarmName"] for a in aws("cloudwatch").describe_alarms()["MetricAlarms"]],
        "topic": [t["TopicArn"] for t in aws("sns").list_topics()["Topics"]],
        "subscription": [
            s["SubscriptionArn"] for s in aws("sns").list_subscriptions()["Subscriptions"]
        ],
        "metrics workspace": [w["workspaceId"] for w in amp.list_workspaces()["workspaces"]],
        "scraper": [s["scraperId"] for s in amp.list_scrapers()["scrapers"]],
        "budget": [b["BudgetName"] for b in budgets],
    }


def _cluster(sandbox: SandboxUnderTest) -> dict[str, list[str]]:
    core = sandbox.core()
    storage = client.StorageV1Api(sandbox.kubernetes())
    system = core.list_namespaced_config_map("kube-system").items
    names = {n.metadata.name for n in core.list_namespace().items}
    return {
        "namespace": sorted(names - BUILT_IN_NAMESPACES),
        "storage class": [c.metadata.name for c in storage.list_storage_class().items],
        "network switch": [c.metadata.name for c in system if c.metadata.name == "amazon-vpc-cni"],
        **{
            plural: [one["metadata"]["name"] for one in _custom(sandbox, group, plural)]
            for group, plural in (
                ("karpenter.sh", "nodepools"),
                ("eks.amazonaws.com", "nodeclasses"),
            )
        },
        "pod": [p.metadata.name for p in core.list_pod_for_all_namespaces().items],
    }


def _custom(sandbox: SandboxUnderTest, group: str, plural: str) -> list[dict[str, Any]]:
    found = client.CustomObjectsApi(sandbox.kubernetes()).list_cluster_custom_object(
        group, "v1", plural
    )
    items: list[dict[str, Any]] = found["items"]
    return items
