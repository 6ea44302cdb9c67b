"""Names of the CI roles, known before the roles exist: workflows and clusters write them down."""


def ci_role_name(team: str, stage: str, power: str) -> str:
    """Physical name of a CI role; `power` is `preview` or `deploy`."""
    return f"mlops-{team}-{stage}-{power}"


def deploy_role_arn(account_id: str, role_path: str, team: str, stage: str) -> str:
    """ARN the deploy role will have, for a cluster that must name it before it exists."""
    return f"arn:aws:iam::{account_id}:role{role_path}{ci_role_name(team, stage, 'deploy')}"


def preview_group(team: str, stage: str) -> str:
    """Kubernetes group of the preview role, which its access entry names and roles are bound to."""
    return f"{team}-{stage}:preview"
