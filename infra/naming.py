"""Physical names that outsiders must know; all others AWS and Kubernetes may choose.

Pure functions of team and stage. The longest name of a team decides how long a team's name may be;
a test tries the longest against the limits of AWS, PostgreSQL and Kubernetes.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """Names of one team's environment in one stage."""

    team: str
    stage: str

    @property
    def environment(self) -> str:
        """What people call it: the name of the stack."""
        return f"{self.team}-{self.stage}"

    @property
    def cluster(self) -> str:
        """The EKS cluster; its log group carries the name."""
        return self.environment

    @property
    def database_server(self) -> str:
        """The RDS instance; its log groups carry the name."""
        return f"{self.environment}-registry"

    @property
    def database(self) -> str:
        """The team's database on that server, and the role that owns it."""
        return self.environment.replace("-", "_")

    @property
    def namespace(self) -> str:
        """The team's namespace; it tells the stage, so that a wrong context shows."""
        return self.environment

    @property
    def platform_key_alias(self) -> str:
        """Alias of the key for cluster, database, logs and alerts; without `alias/`."""
        return f"mlops/{self.environment}/platform"

    @property
    def environment_key_alias(self) -> str:
        """Alias of the key for the team's data; without `alias/`."""
        return f"mlops/{self.environment}/team"

    @property
    def log_group_prefix(self) -> str:
        """Start of log group names; no slash at the end."""
        return f"/mlops/{self.stage}/{self.team}"

    def role_path(self, below: str) -> str:
        """Path of every IAM role: a boundary or a policy can name them all by it.

        `below` is the path under which the roles of all environments lie, with both slashes.
        """
        return f"{below}{self.stage}/{self.team}/"

    @property
    def developer_group(self) -> str:
        """Kubernetes group that may run workloads in the namespace."""
        return f"{self.environment}:developers"

    @property
    def viewer_group(self) -> str:
        """Kubernetes group that may look into the namespace."""
        return f"{self.environment}:viewers"
