"""Every hand-written difference between the AWS SDK and the bridged Terraform provider.

The SDK is generated from a newer Terraform provider and with overrides of its own; all that can be
derived from names and shapes is derived (see `tokens` and `translation`), the rest stands here.
"""

from collections.abc import Mapping

MODULES: Mapping[str, tuple[str, ...]] = {
    "index": ("",),
    "amp": ("prometheus",),
    "bcmdata": ("bcmdataexports",),
    "cfg": ("config",),
    "cloudcontrol": ("cloudcontrolapi",),
    "costexplorer": ("ce",),
    "directconnect": ("dx",),
    "ec2": ("", "ec2", "vpc"),
    "ec2transitgateway": ("ec2transitgateway", "ec2"),
    "elb": ("", "lb", "loadbalancer"),
    "macie": ("macie", "macie2"),
    "opensearchingest": ("osis",),
    "rds": ("db", "rds"),
    "resourceexplorer": ("resourceexplorer2",),
    "route53recoverycontrol": ("route53recoverycontrolconfig",),
    "serverlessrepository": ("serverlessapplicationrepository",),
}
"""SDK module -> what Terraform writes in its place; a module not named here keeps its name."""

RESOURCES: Mapping[str, str] = {
    "alb/LoadBalancer": "aws_lb",
    "lb/LoadBalancer": "aws_lb",
    "elb/LoadBalancer": "aws_elb",
    "cloudtrail/Trail": "aws_cloudtrail",
    "codepipeline/Pipeline": "aws_codepipeline",
    "codedeploy/Application": "aws_codedeploy_app",
    "cfg/Rule": "aws_config_config_rule",
    "cfg/Recorder": "aws_config_configuration_recorder",
    "cfg/RecorderStatus": "aws_config_configuration_recorder_status",
    "directconnect/LinkAggregationGroup": "aws_dx_lag",
    "ec2/DedicatedHost": "aws_ec2_host",
    "ec2/NetworkInterfaceSecurityGroupAttachment": "aws_network_interface_sg_attachment",
    "ec2/PeeringConnectionOptions": "aws_vpc_peering_connection_options",
    "ec2/SecurityGroupAssociation": "aws_vpc_endpoint_security_group_association",
    "ec2/VpcEndpointServiceAllowedPrinciple": "aws_vpc_endpoint_service_allowed_principal",
    "elb/LoadBalancerCookieStickinessPolicy": "aws_lb_cookie_stickiness_policy",
    "iam/SshKey": "aws_iam_user_ssh_key",
    "rds/RoleAssociation": "aws_db_instance_role_association",
    "rds/InstanceDesiredState": "aws_rds_instance_state",
    "s3/AnalyticsConfiguration": "aws_s3_bucket_analytics_configuration",
    "s3/BucketObjectv2": "aws_s3_object",
    "s3/BucketReplicationConfig": "aws_s3_bucket_replication_configuration",
    "s3/Inventory": "aws_s3_bucket_inventory",
    "s3/BucketV2": "aws_s3_bucket",
    "ses/MailFrom": "aws_ses_domain_mail_from",
    "sns/DataProtectionPolicy": "aws_sns_topic_data_protection_policy",
    "sqs/RedriveAllowPolicy": "aws_sqs_queue_redrive_allow_policy",
    "sqs/RedrivePolicy": "aws_sqs_queue_redrive_policy",
}
"""SDK resources whose Terraform name no rule gives."""

FUNCTIONS: Mapping[str, str] = {}
"""SDK functions whose Terraform name no rule gives."""

PROPERTIES: Mapping[str, Mapping[str, str]] = {
    "aws:apigateway/basePathMapping:BasePathMapping": {"restApi": "apiId"},
    "aws:batch/computeEnvironment:ComputeEnvironment": {
        "name": "computeEnvironmentName",
        "namePrefix": "computeEnvironmentNamePrefix",
    },
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"name": "alarmName"},
    "aws:elasticbeanstalk/environment:Environment": {"version": "versionLabel"},
    "aws:index/getRegion:getRegion": {"region": "name"},
    "aws:lambda/function:Function": {"name": "functionName", "code": "filename"},
    "aws:lambda/layerVersion:LayerVersion": {"code": "filename"},
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": {
        "routingRules": "routingRule",
        "routingRuleDetails": "routingRules",
    },
}
"""SDK token or class -> SDK property -> the bridge's property."""

COPIES: Mapping[str, Mapping[str, str]] = {
    "aws:index/getRegion:getRegion": {"name": "region"},
    "aws:s3/bucket:Bucket": {"bucketRegion": "region"},
}
"""SDK token -> a result that only the newer provider has -> the result that says the same."""

UNSUPPORTED_BUT_HARMLESS: Mapping[str, frozenset[str]] = {
    # An emulator has nothing worth protecting, and the flag would only hinder `destroy`.
    "aws:eks/cluster:Cluster": frozenset({"deletionProtection"}),
    "aws:cloudwatch/logGroup:LogGroup": frozenset({"deletionProtectionEnabled"}),
    # The settings have no effect outside AWS.
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": frozenset({"disableSessionTags"}),
}
"""SDK token -> inputs that only the newer provider knows and that may be lost in a sandbox."""

DELETE_BEFORE_REPLACE = frozenset(
    {
        "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        "aws:efs/mountTarget:MountTarget",
        "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
        "aws:iam/policyAttachment:PolicyAttachment",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    }
)
"""Types of which no two equal ones can exist: the official plug-in deletes the old one first."""
