"""The permissions boundary: the most that any role made by a stack can ever do.

A boundary grants nothing. It is written for the day CI is taken over: whoever holds the deploy
role can give a new role any policy, but never more than this. So it lists what the components
need, service by service, and IAM, the way up, action by action; what is not listed is refused.

Only CI's own roles write other roles, take other roles or touch the state, and no role at all
writes those. So a role that CI has made cannot make another one, nor reach the state or the
cluster of another team. What remains are the services: it can read what another team of the same
account keeps in them, if that team's own policies do not refuse it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from infra.bootstrap import boundary_actions as actions
from infra.bootstrap.documents import Document, Statement, document, listed, statements_of
from infra.bootstrap.names import CI_ROLE_PREFIX, KEY_ALIAS, ROLE_PATH, boundary_arn

_REGIONAL_SID = "RegionalServices"
_BUCKET_SID = "OnlyUseStateBuckets"
_KEY_SID = "OnlyUseStateKeys"
_REQUESTED_REGION = "aws:RequestedRegion"
_PRINCIPAL = "aws:PrincipalArn"


@dataclass(frozen=True)
class Scope:
    """What the boundary of an account knows about the account.

    An account has one boundary, and a state bucket in every region that was prepared. So what
    the boundary knew before stays, and each bootstrap adds to it.
    """

    buckets: tuple[str, ...] = ()
    """ARNs of the state buckets."""
    keys: tuple[str, ...] = ()
    """ARNs of their keys."""
    regions: tuple[str, ...] = ()
    """Regions the roles may work in; empty: all."""

    def including(self, bucket_arn: str, key_arn: str) -> "Scope":
        """Return the scope with one more state bucket and its key."""
        return replace(
            self,
            buckets=_sorted({*self.buckets, bucket_arn}),
            keys=_sorted({*self.keys, key_arn}),
        )


def scope_of(current: Document | None) -> Scope:
    """Read the scope back out of a boundary; what is not there counts as not said."""
    by_sid = {statement.get("Sid"): statement for statement in statements_of(current)}
    regions = by_sid.get(_REGIONAL_SID, {}).get("Condition", {}).get("StringEquals", {})
    return Scope(
        buckets=_sorted(
            arn for arn in _resources(by_sid.get(_BUCKET_SID)) if not arn.endswith("/*")
        ),
        keys=_sorted(arn for arn in _resources(by_sid.get(_KEY_SID)) if ":key/" in arn),
        regions=_sorted(listed(regions.get(_REQUESTED_REGION, []))),
    )


def ci_roles(account_id: str) -> str:
    """Return the pattern of the ARNs of CI's roles, which no other role matches."""
    return f"arn:aws:iam::{account_id}:role{ROLE_PATH}*/{CI_ROLE_PREFIX}*"


def boundary(account_id: str, scope: Scope) -> Document:
    """Return the permissions boundary of an account."""
    return document([*_allowed(account_id, scope.regions), *_denied(account_id, scope)])


def _allowed(account_id: str, regions: Sequence[str]) -> list[Statement]:
    iam = f"arn:aws:iam::{account_id}:"
    roles = f"{iam}role{ROLE_PATH}*"
    by_ci = {"ArnLike": {_PRINCIPAL: ci_roles(account_id)}}
    return [
        _statement(
            _REGIONAL_SID,
            [*(f"{service}:*" for service in actions.REGIONAL_SERVICES), *actions.LOAD_BALANCING],
            condition={"StringEquals": {_REQUESTED_REGION: list(regions)}} if regions else None,
        ),
        _statement("GlobalServices", actions.GLOBAL),
        _statement(
            "CiWritesRolesWithinThisBoundary",
            actions.WRITING_POLICIES,
            [roles],
            {"StringEquals": {"iam:PermissionsBoundary": boundary_arn(account_id)}, **by_ci},
        ),
        _statement("CiHandlesRoles", actions.HANDLING_ROLES, [roles], by_ci),
        _statement("ServicesGetRoles", ["iam:PassRole"], [roles]),
        _statement(
            "NodesGetTheirRole",
            ["iam:AddRoleToInstanceProfile"],
            [f"{iam}instance-profile/eks*"],
        ),
        _statement(
            "ServicesGetTheirOwnRoles",
            ["iam:CreateServiceLinkedRole"],
            [f"{iam}role/aws-service-role/*"],
            {"StringEquals": {"iam:AWSServiceName": list(actions.SERVICE_LINKED)}},
        ),
    ]


def _denied(account_id: str, scope: Scope) -> list[Statement]:
    objects = [f"{bucket}/*" for bucket in scope.buckets]
    return [
        # Old versions stay: whoever writes a broken state cannot take the good one away.
        _all_but(_BUCKET_SID, actions.USING_STATE, [*scope.buckets, *objects]),
        _all_but(
            _KEY_SID, actions.USING_KEYS, [*scope.keys, f"arn:aws:kms:*:{account_id}:{KEY_ALIAS}"]
        ),
        _deny(
            "OnlyCiUsesState",
            ["kms:*", "s3:*"],
            [*scope.buckets, *objects, *scope.keys],
            {"ArnNotLike": {_PRINCIPAL: ci_roles(account_id)}},
        ),
        _all_but("CiRolesStay", ["iam:Get*", "iam:List*"], [ci_roles(account_id)]),
        _deny("DataStays", actions.DESTROYING_DATA),
        _deny("NoNewWayIntoClusters", actions.ENTERING_CLUSTERS),
        _deny("SettingsOfTheAccountStay", actions.ACCOUNT_SETTINGS),
    ]


def _statement(
    sid: str,
    names: Sequence[str],
    resources: Sequence[str] = ("*",),
    condition: Mapping[str, Any] | None = None,
) -> Statement:
    statement: dict[str, Any] = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": list(names),
        "Resource": list(resources),
    }
    return {**statement, "Condition": condition} if condition else statement


def _deny(
    sid: str,
    names: Sequence[str],
    resources: Sequence[str] = ("*",),
    condition: Mapping[str, Any] | None = None,
) -> Statement:
    return {**_statement(sid, names, resources, condition), "Effect": "Deny"}


def _all_but(sid: str, names: Sequence[str], resources: Sequence[str]) -> Statement:
    """Deny everything but these actions."""
    return {
        "Sid": sid,
        "Effect": "Deny",
        "NotAction": list(names),
        "Resource": list(resources),
    }


def _resources(statement: Statement | None) -> list[str]:
    return listed((statement or {}).get("Resource", []))


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(values))
