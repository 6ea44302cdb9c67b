"""Where everything of one sandbox stands: all of it in one directory, so that it goes as one."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent

DIRECTORY_VARIABLE = "MLOPS_SANDBOX_DIR"
"""Overrides the directory of the sandbox; two directories are two independent sandboxes."""

PROJECT_VARIABLE = "MLOPS_SANDBOX_PROJECT"
"""Overrides the directory of the Pulumi project that `up` runs."""

LONGEST_TEMPORARY_PATH = 70
"""A Unix socket's path has at most 104 bytes on some systems; plug-ins append about 30."""


@dataclass(frozen=True)
class Layout:
    """The paths of one sandbox."""

    root: Path
    """The directory that `down` removes."""
    project: Path
    """The Pulumi project that `up` runs: the directory of `Pulumi.yaml`."""

    @classmethod
    def find(cls, environment: Mapping[str, str] = os.environ) -> "Layout":
        """Return this repository's sandbox, or the one that the environment points to."""
        root = REPOSITORY / (environment.get(DIRECTORY_VARIABLE) or ".sandbox")
        project = REPOSITORY / (environment.get(PROJECT_VARIABLE) or ".")
        return cls(root=root.resolve(), project=project.resolve())

    @property
    def lock(self) -> Path:
        """Held while a command works on this sandbox."""
        return self.root / "lock"

    @property
    def owner(self) -> Path:
        """Who holds the lock, for the message to whoever else wants it."""
        return self.root / "owner.json"

    @property
    def record(self) -> Path:
        """Processes and ports, for the next command."""
        return self.root / "record.json"

    @property
    def target(self) -> Path:
        """What the program is told about the sandbox (`MLOPS_SANDBOX`)."""
        return self.root / "target.json"

    @property
    def kubeconfig(self) -> Path:
        """Administrator of the local control plane."""
        return self.root / "kubeconfig"

    @property
    def passphrase(self) -> Path:
        """Generated; encrypts the secrets in the local state."""
        return self.root / "passphrase"

    @property
    def state(self) -> Path:
        """The engine's file backend."""
        return self.root / "state"

    @property
    def engine_home(self) -> Path:
        """The engine's `PULUMI_HOME`."""
        return self.root / "pulumi"

    @property
    def engine_project(self) -> Path:
        """Stands for the project, so that the engine never writes into the committed one."""
        return self.root / "project"

    @property
    def plugins(self) -> Path:
        """Where the engine looks for installed plug-ins."""
        return self.engine_home / "plugins"

    @property
    def cluster(self) -> Path:
        """Certificates, data, process ids and logs of the control plane."""
        return self.root / "kwok"

    @property
    def logs(self) -> Path:
        """One log for each server."""
        return self.root / "logs"

    @property
    def home(self) -> Path:
        """The home directory of every child process: none reads or writes the user's own."""
        return self.root / "home"

    @property
    def temporary(self) -> Path | None:
        """Temporary files of every child; None where sockets could not have so long a path."""
        directory = self.root / "tmp"
        return directory if len(str(directory)) <= LONGEST_TEMPORARY_PATH else None

    def create(self) -> None:
        """Make the directories that others write into."""
        for directory in (self.state, self.plugins, self.logs, self.home):
            directory.mkdir(parents=True, exist_ok=True)
        if self.temporary:
            self.temporary.mkdir(exist_ok=True)
