"""What the bootstrap's resources are called, and how they are recognised later."""

import re

MANAGED_BY = "mlops-bootstrap"
TAGS = {"managed-by": MANAGED_BY}

KEY_ALIAS = "alias/mlops-state"
BOUNDARY_NAME = "mlops-boundary"
ROLE_PATH = "/mlops/"
"""IAM path below which every role of the components lives."""
CI_ROLE_PREFIX = "mlops-"
"""Beginning of the names of CI's roles, and of no others below that path."""
GITHUB_ISSUER = "token.actions.githubusercontent.com"
GITHUB_AUDIENCE = "sts.amazonaws.com"

# Source: Amazon S3 user guide, "General purpose bucket naming rules". Dots are left out: the
# certificate of S3 does not cover names with dots.
_BUCKET = re.compile(r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_RESERVED_ENDS = ("-s3alias", "--ol-s3", "--x-s3", "--table-s3", "-an")


def default_bucket(account_id: str, region: str) -> str:
    """Return the name of the state bucket where none is given."""
    return f"mlops-state-{account_id}-{region}"


def is_bucket_name(name: str) -> bool:
    """Whether S3 takes this name for a bucket that is reached by TLS."""
    return bool(_BUCKET.fullmatch(name)) and not name.endswith(_RESERVED_ENDS)


def bucket_arn(bucket: str) -> str:
    """Return the ARN of a bucket."""
    return f"arn:aws:s3:::{bucket}"


def identity_provider_arn(account_id: str) -> str:
    """Return the ARN of the account's identity provider for GitHub."""
    return f"arn:aws:iam::{account_id}:oidc-provider/{GITHUB_ISSUER}"


def boundary_arn(account_id: str) -> str:
    """Return the ARN of the permissions boundary."""
    return f"arn:aws:iam::{account_id}:policy/{BOUNDARY_NAME}"
