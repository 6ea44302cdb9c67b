"""Rules that look at several keys at once."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from infra.config.document import KeyPath


class Rule(NamedTuple):
    """One thing that must not be, told at the key that can be changed."""

    key: str
    beside: tuple[str, ...]
    """The other keys it looks at."""
    broken: Callable[..., bool]
    """Called with the values of key and beside; true if the rule is broken."""
    sentence: str


RULES = (
    Rule(
        "platform",
        ("stage",),
        lambda platform, stage: not platform.endswith(f"-{stage}"),
        "is a platform of another stage; stages share nothing, so name one of this stage",
    ),
    Rule(
        "artifacts.on_destroy",
        ("stage",),
        lambda on_destroy, stage: stage == "prod" and on_destroy == "delete",
        "is delete; in prod it must be retain, because models could not be restored",
    ),
    Rule(
        "registry.on_destroy",
        ("stage",),
        lambda on_destroy, stage: stage == "prod" and on_destroy == "delete",
        "is delete; in prod it must be retain, because runs and models could not be restored",
    ),
    Rule(
        "registry.multi_az",
        ("stage",),
        lambda multi_az, stage: stage == "prod" and not multi_az,
        "is false; in prod it must be true, or the failure of one zone stops the registry",
    ),
    Rule(
        "cluster.public_access_cidrs",
        ("stage",),
        lambda cidrs, stage: stage == "prod" and bool(cidrs),
        "is not empty; in prod the API server is reached from inside the network only",
    ),
    Rule(
        "artifacts.object_lock_days",
        ("artifacts.on_destroy",),
        lambda days, on_destroy: days > 0 and on_destroy == "delete",
        "is above 0, but artifacts.on_destroy is delete; locked objects cannot be deleted, so "
        "write retain there or 0 here",
    ),
    Rule(
        "quota.gpu",
        ("cluster.pools.gpu.gpu_limit",),
        lambda quota, limit: quota > limit,
        "is above cluster.pools.gpu.gpu_limit, so no node would come for it; raise the limit",
    ),
    Rule(
        "quota.cpu",
        ("cluster.pools.general.cpu_limit", "cluster.pools.spot.cpu_limit"),
        lambda quota, general, spot: quota > general + spot,
        "is above cluster.pools.general.cpu_limit and cluster.pools.spot.cpu_limit together, so "
        "no node would come for it; raise a limit",
    ),
    Rule(
        "registry.max_storage_gib",
        ("registry.storage_gib",),
        lambda maximum, storage: maximum * 10 < storage * 11,
        "is too close to registry.storage_gib; RDS wants it at least 10 % above",
    ),
    Rule(
        "members.viewer_role_arns",
        ("members.developer_role_arns",),
        lambda viewers, developers: bool(set(viewers) & set(developers)),
        "names a role of members.developer_role_arns; the cluster knows a role only once, and "
        "developers may look anyway",
    ),
    Rule(
        "network.existing",
        (),
        lambda network: (
            network is not None
            and any(
                len(set(subnets)) < len(subnets)
                for subnets in (network["private_subnet_ids"], network.get("database_subnet_ids"))
                if subnets
            )
        ),
        "names a subnet twice",
    ),
    Rule(
        "network.existing",
        ("registry.existing",),
        lambda network, database: (
            network is not None
            and database is not None
            and network.get("database_subnet_ids") is not None
        ),
        "names database_subnet_ids, but registry.existing brings a database; leave them out",
    ),
    Rule(
        "registry.existing",
        ("network.existing",),
        lambda database, network: database is not None and network is None,
        "brings a database, but the network is made here and reaches no other; name the "
        "database's VPC as network.existing",
    ),
    *(
        Rule(key, (), lambda entries: not entries, "is empty; write at least one")
        for key in (
            "cluster.pools.general.architectures",
            "cluster.pools.gpu.instance_families",
            "cluster.pools.spot.architectures",
        )
    ),
    *(
        Rule(key, (), lambda entries: len(set(entries)) < len(entries), "says the same twice")
        for key in (
            "cluster.pools.general.architectures",
            "cluster.pools.gpu.instance_families",
            "cluster.pools.spot.architectures",
            "members.developer_role_arns",
            "members.viewer_role_arns",
            "monitoring.alerts.emails",
        )
    ),
)


def broken_rules(values: Any, refused: set[KeyPath]) -> Iterator[tuple[KeyPath, str]]:
    """Yield key and sentence of each broken rule.

    Rules about refused keys are left out, and about keys that this kind of stack does not have.
    """
    for rule in RULES:
        paths = [tuple(key.split(".")) for key in (rule.key, *rule.beside)]
        if any(path[0] not in values for path in paths):
            continue
        if any(_overlap(path, bad) for path in paths for bad in refused):
            continue
        if rule.broken(*(_value(values, path) for path in paths)):
            yield paths[0], rule.sentence


def _overlap(one: KeyPath, other: KeyPath) -> bool:
    return all(mine == yours for mine, yours in zip(one, other, strict=False))


def _value(values: Any, path: KeyPath) -> Any:
    for name in path:
        values = values[name]
    return values
