"""Sandboxes that the tests bring up: through the command line, as a user does."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from kubernetes import client, config

from sandbox import processes
from sandbox.environment import MARKER
from sandbox.layout import DIRECTORY_VARIABLE, PROJECT_VARIABLE, REPOSITORY, Layout

STACK = "demo-dev"
UP_SECONDS = 900.0

Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class SandboxUnderTest:
    """One sandbox in a directory of its own; programs come from the common tool cache."""

    layout: Layout
    stack: str = STACK
    """The stack that the methods are about."""

    @classmethod
    def at(cls, root: Path, project: Path = REPOSITORY, stack: str = STACK) -> "SandboxUnderTest":
        """Return a sandbox that is not there yet."""
        return cls(Layout(root=root.resolve(), project=project), stack)

    def start(
        self, *arguments: str, stdout: int | None = subprocess.PIPE
    ) -> "subprocess.Popen[str]":
        """Start `python -m sandbox …`."""
        return subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-m", "sandbox", *arguments],
            cwd=REPOSITORY,
            env={
                **{key: value for key, value in os.environ.items() if key != MARKER},
                DIRECTORY_VARIABLE: str(self.layout.root),
                PROJECT_VARIABLE: str(self.layout.project),
            },
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
        )

    def command(self, *arguments: str) -> Done:
        """Run `python -m sandbox …` to its end."""
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=UP_SECONDS)
        return Done(arguments, process.returncode, out, err)

    def up(self, *options: str) -> dict[str, Any]:
        """Bring the stack up and return what `--json` tells."""
        done = self.command("up", self.stack, "--json", *options)
        assert done.returncode == 0, done.stderr[-6000:]
        result: dict[str, Any] = json.loads(done.stdout)
        return result

    def pulumi(self, *arguments: str) -> Done:
        """Run the engine as `python -m sandbox run -- pulumi …` does."""
        return self.command("run", "--", "pulumi", *arguments, "--stack", self.stack)

    def exported(self, *options: str) -> str:
        """Return the exported state as text."""
        done = self.pulumi("stack", "export", *options)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def resources(self) -> list[dict[str, Any]]:
        """Return every resource in the state."""
        found: list[dict[str, Any]] = json.loads(self.exported())["deployment"].get("resources", [])
        return found

    def aws(self, service: Any, region: str = "eu-west-1") -> Any:
        """Return a client of an emulated service."""
        target = json.loads(self.layout.target.read_text())
        return boto3.client(
            service,
            endpoint_url=target["aws_endpoints"].get(service, target["aws_endpoint"]),
            region_name=region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def kubernetes(self) -> Any:
        """Return an administrator's client of the control plane."""
        return config.new_client_from_config(str(self.layout.kubeconfig))

    def core(self) -> Any:
        """Return the core API of the control plane."""
        return client.CoreV1Api(self.kubernetes())

    def assert_gone(self) -> None:
        """Expect no process and no file."""
        left = [p.cmdline() for p in processes.belonging_to(self.layout.root)]
        assert left == []
        assert not self.layout.root.exists()


def outputs_of(resources: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """Return what the state knows of the resource with this logical name."""
    [found] = [r for r in resources if r["urn"].rsplit("::", 1)[1] == name]
    outputs: dict[str, Any] = found["outputs"]
    return outputs
