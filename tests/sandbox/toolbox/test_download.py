"""A download is used only if the vendor's checksum agrees, and failures say why."""

import hashlib
import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.toolbox import download as module
from sandbox.toolbox.download import download
from sandbox.toolbox.failure import WayFailed
from sandbox.toolbox.versions import Release, ToolSet
from tests.sandbox.toolbox.conftest import Recorder, Vendor


def get(tools: ToolSet, directory: Path, report: Recorder) -> None:
    assert tools.release is not None
    download(tools, tools.release, directory, report)


def archive_of(*names: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = len(name)
            archive.addfile(member, io.BytesIO(name.encode()))
    return packed.getvalue()


@pytest.fixture
def archived(tools: ToolSet, vendor: Vendor) -> ToolSet:
    """One program in an archive with other files."""
    release = Release(
        url=f"{vendor.url}/one.tar.gz",
        checksums=f"{vendor.url}/SHA256SUMS",
        archive_members="one*",
        systems=("linux", "darwin"),
    )
    return replace(tools, programs=("one",), release=release)


def test_wrong_checksum_is_refused_and_named(
    tools: ToolSet, vendor: Vendor, tmp_path: Path, report: Recorder
) -> None:
    vendor.publish("one", b"changed on its way", checksum="0" * 64)
    with pytest.raises(WayFailed, match=f"checksum of {vendor.url}/one is .* says 0{{64}}"):
        get(tools, tmp_path, report)


def test_missing_file_is_named(
    tools: ToolSet, vendor: Vendor, tmp_path: Path, report: Recorder
) -> None:
    with pytest.raises(WayFailed, match="/SHA256SUMS answered 404 Not Found"):
        get(tools, tmp_path, report)


def test_broken_transfer_is_named(
    tools: ToolSet, vendor: Vendor, tmp_path: Path, report: Recorder
) -> None:
    vendor.publish("one", b"content")
    vendor.breaks_off = True
    with pytest.raises(WayFailed, match=f"{vendor.url}/one broke off after 7 of 8 bytes"):
        get(tools, tmp_path, report)


def test_file_without_a_published_checksum_is_not_fetched(
    tools: ToolSet, vendor: Vendor, tmp_path: Path, report: Recorder
) -> None:
    vendor.publish("other", b"")
    with pytest.raises(WayFailed, match="names no checksum for one"):
        get(tools, tmp_path, report)
    assert vendor.asked == ["/SHA256SUMS"]


def test_bare_checksum_of_one_file_is_understood(
    tools: ToolSet, vendor: Vendor, tmp_path: Path, report: Recorder
) -> None:
    vendor.publish("one", b"content")
    vendor.files["/one.sha256"] = vendor.files.pop("/SHA256SUMS").split()[0]
    release = Release(
        url=f"{vendor.url}/{{program}}",
        checksums=f"{vendor.url}/{{program}}.sha256",
        systems=("linux", "darwin"),
    )
    get(replace(tools, programs=("one",), release=release), tmp_path, report)
    assert (tmp_path / "one").read_bytes() == b"content"


@pytest.mark.parametrize("content", [b"content", b"changed on its way"])
def test_checksum_of_our_own_is_held_against_the_file(
    tools: ToolSet, vendor: Vendor, tmp_path: Path, report: Recorder, content: bytes
) -> None:
    vendor.files["/one-of-linux"] = content
    release = Release(
        url=f"{vendor.url}/{{program}}-of-linux",
        checksums={"one-of-linux": hashlib.sha256(b"content").hexdigest()},
        systems=("linux", "darwin"),
    )
    ours = replace(tools, programs=("one",), release=release)
    if content == b"content":
        get(ours, tmp_path, report)
        assert (tmp_path / "one").read_bytes() == content
    else:
        with pytest.raises(WayFailed, match="our table of versions says"):
            get(ours, tmp_path, report)
    assert vendor.asked == ["/one-of-linux"]


def test_archive_gives_its_programs_and_nothing_else(
    archived: ToolSet, vendor: Vendor, tmp_path: Path, report: Recorder
) -> None:
    vendor.publish("one.tar.gz", archive_of("v1/one", "v1/one-helper", "../one-evil", "v1/two"))
    directory = tmp_path / "directory"
    directory.mkdir()
    get(archived, directory, report)
    assert {path.name for path in directory.iterdir()} == {"one", "one-helper", "one-evil"}
    assert not (tmp_path / "one-evil").exists()
    assert (directory / "one").read_text() == "v1/one"


def test_archive_without_the_program_is_refused(
    archived: ToolSet, vendor: Vendor, tmp_path: Path, report: Recorder
) -> None:
    vendor.publish("one.tar.gz", archive_of("v1/two"))
    with pytest.raises(WayFailed, match="does not contain one"):
        get(archived, tmp_path, report)


def test_unknown_platform_is_refused_before_anything_is_asked(
    tools: ToolSet,
    vendor: Vendor,
    tmp_path: Path,
    report: Recorder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "this_platform", lambda: ("plan9", "amd64"))
    with pytest.raises(WayFailed, match="publishes none for plan9 on amd64"):
        get(tools, tmp_path, report)
    assert vendor.asked == []


def test_a_server_that_is_not_there_is_asked_only_once(
    tools: ToolSet, tmp_path: Path, report: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = Release(
        url="http://127.0.0.1:1/{program}",
        checksums="http://127.0.0.1:1/sums",
        systems=("linux", "darwin"),
    )
    gone = replace(tools, release=closed)
    with pytest.raises(WayFailed, match="could not be reached"):
        get(gone, tmp_path, report)
    monkeypatch.setattr("urllib.request.urlopen", pytest.fail)
    with pytest.raises(WayFailed, match=r"could not be reached \(Connection refused\)"):
        get(gone, tmp_path, report)
