"""The real engine, run on the sandbox's own state."""

import json
import secrets
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from sandbox.engine_output import Follower
from sandbox.engine_state import EngineState
from sandbox.environment import for_engine
from sandbox.errors import SandboxError
from sandbox.layout import Layout
from sandbox.processes import ProcessIdentity
from sandbox.project import Project
from sandbox.record import Record
from sandbox.show import Show
from sandbox.toolbox import Step, run_bounded

ENGINE = "pulumi"
ASK_SECONDS = 120.0
"""How long a command may take that reads or writes the local state and no more."""


@dataclass(frozen=True)
class Engine:
    """`pulumi` on one stack of one sandbox."""

    layout: Layout
    record: Record
    program: Path
    project: Project
    stack: str

    def select_stack(self) -> None:
        """Select the stack, made if it is not there yet."""
        if not self.layout.passphrase.exists():
            draft = self.layout.passphrase.with_suffix(".draft")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe())
            draft.replace(self.layout.passphrase)
        self.ask("stack", "select", "--create", self.stack, "--secrets-provider", "passphrase")

    def up(self, options: Sequence[str], show: Show) -> None:
        """Run `pulumi up` and show what it prints; an error if it fails."""
        arguments = ["up", "--yes", "--stack", self.stack, "--suppress-outputs", *options]
        arguments += ["--suppress-progress", "--color", "always" if show.is_terminal else "never"]
        policies = self.project.directory / "policies"
        if (policies / "PulumiPolicy.yaml").exists():
            arguments += ["--policy-pack", str(policies)]
        with show.report.step(f"pulumi up --stack {self.stack}") as step:
            code = self._run(arguments, show, step)
            if code:
                raise SandboxError(
                    f"The engine ended with {code}; above it says why. "
                    "`make up` goes on from here, `make down` removes everything."
                )

    def _run(self, arguments: Sequence[str], show: Show, step: Step) -> int:
        log = self.layout.logs / "pulumi.log"
        with log.open("wb") as output:
            child = subprocess.Popen(
                [self.program, *arguments],
                cwd=self.layout.engine_project,
                env=for_engine(self.layout),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # A Ctrl-C in the terminal reaches this process only, which then asks the engine
                # once; asked twice, the engine would drop what it is doing.
                start_new_session=True,
            )
        self.record.remember(ProcessIdentity.of(psutil.Process(child.pid), ENGINE))
        with log.open(errors="replace") as lines:
            follower = Follower(lines, show.pass_on, step)
            try:
                return follower.follow(child)
            except KeyboardInterrupt:
                show.say("Stopping after the operations under way; Ctrl-C again drops them.")
                child.send_signal(signal.SIGINT)
                _follow_to_the_end(follower, child)
                # Stopped before it listened to signals, it could not take its lock with it.
                EngineState(self.layout).unlock()
                raise
            finally:
                self.record.forget(ENGINE)

    def outputs(self) -> dict[str, Any]:
        """Return the outputs of the stack, secrets masked."""
        found: dict[str, Any] = json.loads(self.ask("stack", "output", "--json"))
        return found

    def changes(self) -> dict[str, int]:
        """Return how many resources the last update created, changed, kept, …."""
        history = json.loads(self.ask("stack", "history", "--json", "--page-size", "1"))
        found: dict[str, int] = history[0].get("resourceChanges", {}) if history else {}
        return found

    def ask(self, *arguments: str, text: str = "") -> str:
        """Run a short command of the engine and return what it prints."""
        command = f"`pulumi {' '.join(arguments)}`"
        try:
            done = run_bounded(
                [self.program, *arguments, "--non-interactive"],
                for_engine(self.layout),
                ASK_SECONDS,
                directory=self.layout.engine_project,
                text=text,
            )
        except TimeoutError as error:
            raise SandboxError(
                f"{command} hangs ({error}). The engine is {self.program}; "
                "if it is your own, take it off PATH."
            ) from None
        if done.returncode:
            raise SandboxError(f"{command} failed: {done.stderr.strip() or done.stdout}")
        return done.stdout


def _follow_to_the_end(follower: Follower, child: subprocess.Popen[bytes]) -> None:
    try:
        follower.follow(child)
    except KeyboardInterrupt:
        child.kill()
        child.wait()
