"""Private ways from a VPC to AWS services, closed for foreign accounts."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import ec2, vpc

from mlops.network.endpoint_policy import gateway_policies, interface_policy


class EndpointsArgs(TypedDict):
    """Which services are reached privately, from where, and for whom."""

    vpc_id: pulumi.Input[str]
    """VPC the endpoints belong to."""
    vpc_cidr: str
    """Address range of the VPC: who may open connections to the interface endpoints."""
    account_ids: list[str]
    """Accounts whose principals, buckets and tables may be reached through the endpoints."""
    region: str
    """Region of the VPC and of the services."""
    route_table_ids: pulumi.Input[list[str]]
    """Route tables that get the ways to S3 and DynamoDB."""
    subnet_ids: pulumi.Input[list[str]]
    """Subnets that get the interface endpoints."""
    interface_services: NotRequired[list[str]]
    """Services with an interface endpoint, such as `ecr.api`. Default none: each one costs money
    for every hour and zone."""


class Endpoints(pulumi.ComponentResource):
    """S3 and DynamoDB by gateway (free of charge), further services by interface where asked."""

    s3_endpoint_id: pulumi.Output[str]
    """Gateway endpoint of S3, for bucket policies that admit only this VPC."""

    def __init__(
        self, name: str, args: EndpointsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:Endpoints", name, {**args}, opts)
        gateways = self._gateways(name, args)
        if args.get("interface_services"):
            self._interfaces(name, args)
        self.s3_endpoint_id = gateways["s3"].id
        self.register_outputs({"s3EndpointId": self.s3_endpoint_id})

    def _gateways(self, name: str, args: EndpointsArgs) -> Mapping[str, ec2.VpcEndpoint]:
        return {
            service: ec2.VpcEndpoint(
                f"{name}-{service}",
                vpc_id=args["vpc_id"],
                vpc_endpoint_type="Gateway",
                service_name=f"com.amazonaws.{args['region']}.{service}",
                route_table_ids=args["route_table_ids"],
                policy=policy,
                tags={"Name": f"{name}-{service}"},
                opts=pulumi.ResourceOptions(parent=self),
            )
            for service, policy in gateway_policies(args["region"], args["account_ids"]).items()
        }

    def _interfaces(self, name: str, args: EndpointsArgs) -> None:
        child = pulumi.ResourceOptions(parent=self)
        group = ec2.SecurityGroup(
            f"{name}-security-group",
            vpc_id=args["vpc_id"],
            description="Interface endpoints: HTTPS from the VPC, nothing out",
            # No rule at all is the wish; the provider would else keep AWS's rule to anywhere.
            egress=[],
            tags={"Name": name},
            opts=child,
        )
        vpc.SecurityGroupIngressRule(
            f"{name}-https",
            security_group_id=group.id,
            description="HTTPS from the VPC",
            cidr_ipv4=args["vpc_cidr"],
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            opts=child,
        )
        for service in args.get("interface_services", []):
            ec2.VpcEndpoint(
                f"{name}-{service}",
                vpc_id=args["vpc_id"],
                vpc_endpoint_type="Interface",
                service_name=f"com.amazonaws.{args['region']}.{service}",
                subnet_ids=args["subnet_ids"],
                security_group_ids=[group.id],
                private_dns_enabled=True,
                policy=interface_policy(args["account_ids"]),
                tags={"Name": f"{name}-{service}"},
                opts=child,
            )
