"""The tool cache: one directory for each group and version, there as a whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from sandbox.errors import SandboxError
from sandbox.toolbox.home import user_home
from sandbox.toolbox.progress import Report
from sandbox.toolbox.versions import ToolSet

CACHE_VARIABLE = "MLOPS_TOOL_CACHE"
"""Overrides where the cache stands."""


def tool_cache(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the directory that holds every obtained program; it need not exist yet."""
    if chosen := environment.get(CACHE_VARIABLE):
        return Path(chosen).expanduser().absolute()
    base = environment.get("XDG_CACHE_HOME") or user_home(environment) / ".cache"
    return Path(base).absolute() / "mlops-sandbox"


def home_of(tools: ToolSet, cache: Path) -> Path:
    """Return the directory of one group in one version."""
    return cache / f"{tools.group}-{tools.version}"


def installed(tools: ToolSet, cache: Path) -> dict[str, Path] | None:
    """Return the programs of a group if the cache has them all."""
    programs = {name: home_of(tools, cache) / name for name in tools.programs}
    return programs if all(is_program(path) for path in programs.values()) else None


def is_program(path: Path) -> bool:
    """Tell whether this user can run the file."""
    return path.is_file() and os.access(path, os.X_OK)


@contextmanager
def alone(name: str, cache: Path, report: Report) -> Iterator[None]:
    """Keep every other process out that uses the same name; the system frees it after a crash."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        lock = FileLock(cache / f"{name}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            with report.step(f"Waiting for another process that obtains {name}"):
                lock.acquire()
    except OSError as error:
        raise SandboxError(
            f"The tool cache {cache} cannot be written ({error.strerror or error}). "
            f"Set {CACHE_VARIABLE} to a directory that you own."
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def installing(home: Path) -> Iterator[Path]:
    """Give an empty directory to fill; it becomes `home` only if nothing goes wrong.

    The caller holds the lock of `home`, so whatever bears the name of a part is a killed
    process's and goes.
    """
    prefix = f"{home.name}.part-"
    for leftover in home.parent.glob(f"{prefix}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    part = Path(tempfile.mkdtemp(prefix=prefix, dir=home.parent))
    try:
        yield part
        part.chmod(0o755)  # mkdtemp keeps others out, who may share the cache
        if home.exists():  # incomplete, else nobody would install
            shutil.rmtree(home)
        part.rename(home)
    finally:
        shutil.rmtree(part, ignore_errors=True)
