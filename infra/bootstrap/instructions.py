"""What to do with a prepared account: commands to run and lines to write."""

from dataclasses import dataclass

from infra.bootstrap.names import KEY_ALIAS
from infra.config.document import OBJECT_KEYS


@dataclass(frozen=True)
class Prepared:
    """What stacks, their state and their CI find in the account."""

    bucket: str
    bucket_arn: str
    key_alias: str
    key_arn: str
    oidc_provider_arn: str
    permissions_boundary_arn: str


def next_commands(bucket: str, region: str) -> list[str]:
    """Return the commands that put the first stack's state into the bucket."""
    return [
        f"pulumi login 's3://{bucket}?region={region}'",
        f"pulumi stack init TEAM-STAGE --secrets-provider 'awskms://{KEY_ALIAS}?region={region}'",
    ]


def organisation_lines(prepared: Prepared) -> str:
    """Return `stacks/defaults.yaml` of an organisation whose stacks live in this account."""
    settings = f"""\
    iam:
      permissions_boundary_arn: {prepared.permissions_boundary_arn}
    ci:
      oidc_provider_arn: {prepared.oidc_provider_arn}
      state:
        bucket_arn: {prepared.bucket_arn}
        key_arn: {prepared.key_arn}
"""
    return "config:\n" + "".join(f"  {key}:\n{settings}" for key in OBJECT_KEYS)
