"""Third way: the vendor's release, used only if its published checksum agrees."""

import fnmatch
import platform
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from sandbox.toolbox.failure import WayFailed
from sandbox.toolbox.progress import Step
from sandbox.toolbox.transfer import fetch, read_text
from sandbox.toolbox.versions import Release, ToolSet


def download(tools: ToolSet, release: Release, directory: Path, step: Step) -> None:
    """Put the programs of a group into `directory`."""
    for values in _files(tools, release):
        url = release.url.format_map(values)
        name = PurePosixPath(urlsplit(url).path).name
        # The checksum comes first: it is small, so a closed network shows at once.
        expected, source = _expected_digest(release, values, name)
        file = directory / (name if release.archive_members else values["program"])
        found = fetch(url, file, step)
        if found != expected:
            raise WayFailed(
                f"the checksum of {url} is {found}, but {source} says {expected}: "
                "the file was thrown away"
            )
        if release.archive_members:
            _unpack(file, release.archive_members)
            file.unlink()
    for program in tools.programs:
        if not (directory / program).is_file():
            raise WayFailed(f"the release does not contain {program}")
        (directory / program).chmod(0o755)


def urls(tools: ToolSet, release: Release) -> list[str]:
    """Return what a download fetches on this platform."""
    return [release.url.format_map(values) for values in _files(tools, release)]


def hosts(release: Release) -> list[str]:
    """Return the hosts that a download asks."""
    asked = [release.url, *([release.checksums] if isinstance(release.checksums, str) else [])]
    return sorted({urlsplit(url).netloc for url in asked})


def this_platform() -> tuple[str, str]:
    """Return operating system and machine architecture, as Go names them."""
    machine = platform.machine().lower()
    names = {"x86_64": "amd64", "aarch64": "arm64"}
    return platform.system().lower(), names.get(machine, machine)


def _files(tools: ToolSet, release: Release) -> Iterator[dict[str, str]]:
    """Yield what is filled into the URLs of each file."""
    system, machine = this_platform()
    if system not in release.systems or machine not in release.machines:
        raise WayFailed(f"the vendor publishes none for {system} on {machine}")
    for program in tools.programs if "{program}" in release.url else tools.programs[:1]:
        yield {
            "program": program,
            "version": tools.version,
            "system": system,
            "machine": release.machines[machine],
        }


def _expected_digest(release: Release, values: Mapping[str, str], name: str) -> tuple[str, str]:
    """Return the SHA-256 of a file, and who says so."""
    if isinstance(release.checksums, str):
        url = release.checksums.format_map(values)
        return _published_digest(url, name), url
    return release.checksums[name], "our table of versions"


def _published_digest(url: str, name: str) -> str:
    lines = [line.split() for line in read_text(url).splitlines()]
    for words in lines:
        alone = len(lines) == len(words) == 1
        if alone or words[1:] in ([name], [f"*{name}"]):
            return words[0].lower()
    raise WayFailed(f"{url} names no checksum for {name}")


def _unpack(archive: Path, pattern: str) -> None:
    """Put the archive's matching files beside it, whatever directory they have inside."""
    try:
        with tarfile.open(archive, "r:gz") as members:
            for member in members:
                name = PurePosixPath(member.name).name
                content = members.extractfile(member) if member.isfile() else None
                if content is None or not fnmatch.fnmatchcase(name, pattern):
                    continue
                file = archive.parent / name
                with content, file.open("wb") as copy:
                    shutil.copyfileobj(content, copy)
                file.chmod(0o755)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise WayFailed(f"{archive.name} cannot be unpacked ({error})") from error
