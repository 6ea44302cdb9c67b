"""An official plug-in wins wherever there is one; else a stand-in, with the reason."""

import os
from pathlib import Path

import pytest

from sandbox import plugin_sources, ports
from sandbox.layout import Layout
from sandbox.plugin_sources import PluginSource, choose
from sandbox.toolbox import Silent

AWS = "pulumi-resource-aws"
KUBERNETES = "pulumi-resource-kubernetes"
PYTHON = "pulumi-language-python"


@pytest.fixture(autouse=True)
def closed_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be on PATH, installed or downloadable."""
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "users-pulumi"))
    monkeypatch.setenv("MLOPS_TOOL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(plugin_sources, "VENDOR", f"http://127.0.0.1:{ports.free()[0]}/")
    monkeypatch.setattr(plugin_sources, "_write_aws", lambda _report, where: program(where / AWS))


def program(path: Path) -> Path:
    """Make an executable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def sources(layout: Layout, tmp_path: Path) -> dict[str, PluginSource]:
    """Choose and return the sources by plug-in."""
    pulumi = program(tmp_path / "engine" / "pulumi")
    return {source.name: source for source in choose(layout, pulumi, Silent())}


def installed(layout: Layout, name: str) -> Path:
    """Return what the engine finds under the name of an executable."""
    [found] = layout.plugins.glob(f"*/{name}")
    return found


def test_stand_ins_are_installed_where_nothing_official_is(layout: Layout, tmp_path: Path) -> None:
    chosen = sources(layout, tmp_path)
    assert not any(source.official for source in chosen.values())
    assert "could not be reached" in chosen["aws"].why
    for name in (AWS, KUBERNETES, PYTHON):
        assert os.access(installed(layout, name), os.X_OK)


def test_a_plugin_on_path_wins(layout: Layout, tmp_path: Path) -> None:
    found = program(tmp_path / "path" / KUBERNETES)
    chosen = sources(layout, tmp_path)
    assert chosen["kubernetes"] == PluginSource(
        "kubernetes", official=True, why=f"on PATH ({found})"
    )
    assert installed(layout, KUBERNETES).resolve() == found
    assert not chosen["aws"].official


@pytest.mark.parametrize("home", ["users-pulumi", "cache/pulumi-home"])
def test_an_installed_plugin_of_the_same_version_wins(
    layout: Layout, tmp_path: Path, home: str
) -> None:
    sources(layout, tmp_path)
    version = installed(layout, AWS).parent.name
    installed(layout, AWS).unlink()
    official = program(tmp_path / home / "plugins" / version / AWS)
    assert sources(layout, tmp_path)["aws"].official
    assert installed(layout, AWS).resolve() == official


def test_an_installed_plugin_of_another_version_is_not_taken(
    layout: Layout, tmp_path: Path
) -> None:
    program(tmp_path / "users-pulumi" / "plugins" / "resource-aws-v1.0.0" / AWS)
    assert not sources(layout, tmp_path)["aws"].official


def test_a_sandbox_that_began_with_a_stand_in_keeps_it(layout: Layout, tmp_path: Path) -> None:
    sources(layout, tmp_path)
    stand_in = installed(layout, AWS)
    program(tmp_path / "cache" / "pulumi-home" / "plugins" / stand_in.parent.name / AWS)
    program(tmp_path / "path" / AWS)
    chosen = sources(layout, tmp_path)["aws"]
    assert not chosen.official
    assert "first run" in chosen.why
    assert not installed(layout, AWS).is_symlink()


def test_a_sandbox_that_began_with_an_official_one_keeps_it(layout: Layout, tmp_path: Path) -> None:
    first = program(tmp_path / "path" / AWS)
    sources(layout, tmp_path)
    program(tmp_path / "users-pulumi" / "plugins" / installed(layout, AWS).parent.name / AWS)
    chosen = sources(layout, tmp_path)["aws"]
    assert chosen.official
    assert "first run" in chosen.why
    assert installed(layout, AWS).resolve() == first


def test_an_official_one_that_was_removed_is_not_written_to(layout: Layout, tmp_path: Path) -> None:
    removed = program(tmp_path / "path" / AWS)
    sources(layout, tmp_path)
    removed.unlink()
    assert not sources(layout, tmp_path)["aws"].official
    assert not installed(layout, AWS).is_symlink()
    assert not removed.exists()


def test_a_language_host_may_come_and_go(layout: Layout, tmp_path: Path) -> None:
    """Nothing in the state depends on it."""
    assert not sources(layout, tmp_path)["python"].official
    found = program(tmp_path / "path" / PYTHON)
    assert sources(layout, tmp_path)["python"].official
    assert installed(layout, PYTHON).resolve() == found
    found.unlink()
    assert not sources(layout, tmp_path)["python"].official
    assert not installed(layout, PYTHON).is_symlink()


def test_the_language_host_beside_the_engine_wins(layout: Layout, tmp_path: Path) -> None:
    program(tmp_path / "engine" / PYTHON)
    assert sources(layout, tmp_path)["python"].official
    assert not list(layout.plugins.glob(f"*/{PYTHON}"))


def test_a_download_that_fails_is_the_reason(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin_sources, "_expect_vendor", lambda: None)
    engine = tmp_path / "engine" / "pulumi"
    program(engine).write_text("#!/bin/sh\necho 'error: checksum mismatch' >&2\nexit 1\n")
    chosen = {source.name: source for source in choose(layout, engine, Silent())}
    assert "checksum mismatch" in chosen["aws"].why
    assert not chosen["aws"].official


def test_a_download_is_kept_in_the_tool_cache(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin_sources, "_expect_vendor", lambda: None)
    monkeypatch.setenv("PATH", os.defpath)
    engine = program(tmp_path / "engine" / "pulumi")
    engine.write_text(
        "#!/bin/sh\n"
        'directory="$PULUMI_HOME/plugins/resource-$4-v$5"\n'
        'mkdir -p "$directory" && cd "$directory"\n'
        'touch "pulumi-resource-$4"; chmod +x "pulumi-resource-$4"\n'
    )
    chosen = {source.name: source for source in choose(layout, engine, Silent())}
    assert chosen["aws"].official
    assert chosen["kubernetes"].official
    assert installed(layout, AWS).resolve().is_relative_to(tmp_path / "cache")
