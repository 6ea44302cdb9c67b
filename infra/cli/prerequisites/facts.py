"""Everything that is asked, all at once."""

import shutil
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata

from infra.cli.prerequisites.ask import Answer, ask
from infra.cli.prerequisites.state_url import backend_url, bucket_of

VERSION_QUESTIONS = {
    "pulumi": ("version",),
    "aws": ("--version",),
    "kubectl": ("version", "--client"),
    "git": ("--version",),
}
"""Programs, and what makes each print its version without using the network."""

_WHOAMI = ("whoami", "--verbose", "--json", "--non-interactive")
_QUIET_PULUMI = {"PULUMI_SKIP_UPDATE_CHECK": "true"}


@dataclass(frozen=True)
class Facts:
    """What was found out; nothing is judged yet."""

    python: tuple[int, int]
    sdk_version: str
    """Version of the Pulumi SDK that the program uses."""
    programs: Mapping[str, Answer | None]
    """None: not on PATH."""
    aws: Answer
    """What `ask_aws identity` said, or `region` when offline."""
    backend: Answer | None = None
    """What `pulumi whoami` said; None: not asked."""
    bucket: Answer | None = None
    """Whether the bucket of the state can be reached; None: not asked."""
    offline: bool = False


def find_out(*, offline: bool) -> Facts:
    """Ask everything at the same time; takes as long as the two slowest answers in a row."""
    with ThreadPoolExecutor(max_workers=len(VERSION_QUESTIONS) + 2) as pool:
        programs = {name: pool.submit(_version, name) for name in VERSION_QUESTIONS}
        aws = pool.submit(_ask_aws, "region" if offline else "identity")
        backend, bucket = (None, None) if offline else pool.submit(_state).result()
    return Facts(
        python=sys.version_info[:2],
        sdk_version=metadata.version("pulumi"),
        programs={name: asked.result() for name, asked in programs.items()},
        aws=aws.result(),
        backend=backend,
        bucket=bucket,
        offline=offline,
    )


def _version(program: str) -> Answer | None:
    path = shutil.which(program)
    return ask(path, *VERSION_QUESTIONS[program], environment=_QUIET_PULUMI) if path else None


def _state() -> tuple[Answer | None, Answer | None]:
    pulumi = shutil.which("pulumi")
    if not pulumi:
        return None, None
    backend = ask(pulumi, *_WHOAMI, environment=_QUIET_PULUMI)
    location = bucket_of(backend_url(backend))
    return backend, _ask_aws("bucket", *location) if location else None


def _ask_aws(*question: str) -> Answer:
    return ask(sys.executable, "-m", "infra.cli.prerequisites.ask_aws", *question)
