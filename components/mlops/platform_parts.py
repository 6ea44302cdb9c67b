"""What the parts of a platform tell each other, in the words that fit a part that was there too."""

import pulumi

from mlops.network.network import Network
from mlops.settings import DatabaseConnection, DatabaseSettings, NetworkConnection
from mlops.storage.registry_database import RegistryDatabase


def network_connection(made: Network) -> NetworkConnection:
    """Return how a network that was made is used."""
    return {
        "vpc_id": made.vpc_id,
        "vpc_cidr": made.vpc_cidr,
        "private_subnet_ids": made.private_subnet_ids,
        "private_cidrs": made.private_cidrs,
        "database_subnet_ids": made.database_subnet_ids,
        "database_cidrs": made.database_cidrs,
    }


def database_connection(
    made: RegistryDatabase,
    settings: DatabaseSettings,
    cidrs: pulumi.Input[list[str]],
    key_arn: pulumi.Input[str],
) -> DatabaseConnection:
    """Return how a database that was made is used; it lies in `cidrs`, its secret under the key."""
    return {
        "host": made.endpoint_host,
        "port": made.port,
        "cidrs": cidrs,
        "master_secret_arn": made.master_secret_arn,
        "master_secret_key_arn": key_arn,
        "watched": {
            "instance_identifier": made.instance_identifier,
            "instance_class": settings["instance_class"],
            "storage_gib": settings["storage_gib"],
        },
    }
