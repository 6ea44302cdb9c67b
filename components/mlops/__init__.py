"""Components of a complete MLOps environment. This list is the published API."""

from mlops.access.ci_roles import CiRoles, CiRolesArgs
from mlops.access.preview_access import PreviewAccess, PreviewAccessArgs
from mlops.access.team_members import TeamMembers, TeamMembersArgs
from mlops.access.workload_identity import WorkloadIdentity, WorkloadIdentityArgs
from mlops.cluster.cluster import Cluster, ClusterArgs
from mlops.cluster.node_pools import NodePools, NodePoolsArgs
from mlops.environment import Environment, EnvironmentArgs
from mlops.network.network import Network, NetworkArgs
from mlops.observability.budget import Budget, BudgetArgs
from mlops.observability.monitoring import Monitoring, MonitoringArgs
from mlops.platform import Platform, PlatformArgs
from mlops.platform_services import PlatformServices, PlatformServicesArgs
from mlops.storage.artifact_store import ArtifactStore, ArtifactStoreArgs
from mlops.storage.encryption_key import EncryptionKey, EncryptionKeyArgs
from mlops.storage.registry_database import RegistryDatabase, RegistryDatabaseArgs
from mlops.tenancy.database_tenant import DatabaseTenant, DatabaseTenantArgs
from mlops.tenancy.team_space import TeamSpace, TeamSpaceArgs
from mlops.tracking.tracking_server import TrackingServer, TrackingServerArgs

__all__ = [
    "ArtifactStore",
    "ArtifactStoreArgs",
    "Budget",
    "BudgetArgs",
    "CiRoles",
    "CiRolesArgs",
    "Cluster",
    "ClusterArgs",
    "DatabaseTenant",
    "DatabaseTenantArgs",
    "EncryptionKey",
    "EncryptionKeyArgs",
    "Environment",
    "EnvironmentArgs",
    "Monitoring",
    "MonitoringArgs",
    "Network",
    "NetworkArgs",
    "NodePools",
    "NodePoolsArgs",
    "Platform",
    "PlatformArgs",
    "PlatformServices",
    "PlatformServicesArgs",
    "PreviewAccess",
    "PreviewAccessArgs",
    "RegistryDatabase",
    "RegistryDatabaseArgs",
    "TeamMembers",
    "TeamMembersArgs",
    "TeamSpace",
    "TeamSpaceArgs",
    "TrackingServer",
    "TrackingServerArgs",
    "WorkloadIdentity",
    "WorkloadIdentityArgs",
]
