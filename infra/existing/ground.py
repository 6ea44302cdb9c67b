"""What of a platform is there already."""

from infra.config.model import WithPlatform
from infra.existing.database import database_of
from infra.existing.network import network_of
from infra.providers import Providers
from mlops.settings import DatabaseConnection, NetworkConnection


def existing(
    settings: WithPlatform, providers: Providers
) -> tuple[NetworkConnection | None, DatabaseConnection | None]:
    """Return network and database that a stack file names, as AWS knows them."""
    network, database = settings.network.existing, settings.registry.existing
    if network is None:  # then there is no database either: see `infra.config.rules`
        return None, None
    found = network_of(network, providers)
    if database is None:
        return found, None
    return found, database_of(database, settings.stage, network.vpc_id, providers)
