"""The bootstrap itself: look at everything, then settle one part after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from infra.aws.account import Account
from infra.bootstrap.boundary import Scope
from infra.bootstrap.boundary_policy import BoundaryPolicy
from infra.bootstrap.errors import BootstrapRefused
from infra.bootstrap.identity_provider import IdentityProvider
from infra.bootstrap.instructions import Prepared
from infra.bootstrap.names import KEY_ALIAS, bucket_arn, default_bucket
from infra.bootstrap.state_bucket import StateBucket
from infra.bootstrap.state_key import StateKey
from infra.bootstrap.steps import OnStep, settle


@dataclass(frozen=True)
class Wishes:
    """What the caller decides."""

    bucket: str = ""
    """Name of the state bucket; empty: `mlops-state-<account>-<region>`."""
    adopt_bucket: bool = False
    """Take a bucket of this account although it does not carry our tag."""
    allowed_regions: Sequence[str] | None = None
    """Regions that roles may work in; none in the list: all; None: as the boundary says now."""
    dry_run: bool = False


def bootstrap(account: Account, wishes: Wishes, on_step: OnStep) -> Prepared:
    """Prepare the account, telling `on_step` what became of each part.

    Nothing is changed before everything was looked at. Raises BootstrapRefused where a person
    must decide, and what boto3 raises; either way what was done stays, and another run goes on.
    """
    bucket = wishes.bucket or default_bucket(account.id, account.region)
    key = StateKey(account)
    state = StateBucket(account, bucket, adopt=wishes.adopt_bucket)
    provider = IdentityProvider(account)
    policy = BoundaryPolicy(account)
    scope = _with_regions(policy.scope, wishes.allowed_regions, account.region)

    settle_next = partial(settle, dry_run=wishes.dry_run, on_step=on_step)
    settle_next(key.part())
    settle_next(state.part(key.arn))
    settle_next(provider.part())
    settle_next(policy.part(scope.including(bucket_arn(bucket), key.arn)))
    return Prepared(
        bucket=bucket,
        bucket_arn=bucket_arn(bucket),
        key_alias=KEY_ALIAS,
        key_arn=key.arn,
        oidc_provider_arn=provider.arn,
        permissions_boundary_arn=policy.arn,
    )


def _with_regions(scope: Scope, wished: Sequence[str] | None, region: str) -> Scope:
    regions = scope.regions if wished is None else tuple(sorted(wished))
    if regions and region not in regions:
        raise BootstrapRefused(
            f"The permissions boundary lets roles work in {', '.join(regions)} only, so they "
            f"would not reach a state bucket in {region}. Give every region with "
            "--allowed-region, or `--allowed-region all`."
        )
    return replace(scope, regions=regions)
