"""The team that runs a shared platform: its CI roles and its budget."""

from typing import NotRequired, TypedDict

import pulumi

from mlops.access.ci_names import preview_group
from mlops.access.ci_policies import DeployScope
from mlops.access.ci_roles import CiRoles
from mlops.access.preview_access import PreviewAccess
from mlops.observability.budget import Budget
from mlops.settings import CiSettings, PlatformConnection, RoleSettings


class PlatformTeamArgs(TypedDict):
    """Whose platform it is."""

    name: str
    """Name of the platform, which stands for its team."""
    stage: str
    """`dev`, `stage` or `prod`."""
    account_id: str
    """Account of the platform."""
    region: str
    """Region of the platform."""
    platform: PlatformConnection
    """The platform."""
    ci: CiSettings
    """The repository of the stack files."""
    monthly_usd: int
    """Budget in US dollars for a calendar month."""
    budget_emails: list[str]
    """Addresses the budget warns."""
    role_path: str
    """IAM path of every role made here."""
    permissions_boundary_arn: NotRequired[pulumi.Input[str]]
    """Policy that bounds every role made here. Default: none."""


class PlatformTeam(pulumi.ComponentResource):
    """CI roles that change the platform, and a budget over what it costs without its teams."""

    preview_role_arn: pulumi.Output[str]
    """Role for pull requests."""
    deploy_role_arn: pulumi.Output[str]
    """Role for deployments."""
    oidc_provider_arn: pulumi.Output[str]
    """The account's identity provider for GitHub, for the teams on this platform."""

    def __init__(
        self, name: str, args: PlatformTeamArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mlops:index:PlatformTeam", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args["platform"]
        roles = RoleSettings(role_path=args["role_path"])
        if "permissions_boundary_arn" in args:
            roles["permissions_boundary_arn"] = args["permissions_boundary_arn"]

        ci = CiRoles(
            f"{name}-ci",
            {
                **args["ci"],
                **roles,
                "deploys": DeployScope.PLATFORM,
                "team": args["name"],
                "stage": args["stage"],
                "account_id": args["account_id"],
                "region": args["region"],
                "kms_key_arn": platform["kms_key_arn"],
                "cluster_name": platform["cluster_name"],
                "cluster_admin_role_arn": platform["cluster_admin_role_arn"],
            },
            child,
        )
        PreviewAccess(
            f"{name}-preview",
            {"group": preview_group(args["name"], args["stage"]), "namespaces": {}},
            child,
        )
        Budget(
            f"{name}-budget",
            {
                "team": args["name"],
                "stage": args["stage"],
                "monthly_usd": args["monthly_usd"],
                "emails": args["budget_emails"],
                "topic_arn": platform["alert_topic_arn"],
                "cost_tag_key": "environment",
                "cost_tag_value": f"{args['name']}-{args['stage']}",
            },
            child,
        )

        self.preview_role_arn = ci.preview_role_arn
        self.deploy_role_arn = ci.deploy_role_arn
        self.oidc_provider_arn = ci.oidc_provider_arn
        self.register_outputs(
            {
                "previewRoleArn": self.preview_role_arn,
                "deployRoleArn": self.deploy_role_arn,
                "oidcProviderArn": self.oidc_provider_arn,
            }
        )
