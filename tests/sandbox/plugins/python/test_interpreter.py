"""Which Python a project's options choose."""

import os
from pathlib import Path

import pytest

from sandbox.plugins.python.interpreter import OptionError, choose


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in (".venv", "venv"):
        (tmp_path / name / "bin").mkdir(parents=True)
        (tmp_path / name / "bin" / "python").touch()
    return tmp_path


def test_the_virtualenv_is_relative_to_the_project(root: Path) -> None:
    chosen = choose(root, {"virtualenv": ".venv", "toolchain": "pip"})
    assert chosen.python == root / ".venv" / "bin" / "python"


def test_the_virtualenv_is_activated_for_the_program(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.setenv("PYTHONHOME", "/elsewhere")
    environment = choose(root, {"virtualenv": ".venv"}).environment({"GIVEN": "yes"})
    assert environment["VIRTUAL_ENV"] == str(root / ".venv")
    assert environment["PATH"].split(os.pathsep) == [str(root / ".venv" / "bin"), "/usr/bin"]
    assert environment["GIVEN"] == "yes"
    assert "PYTHONHOME" not in environment


def test_without_the_option_a_program_gets_the_ambient_python_and_a_plugin_its_own(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ambient = root / "path" / "python3"
    ambient.parent.mkdir()
    ambient.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(ambient.parent))
    assert choose(root, {}).python == ambient
    assert choose(root, {}, plugin=True).python == root / "venv" / "bin" / "python"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"virtualenv": "none"}, "'none', but '.*none' doesn't exist"),
        ({"virtualenv": "empty"}, "doesn't appear to be a virtual environment"),
        ({"virtualenv": 3.0}, "must be a string, not 3.0"),
        ({"toolchain": "uv"}, "'uv'; this stand-in knows pip only"),
        ({"typechecker": "pyre"}, "'pyre'; allowed are mypy, pyright"),
    ],
)
def test_an_unusable_option_says_what_was_given_and_what_to_do(
    root: Path, options: dict[str, object], message: str
) -> None:
    (root / "empty").mkdir()
    with pytest.raises(OptionError, match=message):
        choose(root, options)
