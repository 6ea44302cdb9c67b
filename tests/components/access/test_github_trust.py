"""Which GitHub tokens become which role: every claim that must count is turned once."""

import json

import pulumi
import pytest

from mlops.access.github_trust import Repository, deploy_trust, preview_trust
from mlops.access.trust import Statement, trust
from tests.components.access.policy_evaluator import trusts
from tests.conftest import Deploy

PROVIDER = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
REPOSITORY = Repository("example/fraud-models", "123456789")
WITH_OWNER = Repository("example/fraud-models", "123456789", "42")
CLAIMS = {"aud": "sts.amazonaws.com", "repository_id": "123456789"}
OLD, AT, DASH = (
    "repo:example/fraud-models",
    "repo:example@42/fraud-models@123456789",
    "repo:example-42/fraud-models-123456789",
)
IN_DEV = {**CLAIMS, "environment": "dev"}

# (what the token says, previews, deploys)
TOKENS = [
    ({**CLAIMS, "sub": f"{OLD}:pull_request"}, True, False),
    ({**CLAIMS, "sub": f"{OLD}:ref:refs/heads/main"}, True, False),
    ({**CLAIMS, "sub": f"{OLD}:ref:refs/tags/v1"}, True, False),
    ({**CLAIMS, "sub": f"{AT}:pull_request"}, True, False),
    ({**CLAIMS, "sub": f"{DASH}:ref:refs/heads/main"}, True, False),
    ({**IN_DEV, "sub": f"{OLD}:environment:dev"}, False, True),
    ({**IN_DEV, "sub": f"{AT}:environment:dev"}, False, True),
    ({**IN_DEV, "sub": f"{DASH}:environment:dev"}, False, True),
    # Another stage of the same repository.
    ({**CLAIMS, "environment": "prod", "sub": f"{OLD}:environment:prod"}, False, False),
    ({**CLAIMS, "environment": "dev-2", "sub": f"{OLD}:environment:dev-2"}, False, False),
    # The subject and the claim must agree.
    ({**IN_DEV, "sub": f"{OLD}:pull_request"}, True, False),
    ({**CLAIMS, "environment": "prod", "sub": f"{OLD}:environment:dev"}, False, False),
    ({**CLAIMS, "sub": f"{OLD}:environment:dev"}, False, False),
    # Another repository: a fork, one with a longer name, one that took over the name.
    ({**IN_DEV, "repository_id": "5", "sub": f"{OLD}:environment:dev"}, False, False),
    ({**CLAIMS, "repository_id": "5", "sub": f"{OLD}:pull_request"}, False, False),
    ({**CLAIMS, "sub": "repo:evil/fraud-models:pull_request"}, False, False),
    ({**CLAIMS, "sub": "repo:example/fraud-models-evil:pull_request"}, False, False),
    ({**IN_DEV, "sub": "repo:example@42/fraud-models@5:environment:dev"}, False, False),
    # Claims that are absent, or meant for somebody else.
    ({"aud": CLAIMS["aud"], "sub": f"{OLD}:pull_request"}, False, False),
    ({"repository_id": "123456789", "sub": f"{OLD}:pull_request"}, False, False),
    ({**CLAIMS, "aud": "https://github.com/example", "sub": f"{OLD}:pull_request"}, False, False),
    (IN_DEV, False, False),
    ({}, False, False),
]


def written(deploy: Deploy, statement: Statement) -> str:
    policy: str = deploy(lambda: pulumi.export("trust", trust(statement))).outputs["trust"]
    return policy


def admits(policy: str, claims: dict[str, str], provider: str = PROVIDER) -> bool:
    context = {f"token.actions.githubusercontent.com:{k}": v for k, v in claims.items()}
    return trusts(policy, provider, "sts:AssumeRoleWithWebIdentity", context)


@pytest.mark.parametrize("repository", [REPOSITORY, WITH_OWNER], ids=["by-id", "with-owner"])
@pytest.mark.parametrize(("claims", "previews", "deploys"), TOKENS)
def test_a_token_becomes_the_role_it_may(
    deploy: Deploy, repository: Repository, claims: dict[str, str], previews: bool, deploys: bool
) -> None:
    assert admits(written(deploy, preview_trust(PROVIDER, repository)), claims) is previews
    assert admits(written(deploy, deploy_trust(PROVIDER, repository, "dev")), claims) is deploys


def test_a_known_owner_is_checked_too(deploy: Deploy) -> None:
    claims = {**IN_DEV, "sub": "repo:example@43/fraud-models@123456789:environment:dev"}
    assert admits(written(deploy, deploy_trust(PROVIDER, REPOSITORY, "dev")), claims)
    assert not admits(written(deploy, deploy_trust(PROVIDER, WITH_OWNER, "dev")), claims)


def test_another_identity_provider_is_not_trusted(deploy: Deploy) -> None:
    policy = written(deploy, deploy_trust(PROVIDER, REPOSITORY, "dev"))
    claims = {**IN_DEV, "sub": f"{OLD}:environment:dev"}
    assert admits(policy, claims)
    assert not admits(policy, claims, PROVIDER.replace("123456789012", "999999999999"))


def test_only_operators_that_fail_on_an_absent_claim_are_used(deploy: Deploy) -> None:
    for statement in (
        preview_trust(PROVIDER, WITH_OWNER),
        deploy_trust(PROVIDER, WITH_OWNER, "dev"),
    ):
        conditions = json.loads(written(deploy, statement))["Statement"][0]["Condition"]
        assert set(conditions) == {"StringEquals", "StringLike"}
        subjects = conditions["StringLike"]["token.actions.githubusercontent.com:sub"]
        assert all("*" not in subject.rpartition(":")[0] for subject in subjects)


@pytest.mark.parametrize("name", ["fraud-models", "example/", "*/*", "a/b/c", "example/fraud*"])
def test_a_repository_that_is_no_owner_and_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not of the form owner/name"):
        Repository(name, "1")


@pytest.mark.parametrize(("id_", "owner"), [("", "1"), ("CHANGEME", "1"), ("1", "x"), ("*", "")])
def test_an_id_that_is_no_number_is_refused(id_: str, owner: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        Repository("example/fraud-models", id_, owner)
