"""IAM: what roles may do and who may take them."""

import json
from collections.abc import Iterator
from typing import Any

from policies.rule import UNKNOWN, Resource, ResourceRule, Severity, missing, read

POLICIES = (
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
)
TOO_POWERFUL = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")


def _statements(resource: Resource, key: str) -> list[dict[str, Any]]:
    document = read(resource.props, key, default="{}")
    if document is UNKNOWN:
        return []
    parsed = json.loads(document) if isinstance(document, str) else document
    statements = parsed.get("Statement", [])
    return [statements] if isinstance(statements, dict) else list(statements)


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _no_wildcard_action(policy: Resource) -> Iterator[str]:
    for statement in _statements(policy, "policy"):
        if statement.get("Effect") != "Allow":
            continue
        if "NotAction" in statement:
            yield "an Allow with NotAction grants everything not named"
        for action in _as_list(statement.get("Action", [])):
            if action == "*" or action.endswith(":*"):
                yield f"the action {action} is allowed as a whole"


def _no_user(resource: Resource) -> Iterator[str]:
    yield f"{resource.name} is a long-lived identity; people and CI take roles instead"


def _no_power_policy(attachment: Resource) -> Iterator[str]:
    arn = read(attachment.props, "policyArn", default="")
    if arn is not UNKNOWN and arn.rsplit("/", 1)[-1] in TOO_POWERFUL:
        yield f"{arn} is attached"


def _trust_is_bound(role: Resource) -> Iterator[str]:
    for statement in _statements(role, "assumeRolePolicy"):
        principal = statement.get("Principal", {})
        condition = statement.get("Condition", {})
        if principal == "*" or "*" in _as_list(_get(principal, "AWS")):
            yield "the role may be taken by any AWS account"
        if any(
            "oidc-provider/token.actions" in str(p) for p in _as_list(_get(principal, "Federated"))
        ):
            yield from _github_is_bound(condition)


def _github_is_bound(condition: dict[str, Any]) -> Iterator[str]:
    exact = {
        key.rsplit(":", 1)[-1]
        for key in condition.get("StringEquals", {})
        if key.startswith("token.actions.githubusercontent.com:")
    }
    if "aud" not in exact:
        yield "the GitHub trust does not pin the audience"
    if "repository_id" not in exact and "sub" not in exact:
        yield "the GitHub trust does not pin the repository by id or exact subject"
    for operator in condition:
        if operator.startswith("ForAllValues") or operator.endswith("IfExists"):
            yield f"the GitHub trust uses {operator}, which holds when the claim is absent"


def _get(mapping: Any, key: str) -> Any:
    return mapping.get(key, []) if isinstance(mapping, dict) else []


def _bounded(role: Resource) -> Iterator[str]:
    if missing(role.props, "path") or read(role.props, "path") == "/":
        yield "the role has no path, so nothing can be limited to the environment's roles"


RULES = (
    ResourceRule(
        id="identity-no-wildcard-action",
        title="No policy allows every action, or every action of a service.",
        fix="Name the actions that are needed.",
        severity=Severity.HIGH,
        types=POLICIES,
        check=_no_wildcard_action,
    ),
    ResourceRule(
        id="identity-no-user",
        title="There are no IAM users and no access keys.",
        fix="Use a role with OIDC, Pod Identity or IAM Identity Center.",
        severity=Severity.CRITICAL,
        types=("aws:iam/user:User", "aws:iam/accessKey:AccessKey"),
        check=_no_user,
    ),
    ResourceRule(
        id="identity-no-power-policy",
        title="No identity carries an administrator policy.",
        fix="Attach a policy with the actions that are needed.",
        severity=Severity.CRITICAL,
        types=(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "aws:iam/userPolicyAttachment:UserPolicyAttachment",
            "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
        ),
        check=_no_power_policy,
    ),
    ResourceRule(
        id="identity-trust-bound",
        title="A role names who may take it; a CI role names the repository.",
        fix="Pin audience and repository id with StringEquals; name accounts, never *.",
        severity=Severity.CRITICAL,
        types=("aws:iam/role:Role",),
        check=_trust_is_bound,
    ),
    ResourceRule(
        id="identity-role-under-path",
        title="Every role lies under the environment's own path.",
        fix="Set path to /mlops/<stage>/<team>/.",
        severity=Severity.MEDIUM,
        types=("aws:iam/role:Role",),
        check=_bounded,
    ),
)
