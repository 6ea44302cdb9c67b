"""A project of its own for a test: a folder with stack files, in which commands run."""

from dataclasses import dataclass
from pathlib import Path

MINIMAL = """\
config:
  aws:region: eu-west-1
  mlops:environment:
    team: {team}
    stage: {stage}
    owner: {{email: {team}-ml@example.com, cost_center: "4711"}}
    ci: {{github: {{repository: example/{team}-models, repository_id: "123456789"}}}}
    budget: {{monthly_usd: 800}}
"""


@dataclass(frozen=True)
class StackFolder:
    """The folder `stacks` of a project."""

    path: Path

    def write(self, stack: str, *lines: str) -> Path:
        """Write the stack file of an environment, with more lines in its block.

        Only the first one of a stage has the range of addresses that is the stage's default.
        """
        team, _, stage = stack.rpartition("-")
        others = {file.name for file in self.path.glob(f"Pulumi.*-{stage}.yaml")}
        count = len(others - {f"Pulumi.{stack}.yaml"})
        if count and "tenancy: shared" not in lines:
            lines = (*lines, f"network: {{cidr: 10.{200 + count}.0.0/16}}")
        more = "".join(f"    {line}\n" for line in lines)
        return self.write_text(stack, MINIMAL.format(team=team, stage=stage) + more)

    def write_text(self, stack: str, text: str) -> Path:
        """Write a stack file as it is given."""
        file = self.path / f"Pulumi.{stack}.yaml"
        file.write_text(text)
        return file

    def write_defaults(self, *lines: str) -> Path:
        """Write the organisation's defaults for environments."""
        file = self.path / "defaults.yaml"
        block = "".join(f"    {line}\n" for line in lines)
        file.write_text(f"config:\n  mlops:environment:\n{block}")
        return file

    @classmethod
    def at(cls, project: Path) -> "StackFolder":
        """Make a project without stack files."""
        (project / "Pulumi.yaml").write_text("name: mlops\nstackConfigDir: stacks\n")
        (project / "stacks").mkdir()
        return cls(project / "stacks")
