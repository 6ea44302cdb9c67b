"""Choices a stack file offers."""

from enum import IntEnum, StrEnum


class Stage(StrEnum):
    """Selects the profile of defaults."""

    DEV = "dev"
    STAGE = "stage"
    PROD = "prod"


class Tenancy(StrEnum):
    """Whom network, cluster and database serve."""

    DEDICATED = "dedicated"
    """This stack alone: it makes them itself."""
    SHARED = "shared"
    """Several teams: the stack named by `platform` makes them."""


class Nat(StrEnum):
    """How private subnets reach the internet."""

    ONE = "one"
    """One gateway for all zones: cheap, and a zone's failure can cut off the others."""
    PER_ZONE = "per_zone"
    """One gateway per zone."""


class OnDestroy(StrEnum):
    """What `pulumi destroy` does with something that holds data."""

    DELETE = "delete"
    RETAIN = "retain"


class Architecture(StrEnum):
    """Processors of nodes; an image has to be built for the one it meets."""

    AMD64 = "amd64"
    ARM64 = "arm64"


class Consolidation(StrEnum):
    """When half-empty nodes are merged, which moves the pods on them."""

    ALWAYS = "always"
    OFF_HOURS = "off_hours"
    """Not from Monday to Friday between 6 and 20 o'clock UTC."""


class MajorUpgrade(StrEnum):
    """What another major version of PostgreSQL does to an existing database."""

    REFUSE = "refuse"
    NOW = "now"
    """It is upgraded at once, and stands still meanwhile."""


class LogRetentionDays(IntEnum):
    """The retention periods CloudWatch Logs knows, from a week on."""

    WEEK = 7
    TWO_WEEKS = 14
    MONTH = 30
    TWO_MONTHS = 60
    QUARTER = 90
    FOUR_MONTHS = 120
    FIVE_MONTHS = 150
    HALF_YEAR = 180
    YEAR = 365
    THIRTEEN_MONTHS = 400
    EIGHTEEN_MONTHS = 545
    TWO_YEARS = 731
