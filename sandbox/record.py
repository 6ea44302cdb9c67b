"""What one command remembers for the next: the sandbox's processes and where they listen."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from sandbox.processes import ProcessIdentity


@dataclass
class Record:
    """The contents of `record.json`; every change is written at once, a crash loses nothing."""

    path: Path
    processes: dict[str, ProcessIdentity] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> "Record":
        """Read what is remembered; nothing of it, if there is no file or only half of one."""
        try:
            stored = json.loads(path.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return cls(path)
        processes = {key: ProcessIdentity(**value) for key, value in stored["processes"].items()}
        return cls(path, processes, stored["ports"])

    def remember(self, process: ProcessIdentity, port: int | None = None) -> None:
        """Keep a process, and where it listens, under its name."""
        self.processes[process.name] = process
        if port is not None:
            self.ports[process.name] = port
        self._save()

    def forget(self, name: str) -> None:
        """Drop a process and its port."""
        self.processes.pop(name, None)
        self.ports.pop(name, None)
        self._save()

    def running(self, name: str) -> psutil.Process | None:
        """Return the process of this name if it is remembered and still there."""
        known = self.processes.get(name)
        return known.running() if known else None

    def _save(self) -> None:
        stored = {
            "processes": {key: asdict(value) for key, value in self.processes.items()},
            "ports": self.ports,
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps(stored, indent=2))
        draft.replace(self.path)
