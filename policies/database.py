"""Registry databases."""

from collections.abc import Iterator

from policies.rule import UNKNOWN, Resource, ResourceRule, Severity, differs, missing, read

INSTANCE = ("aws:rds/instance:Instance",)


def _encrypted(instance: Resource) -> Iterator[str]:
    if differs(instance.props, "storageEncrypted", wanted=True):
        yield "storageEncrypted is not true; AWS cannot add it later"
    if missing(instance.props, "kmsKeyId"):
        yield "kmsKeyId names no key of its own"


def _private(instance: Resource) -> Iterator[str]:
    if differs(instance.props, "publiclyAccessible", wanted=False):
        yield "publiclyAccessible is not false"


def _managed_password(instance: Resource) -> Iterator[str]:
    if differs(instance.props, "manageMasterUserPassword", wanted=True):
        yield "manageMasterUserPassword is not true"
    if not missing(instance.props, "password"):
        yield "password is set, so it lies in the state"


def _backed_up(instance: Resource) -> Iterator[str]:
    days = read(instance.props, "backupRetentionPeriod", default=0)
    if days is not UNKNOWN and days < 1:
        yield "backupRetentionPeriod is 0 or not set, so there is no point-in-time recovery"


RULES = (
    ResourceRule(
        id="database-storage-encrypted",
        title="A database keeps its storage encrypted with a customer-managed key.",
        fix="Set storageEncrypted to true and kmsKeyId to the environment's key.",
        severity=Severity.HIGH,
        types=INSTANCE,
        check=_encrypted,
    ),
    ResourceRule(
        id="database-not-public",
        title="A database has no public address.",
        fix="Set publiclyAccessible to false.",
        severity=Severity.CRITICAL,
        types=INSTANCE,
        check=_private,
    ),
    ResourceRule(
        id="database-password-managed",
        title="AWS makes and rotates the master password; it never enters the state.",
        fix="Set manageMasterUserPassword to true and remove password.",
        severity=Severity.CRITICAL,
        types=INSTANCE,
        check=_managed_password,
    ),
    ResourceRule(
        id="database-backed-up",
        title="A database can be restored to a point in time.",
        fix="Set backupRetentionPeriod to at least 1 day.",
        severity=Severity.HIGH,
        types=INSTANCE,
        check=_backed_up,
    ),
)
