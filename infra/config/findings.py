"""What is wrong with a configuration, each in one sentence with its place."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to correct."""

    key: str
    """Path of the key, without `mlops:environment`; empty for the whole file."""
    problem: str
    """Continues a sentence that begins with the key."""
    label: str
    """File, or what else the value came from."""
    line: int | None = None

    def __str__(self) -> str:
        place = self.label if self.line is None else f"{self.label}:{self.line}"
        return f"{place}: {self.key + ' ' if self.key else ''}{self.problem}"


class ConfigError(Exception):
    """A configuration that was refused, with everything that is wrong with it."""

    def __init__(self, stack: str, findings: Sequence[Finding]) -> None:
        self.findings = sorted(findings, key=lambda each: (each.label, each.line or 0, each.key))
        count = "1 error" if len(findings) == 1 else f"{len(findings)} errors"
        lines = "\n".join(f"  {finding}" for finding in self.findings)
        super().__init__(f"the configuration of stack {stack} has {count}:\n{lines}")
