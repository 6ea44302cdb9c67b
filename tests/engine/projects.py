"""Small projects for what needs no whole environment."""

from pathlib import Path

from sandbox.layout import REPOSITORY
from tests.engine.sandboxes import STACK

HEAD = """
import pulumi
import pulumi_aws as aws
from infra.providers import Providers, Sandbox

providers = Providers("eu-west-1", {"team": "demo"}, Sandbox.from_environment())
own = pulumi.ResourceOptions(provider=providers.aws)
"""

OPEN_BUCKET = f"""{HEAD}
bucket = aws.s3.Bucket("bucket", opts=own)
aws.s3.BucketPublicAccessBlock(
    "open", bucket=bucket.id, block_public_acls=False, block_public_policy=False,
    ignore_public_acls=False, restrict_public_buckets=False, opts=own,
)
"""

SLOW = f"""{HEAD}
bucket = aws.s3.Bucket("bucket", opts=own)
database = aws.rds.Instance(
    "database", identifier="slow", engine="postgres", instance_class="db.t4g.micro",
    allocated_storage=20, username="owner", manage_master_user_password=True,
    skip_final_snapshot=True,
    opts=pulumi.ResourceOptions(provider=providers.aws, depends_on=bucket),
)
pulumi.export("bucket", bucket.bucket)
"""
"""The database's provider sleeps for 80 s, long enough to be killed in."""


def write_with_stacks(directory: Path, stacks: dict[str, str]) -> Path:
    """Write this project with other stack files and return its directory."""
    (directory / "stacks").mkdir(parents=True)
    for stack, text in stacks.items():
        (directory / "stacks" / f"Pulumi.{stack}.yaml").write_text(text)
    for name in ("Pulumi.yaml", "infra", "components", "policies", ".venv"):
        (directory / name).symlink_to(REPOSITORY / name)
    return directory


CONFIGURED = """
import pulumi
from infra.config import immutable, program

pulumi.export(immutable.OUTPUT, program.read().immutable)
"""

SETTINGS = """\
config:
  aws:region: eu-west-1
  mlops:environment:
    team: demo
    stage: dev
    owner: {email: demo-ml@example.com, cost_center: "4711"}
    ci: {github: {repository: example/demo-models, repository_id: "123456789"}}
    budget: {monthly_usd: 800}
"""


def write(
    directory: Path, program: str, settings: str = "config: {}\n", *, policies: bool = False
) -> Path:
    """Write a project with one stack and return its directory."""
    (directory / "program").mkdir(parents=True)
    (directory / "program" / "__main__.py").write_text(program)
    (directory / "stacks").mkdir()
    (directory / "stacks" / f"Pulumi.{STACK}.yaml").write_text(settings)
    (directory / "Pulumi.yaml").write_text(
        "name: small\nmain: program\nstackConfigDir: stacks\n"
        "runtime: {name: python, options: {toolchain: pip, virtualenv: .venv}}\n"
    )
    (directory / ".venv").symlink_to(REPOSITORY / ".venv")
    if policies:
        (directory / "policies").symlink_to(REPOSITORY / "policies")
    return directory
