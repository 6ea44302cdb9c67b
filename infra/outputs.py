"""Everything a stack exports: the contract with other stacks, CI and people."""

import pulumi

from infra.config import immutable
from infra.config.load import StackConfig
from infra.config.model import Platform, WithTeam
from infra.ground import CONNECTION_OUTPUT, KUBECONFIG_OUTPUT, Ground
from infra.providers import Providers
from mlops.environment import Environment
from mlops.platform_team import PlatformTeam

Exports = dict[str, pulumi.Input[object]]


def export_environment(
    settings: WithTeam, providers: Providers, platform: Ground, environment: Environment
) -> None:
    """Export what a team and its pipelines need to know."""
    _export(
        {
            "mlflowTrackingUri": environment.tracking_uri,
            "artifactBucket": environment.artifact_bucket_name,
            "namespace": environment.namespace,
            **_of_platform(platform),
            "ciRoleArns": {
                "preview": environment.preview_role_arn,
                "deploy": environment.deploy_role_arn,
            },
            "nextSteps": _next_steps(
                providers,
                platform,
                inside=pulumi.Output.concat(
                    "See what runs: kubectl get all --namespace ", environment.namespace
                ),
                outside=[
                    pulumi.Output.concat(
                        "Open MLflow: kubectl port-forward --namespace ",
                        environment.namespace,
                        " service/",
                        environment.tracking_service_name,
                        " 5000, then http://localhost:5000",
                    ),
                    *_trust_ci(settings, environment.preview_role_arn, environment.deploy_role_arn),
                ],
            ),
        }
    )


def export_platform(
    settings: Platform, providers: Providers, platform: Ground, team: PlatformTeam
) -> None:
    """Export what the stacks of teams, and whoever runs the platform, need to know."""
    name = f"{settings.name}-{settings.stage.value}"
    _export(
        {
            **_of_platform(platform),
            CONNECTION_OUTPUT: {
                **platform.connection,
                "github_identity_provider_arn": team.oidc_provider_arn,
            },
            "ciRoleArns": {"preview": team.preview_role_arn, "deploy": team.deploy_role_arn},
            "nextSteps": _next_steps(
                providers,
                platform,
                inside=f"Let a team in: a stack file with tenancy: shared and platform: {name}",
                outside=_trust_ci(settings, team.preview_role_arn, team.deploy_role_arn),
            ),
        }
    )


def export_immutable(config: StackConfig) -> None:
    """Export what must not change from now on; the next run reads it."""
    _export({immutable.OUTPUT: config.immutable})


def _export(exports: Exports) -> None:
    for name, value in exports.items():
        pulumi.export(name, value)


def _of_platform(platform: Ground) -> Exports:
    told = platform.connection
    return {
        "registryDatabaseEndpoint": pulumi.Output.format(
            "{}:{}", told["database_host"], told["database_port"]
        ),
        "registrySecretArn": told["database_master_secret_arn"],
        "clusterName": told["cluster_name"],
        KUBECONFIG_OUTPUT: platform.kubeconfig,
        "prometheusEndpoint": told["metrics_endpoint"],
        "alertsTopicArn": told["alert_topic_arn"],
        "vpcId": told["vpc_id"],
    }


def _next_steps(
    providers: Providers,
    platform: Ground,
    *,
    inside: pulumi.Input[str],
    outside: list[pulumi.Input[str]],
) -> list[pulumi.Input[str]]:
    """Return what can be done now, one sentence or command each."""
    reach = [_connect(providers, platform), inside]
    if providers.in_sandbox:
        # No container answers there, no mail arrives, and nobody pays.
        return [*reach, "Remove all of it: make down"]
    return [*reach, *outside]


def _connect(providers: Providers, platform: Ground) -> pulumi.Output[str]:
    return pulumi.Output.concat(
        "Let kubectl reach the cluster: ",
        providers.connect_command(
            platform.connection["cluster_name"], platform.connection["cluster_admin_role_arn"]
        ),
    )


def _trust_ci(
    settings: WithTeam | Platform, preview: pulumi.Output[str], deploy: pulumi.Output[str]
) -> list[pulumi.Input[str]]:
    """Return what is left to do outside, once."""
    return [
        pulumi.Output.concat(
            f"Let the workflows of {settings.ci.github.repository} assume ",
            preview,
            f" on pull requests, and in jobs with `environment: {settings.stage.value}` ",
            deploy,
        ),
        "Confirm the mail AWS sent to every address that is to hear of alarms",
        "Once per paying account, let costs be told by environment: aws ce "
        "update-cost-allocation-tags-status --cost-allocation-tags-status "
        "TagKey=environment,Status=Active",
    ]
