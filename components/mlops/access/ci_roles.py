"""The two roles a team's CI works with: one that looks, one that changes."""

from dataclasses import dataclass
from functools import partial
from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import eks, iam

from mlops.access.ci_names import ci_role_name, preview_group
from mlops.access.ci_policies import (
    DeployScope,
    Policies,
    deploy_policies,
    preview_policies,
)
from mlops.access.github_trust import AUDIENCE, ISSUER, Repository, deploy_trust, preview_trust
from mlops.access.grants import document
from mlops.access.trust import DEFAULT_ROLE_PATH, Statement, trust

# Longer than the longest update: a session that ends in the middle leaves resources half made.
DEPLOY_SESSION_SECONDS = 4 * 3600
PREVIEW_SESSION_SECONDS = 3600


class StateStoreArgs(TypedDict):
    """Where the stack's state lies, when that is an S3 bucket."""

    bucket_arn: pulumi.Input[str]
    """Bucket that `pulumi login` names."""
    key_arn: pulumi.Input[str]
    """Key that encrypts the bucket and the secrets in the state."""
    project: NotRequired[str]
    """Pulumi project. Default `mlops`."""


class CiRolesArgs(TypedDict):
    """Whose CI it is and what it works on."""

    team: str
    """Team; with the stage it names the roles and the tags of what they may change."""
    stage: str
    """Stage, and the GitHub deployment environment whose jobs may change it."""
    account_id: str
    """Account the environment lives in."""
    region: str
    """Region the environment lives in."""
    github_repository: str
    """Repository, `owner/name`."""
    github_repository_id: str
    """The repository's number, which no other repository ever gets."""
    github_owner_id: NotRequired[str]
    """The owner's number; narrows the trusted subjects further. Default: not checked."""
    deploys: NotRequired[DeployScope]
    """How far the power of the deploy role goes. Default `stack`."""
    bucket_arn: NotRequired[pulumi.Input[str]]
    """Artifact bucket; `stack` needs it."""
    kms_key_arn: pulumi.Input[str]
    """Key of the stack."""
    owns_key: NotRequired[bool]
    """Whether the stack made that key, so that the deploy role may tag it. Default true."""
    cluster_name: pulumi.Input[str]
    """Cluster the team works in."""
    cluster_admin_role_arn: pulumi.Input[str]
    """Role that the kubeconfig takes; deploying takes it too."""
    deploy_group: NotRequired[str]
    """Kubernetes group of the deploy role; `namespace` needs it."""
    oidc_provider_arn: NotRequired[pulumi.Input[str]]
    """The account's identity provider for GitHub. Default: it is made here; an account can have
    only one, so give it where another stack or the account's bootstrap has made it."""
    state_store: NotRequired[StateStoreArgs]
    """State bucket, of which the roles get the stack's part. Default: no access, for a state
    kept elsewhere."""
    role_path: NotRequired[str]
    """IAM path of the roles, and of the roles they may handle. Default `/mlops/`."""
    permissions_boundary_arn: NotRequired[pulumi.Input[str]]
    """Policy that bounds both roles and every role they make. Without one the deploy role
    cannot make or change roles, because nothing would limit what it gives them."""


@dataclass(frozen=True)
class _Power:
    """One role: what it is called, who takes it for how long, and what it may do."""

    name: str
    trusted: Statement
    session_seconds: int
    policies: Policies


class CiRoles(pulumi.ComponentResource):
    """GitHub workflows become AWS roles without a stored credential.

    `preview` is for every branch and pull request: it reads configuration, takes the stack's
    lock, and sees no data, log line or secret value. `deploy` is for jobs in the deployment
    environment named like the stage; `mlops.access.deploy_permissions` says what it may do.
    """

    preview_role_arn: pulumi.Output[str]
    """Role for pull requests, known once it has its permissions."""
    deploy_role_arn: pulumi.Output[str]
    """Role for jobs in the deployment environment, known once it has its permissions."""
    oidc_provider_arn: pulumi.Output[str]
    """The account's identity provider for GitHub."""

    def __init__(
        self, name: str, args: CiRolesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        repository = Repository(
            args["github_repository"],
            args["github_repository_id"],
            args.get("github_owner_id", ""),
        )
        super().__init__("mlops:index:CiRoles", name, {**args}, opts)
        scope = args.get("deploys", DeployScope.STACK)
        self.oidc_provider_arn = self._identity_provider(name, args)
        values = _values(args, self.oidc_provider_arn)

        preview, previews = self._role(
            name,
            args,
            _Power(
                "preview",
                preview_trust(self.oidc_provider_arn, repository),
                PREVIEW_SESSION_SECONDS,
                preview_policies(scope, with_state="state_store" in args),
            ),
            values,
        )
        eks.AccessEntry(
            f"{name}-preview-entry",
            cluster_name=args["cluster_name"],
            principal_arn=preview.arn,
            # Only a group: `mlops.access.preview_access` says what it may read.
            kubernetes_groups=[preview_group(args["team"], args["stage"])],
            type="STANDARD",
            opts=pulumi.ResourceOptions(parent=self),
        )
        deploy, deploys = self._role(
            name,
            args,
            _Power(
                "deploy",
                deploy_trust(self.oidc_provider_arn, repository, args["stage"]),
                DEPLOY_SESSION_SECONDS,
                deploy_policies(
                    scope,
                    with_state="state_store" in args,
                    with_roles="permissions_boundary_arn" in args,
                    with_key=args.get("owns_key", True),
                ),
            ),
            values,
        )
        if scope is DeployScope.NAMESPACE:
            eks.AccessEntry(
                f"{name}-deploy-entry",
                cluster_name=args["cluster_name"],
                principal_arn=deploy.arn,
                kubernetes_groups=[args["deploy_group"]],
                type="STANDARD",
                opts=pulumi.ResourceOptions(parent=self),
            )

        self.preview_role_arn = _once_attached(preview, previews)
        self.deploy_role_arn = _once_attached(deploy, deploys)
        self.register_outputs(
            {
                "previewRoleArn": self.preview_role_arn,
                "deployRoleArn": self.deploy_role_arn,
                "oidcProviderArn": self.oidc_provider_arn,
            }
        )

    def _identity_provider(self, name: str, args: CiRolesArgs) -> pulumi.Output[str]:
        given = args.get("oidc_provider_arn")
        if given is not None:
            return pulumi.Output.from_input(given)
        return iam.OpenIdConnectProvider(
            f"{name}-github",
            url=f"https://{ISSUER}",
            client_id_lists=[AUDIENCE],
            opts=pulumi.ResourceOptions(parent=self),
        ).arn

    def _role(
        self,
        name: str,
        args: CiRolesArgs,
        power: _Power,
        values: pulumi.Output[dict[str, str]],
    ) -> tuple[iam.Role, list[iam.RolePolicyAttachment]]:
        path = args.get("role_path", DEFAULT_ROLE_PATH)
        physical = ci_role_name(args["team"], args["stage"], power.name)
        prefix = f"{name}-{power.name}"
        child = pulumi.ResourceOptions(parent=self)
        role = iam.Role(
            f"{prefix}-role",
            name=physical,
            description=f"CI of {args['github_repository']}: {power.name} {args['stage']}",
            path=path,
            permissions_boundary=args.get("permissions_boundary_arn"),
            assume_role_policy=trust(power.trusted),
            max_session_duration=power.session_seconds,
            opts=child,
        )
        attachments = []
        for part, grants in power.policies.items():
            policy = iam.Policy(
                f"{prefix}-{part}-policy",
                name=f"{physical}-{part}",
                path=path,
                policy=values.apply(partial(document, grants)),
                opts=child,
            )
            attachments.append(
                iam.RolePolicyAttachment(
                    f"{prefix}-{part}", role=role.name, policy_arn=policy.arn, opts=child
                )
            )
        return role, attachments


def _values(
    args: CiRolesArgs, identity_provider: pulumi.Output[str]
) -> pulumi.Output[dict[str, str]]:
    """Every placeholder of the permission tables."""
    team, stage = args["team"], args["stage"]
    known = {
        "account": args["account_id"],
        "region": args["region"],
        "team": team,
        "stage": stage,
        "stack": f"{team}-{stage}",
        "role_path": args.get("role_path", DEFAULT_ROLE_PATH),
        "ci_prefix": ci_role_name(team, stage, "").rstrip("-"),
        "cluster": args["cluster_name"],
        "cluster_admin_role": args["cluster_admin_role_arn"],
        "key": args["kms_key_arn"],
        "identity_provider": identity_provider,
    }
    if "bucket_arn" in args:
        known["bucket"] = args["bucket_arn"]
    boundary, state = args.get("permissions_boundary_arn"), args.get("state_store")
    if boundary is not None:
        known["boundary"] = boundary
    if state is not None:
        known["state_bucket"] = state["bucket_arn"]
        known["state_key"] = state["key_arn"]
        known["project"] = state.get("project", "mlops")
    return pulumi.Output.all(**known)


def _once_attached(
    role: iam.Role, attachments: list[iam.RolePolicyAttachment]
) -> pulumi.Output[str]:
    ids = [attachment.id for attachment in attachments]
    return pulumi.Output.all(role.arn, *ids).apply(lambda known: str(known[0]))
