"""Which GitHub workflows may take a role."""

import re
from dataclasses import dataclass

import pulumi

from mlops.access.trust import Statement

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
# GitHub appends immutable ids to the names since 2026. Its reference shows the first mark, its
# announcement the second.
ID_MARKS = ("@", "-")


@dataclass(frozen=True)
class Repository:
    """One repository, by name and by the id that survives renaming."""

    full_name: str
    """`owner/name`."""
    id: str
    """Number from the repository's API page."""
    owner_id: str = ""
    """Number of the owner; empty when it is not known."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+", self.full_name):
            raise ValueError(
                f"the GitHub repository {self.full_name!r} is not of the form owner/name; "
                "give one such as example/fraud-models"
            )
        for what, number in (("repository", self.id), ("owner", self.owner_id or "0")):
            if not re.fullmatch(r"[0-9]+", number):
                raise ValueError(
                    f"the id {number!r} of the {what} of {self.full_name} is not a number; "
                    f"`gh api repos/{self.full_name}` shows it"
                )

    def subjects(self, *contexts: str) -> list[str]:
        """List what tokens from `contexts` have as subject, in every form GitHub writes.

        The owner's id may be unknown. The `*` in its place opens nothing, because the condition
        on `repository_id` stands beside it.
        """
        owner, name = self.full_name.split("/")
        owner_id = self.owner_id or "*"
        prefixes = [
            f"repo:{self.full_name}",
            *(f"repo:{owner}{mark}{owner_id}/{name}{mark}{self.id}" for mark in ID_MARKS),
        ]
        return [f"{prefix}:{context}" for prefix in prefixes for context in contexts]


def preview_trust(provider_arn: pulumi.Input[str], repository: Repository) -> Statement:
    """Every branch, tag and pull request of the repository: for a role that changes nothing."""
    return _workflows(provider_arn, repository, {}, ("pull_request", "ref:*"))


def deploy_trust(
    provider_arn: pulumi.Input[str], repository: Repository, environment: str
) -> Statement:
    """Only jobs that GitHub let into the deployment environment of this name."""
    claims = {"environment": environment}
    return _workflows(provider_arn, repository, claims, (f"environment:{environment}",))


def _workflows(
    provider_arn: pulumi.Input[str],
    repository: Repository,
    claims: dict[str, str],
    contexts: tuple[str, ...],
) -> Statement:
    exact = {"aud": AUDIENCE, "repository_id": repository.id, **claims}
    return {
        "Effect": "Allow",
        "Principal": {"Federated": provider_arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{ISSUER}:{claim}": value for claim, value in exact.items()},
            "StringLike": {f"{ISSUER}:sub": repository.subjects(*contexts)},
        },
    }
