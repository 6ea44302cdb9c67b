"""Finds the binary of Terraform's AWS provider, where Terraform itself would look for it."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from sandbox.toolbox.bounded import run_bounded
from sandbox.toolbox.cache import alone, installing, is_program, tool_cache
from sandbox.toolbox.download import this_platform
from sandbox.toolbox.failure import Attempt, ToolUnavailable, WayFailed
from sandbox.toolbox.home import user_home
from sandbox.toolbox.progress import Report
from sandbox.toolbox.versions import (
    TERRAFORM_PROVIDER_AWS_AT_LEAST,
    TERRAFORM_PROVIDER_AWS_BELOW,
)

NAME = "terraform-provider-aws"
INITIALIZED = Path(".terraform") / "providers"
"""Where `terraform init` puts providers, in the layout of a mirror."""
INIT_SECONDS = 900
"""The provider has some 150 MB, and slow networks exist."""

_ACCEPTED = (
    f">= {'.'.join(map(str, TERRAFORM_PROVIDER_AWS_AT_LEAST))}, "
    f"< {'.'.join(map(str, TERRAFORM_PROVIDER_AWS_BELOW))}"
)
_CONFIGURATION = f"""\
terraform {{
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "{_ACCEPTED}"
    }}
  }}
}}
"""


def terraform_provider_aws(
    report: Report,
    environment: Mapping[str, str] = os.environ,
    add_ons: Path = Path("/opt"),
) -> Path:
    """Return the newest provider that is unpacked on this machine, else let Terraform get one.

    `add_ons` is the add-on software root of the Filesystem Hierarchy Standard: a mirror may
    stand one level under it. Raises `ToolUnavailable`.
    """
    cache = tool_cache(environment)
    own = cache / NAME / INITIALIZED
    mirrors = [*dict.fromkeys(_mirrors(environment)), own, *sorted(add_ons.glob("*"))]
    if found := newest_in(mirrors):
        return found
    with alone(NAME, cache, report):
        if found := newest_in([own]):
            return found
        try:
            return _by_init(cache, report, environment)
        except WayFailed as failure:
            attempts = [
                Attempt("unpacked in a mirror", f"not in {', '.join(map(str, mirrors))}"),
                Attempt("`terraform init` or `tofu init`", str(failure)),
            ]
    place = f"<host>/hashicorp/aws/<version>/{'_'.join(this_platform())}/{NAME}_v<version>"
    raise ToolUnavailable(
        f"Terraform's AWS provider ({_ACCEPTED})",
        attempts,
        [
            "install terraform or tofu on PATH, with a provider registry that can be reached",
            "name an unpacked mirror in Terraform's CLI configuration (filesystem_mirror)",
            f"place the provider at {own}/{place}",
        ],
    )


def newest_in(mirrors: list[Path]) -> Path | None:
    """Return the binary of the highest fitting version in any of the mirrors."""
    system, machine = this_platform()
    pattern = f"*/hashicorp/aws/*/{system}_{machine}/{NAME}*"
    found = [path for mirror in mirrors for path in mirror.glob(pattern) if is_program(path)]
    newest = max(found, key=_version, default=None)
    return newest if newest and _version(newest) >= TERRAFORM_PROVIDER_AWS_AT_LEAST else None


def _version(binary: Path) -> tuple[int, ...]:
    """Return the version that the binary's directory names; () for one that does not fit."""
    match = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", binary.parent.parent.name)
    version = tuple(int(part) for part in match.groups()) if match else ()
    return version if version < TERRAFORM_PROVIDER_AWS_BELOW else ()


def _mirrors(environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield the directories that Terraform searches, configured ones first."""
    home = user_home(environment)
    yield from _configured_mirrors(home, environment)
    yield home / ".terraform.d" / "plugins"
    data_home = environment.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    data = environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    for directory in [data_home, *data.split(os.pathsep)]:
        if directory:
            yield Path(directory) / "terraform" / "plugins"
    for directory in ("/usr/local/share", "/usr/share"):
        yield Path(directory) / "terraform" / "plugins"
    if this_platform()[0] == "darwin":
        for root in (home, Path("/")):
            yield root / "Library" / "Application Support" / "io.terraform" / "plugins"


def _configured_mirrors(home: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    if cached := environment.get("TF_PLUGIN_CACHE_DIR"):
        yield Path(cached)
    chosen = environment.get("TF_CLI_CONFIG_FILE")
    for file in [Path(chosen)] if chosen else [home / ".terraformrc", home / ".tofurc"]:
        try:
            configuration = file.read_text(errors="replace")
        except OSError:  # not there, or not ours to read: then it names no mirror for us
            continue
        yield from _paths_in(configuration, environment)


def _paths_in(configuration: str, environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield the local directories that a CLI configuration names."""
    text = re.sub(r"^\s*(#|//).*$", "", configuration, flags=re.MULTILINE)
    for block in re.findall(r"filesystem_mirror\s*\{([^}]*)\}", text):
        yield from (Path(path) for path in re.findall(r'\bpath\s*=\s*"([^"]+)"', block))
    for path in re.findall(r'\bplugin_cache_dir\s*=\s*"([^"]+)"', text):
        # Terraform replaces variables in this setting only.
        yield Path(re.sub(r"\$\{?(\w+)\}?", lambda name: environment.get(name[1], ""), path))


def _by_init(cache: Path, report: Report, environment: Mapping[str, str]) -> Path:
    names = ("terraform", "tofu")
    programs = (shutil.which(name, path=environment.get("PATH", "")) for name in names)
    program = next(filter(None, programs), None)
    if program is None:
        raise WayFailed("neither is on PATH")
    home = cache / NAME
    with report.step("Download Terraform's AWS provider"), installing(home) as part:
        (part / "main.tf").write_text(_CONFIGURATION)
        _init(program, part, environment)
        if newest_in([part / INITIALIZED]) is None:
            raise WayFailed(f"{program} succeeded, but left no provider")
    provider = newest_in([home / INITIALIZED])
    if provider is None:
        raise WayFailed(f"{home} was removed meanwhile")
    return provider


def _init(program: str, directory: Path, environment: Mapping[str, str]) -> None:
    # With a plug-in cache Terraform would leave a link into it, which may break later.
    kept = {key: value for key, value in environment.items() if key != "TF_PLUGIN_CACHE_DIR"}
    try:
        answer = run_bounded(
            [program, "init", "-backend=false", "-input=false", "-no-color"],
            # Terraform would note in the home directory when it last asked for updates.
            {**kept, "CHECKPOINT_DISABLE": "true", "TF_DATA_DIR": ".terraform"},
            INIT_SECONDS,
            directory=directory,
        )
    except OSError as error:
        raise WayFailed(f"{program} does not work ({error})") from error
    if answer.returncode != 0:
        _, _, reason = (answer.stdout + answer.stderr).rpartition("Error: ")
        summary_and_detail = reason.strip().split("\n\n")[:2]
        raise WayFailed(f"{program} says: {' '.join(': '.join(summary_and_detail).split())}")
