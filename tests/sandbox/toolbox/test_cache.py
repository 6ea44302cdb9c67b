"""An installation is there as a whole or not at all, whoever else is at work or was killed."""

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.errors import SandboxError
from sandbox.toolbox.cache import alone, installing, tool_cache
from tests.sandbox.toolbox.conftest import Recorder

HOLD = """
import sys
from pathlib import Path
from sandbox.toolbox.cache import alone
from sandbox.toolbox.progress import Silent
with alone("tool", Path(sys.argv[1]), Silent()):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"MLOPS_TOOL_CACHE": "/a", "XDG_CACHE_HOME": "/b"}, Path("/a")),
        ({"XDG_CACHE_HOME": "/b"}, Path("/b/mlops-sandbox")),
        ({"HOME": "/c"}, Path("/c/.cache/mlops-sandbox")),
    ],
)
def test_environment_says_where_the_cache_is(environment: dict[str, str], expected: Path) -> None:
    assert tool_cache(environment) == expected


def test_failed_installation_leaves_nothing(tmp_path: Path) -> None:
    home = tmp_path / "tool-1"
    with pytest.raises(FileNotFoundError), installing(home) as part:
        (part / "directory" / "program").touch()
    assert list(tmp_path.iterdir()) == []

    with installing(home) as part:
        (part / "program").touch()
        assert not home.exists()
    assert [path.name for path in tmp_path.rglob("*")] == ["tool-1", "program"]


def test_a_killed_holder_frees_the_lock(tmp_path: Path, report: Recorder) -> None:
    with subprocess.Popen(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"

        class KillsOnceWaitedFor(Recorder):
            def step(self, title: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
                holder.kill()
                return super().step(title)

        waiting = KillsOnceWaitedFor()
        with alone("tool", tmp_path, waiting):
            assert waiting.steps == ["Waiting for another process that obtains tool"]


def test_a_cache_that_cannot_be_written_is_explained(tmp_path: Path, report: Recorder) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(SandboxError, match=r"cannot be written \(.*Set MLOPS_TOOL_CACHE"),
        alone("tool", tmp_path / "file" / "cache", report),
    ):
        pass
