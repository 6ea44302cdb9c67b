"""Everything a stack exports: the contract with other stacks, CI and people."""

import pulumi

from infra.config.load import StackConfig
from infra.providers import Providers
from mlops.environment import Environment
from mlops.platform import Platform


def export(
    config: StackConfig, providers: Providers, platform: Platform, environment: Environment
) -> None:
    """Export what a user, a pipeline or another stack needs to know."""
    exported: dict[str, pulumi.Input[object]] = {
        "mlflowTrackingUri": environment.tracking_uri,
        "artifactBucket": environment.artifact_bucket_name,
        "registryDatabaseEndpoint": pulumi.Output.format(
            "{}:{}", platform.database_host, platform.database_port
        ),
        "registrySecretArn": platform.database_master_secret_arn,
        "clusterName": platform.cluster_name,
        "kubeconfig": providers.kubeconfig(platform.kubeconfig),
        "namespace": environment.namespace,
        "prometheusEndpoint": platform.metrics_endpoint,
        "ciRoleArns": {
            "preview": environment.preview_role_arn,
            "deploy": environment.deploy_role_arn,
        },
        "alertsTopicArn": platform.alert_topic_arn,
        "vpcId": platform.vpc_id,
        "nextSteps": _next_steps(config, providers, platform, environment),
    }
    for name, value in exported.items():
        pulumi.export(name, value)


def _next_steps(
    config: StackConfig, providers: Providers, platform: Platform, environment: Environment
) -> list[pulumi.Output[str]]:
    """Return what to do now, one sentence or command each."""
    told = config.environment
    return [
        pulumi.Output.concat(
            "Let kubectl reach the cluster: ",
            providers.connect_command(platform.cluster_name, platform.cluster_admin_role_arn),
        ),
        pulumi.Output.concat("See what runs: kubectl get all --namespace ", environment.namespace),
        pulumi.Output.concat(
            "Open MLflow: kubectl port-forward --namespace ",
            environment.namespace,
            " service/",
            environment.tracking_service_name,
            " 5000, then http://localhost:5000",
        ),
        pulumi.Output.concat(
            f"Let the workflows of {told.ci.github.repository} assume ",
            environment.preview_role_arn,
            f" on pull requests, and in jobs with `environment: {told.stage.value}` ",
            environment.deploy_role_arn,
        ),
        pulumi.Output.from_input(
            "Confirm the mail AWS sent to every address that is to hear of alarms"
        ),
        pulumi.Output.from_input(
            "Once per paying account, let costs be told by environment: aws ce "
            "update-cost-allocation-tags-status --cost-allocation-tags-status "
            "TagKey=environment,Status=Active"
        ),
    ]
