"""The live line says what the engine waits for."""

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.engine_output import Follower, UnderWay
from sandbox.toolbox import Silent

LINES = """\
 +  pulumi:pulumi:Stack mlops-demo-dev creating (0s)
 +  mlops:index:Platform platform creating (0s)
 +  aws:s3:Bucket bucket creating (0s)
 \x1b[32m+ \x1b[0m aws:rds:Instance database \x1b[32mcreating (12s)\x1b[0m
 +  aws:s3:Bucket bucket created (0.14s)
 ~  aws:iam:Role role updating (0s) [diff: ~tags]
 ~  aws:iam:Role role updated (1m2s) [diff: ~tags]
 +  aws:amp:Scraper scraper creating (0s)
 +  aws:amp:Scraper scraper **creating failed** error: no
Resources:
    + 3 created
"""


def test_operations_are_followed_from_begin_to_end() -> None:
    under_way = UnderWay()
    for line in LINES.splitlines():
        under_way.read(line)
    assert str(under_way) == "3 done; now database"


def test_nothing_is_said_before_the_first_operation() -> None:
    assert str(UnderWay()) == ""


def test_many_operations_are_counted() -> None:
    under_way = UnderWay()
    for number in range(5):
        under_way.read(f" +  aws:s3:Bucket bucket-{number} creating (0s)")
    assert str(under_way) == "0 done; now bucket-0, bucket-1, bucket-2 and 2 more"


def test_everything_is_passed_on_and_the_exit_code_returned(tmp_path: Path) -> None:
    log, written = tmp_path / "log", list[str]()
    with log.open("wb") as output:
        program = f"import sys; sys.stdout.write({LINES!r}); sys.exit(3)"
        child = subprocess.Popen([sys.executable, "-c", program], stdout=output)  # noqa: S603
    with log.open() as lines:
        assert Follower(lines, written.append, Silent()).follow(child) == 3
    assert "".join(written) == LINES


def test_after_an_interruption_it_goes_on_where_it_was(tmp_path: Path) -> None:
    log, written = tmp_path / "log", list[str]()
    log.write_text("first\nsecond\n")

    def write(line: str) -> None:
        written.append(line)
        if line == "first\n":
            raise KeyboardInterrupt

    child = subprocess.Popen([sys.executable, "-c", ""])
    with log.open() as lines:
        follower = Follower(lines, write, Silent())
        with pytest.raises(KeyboardInterrupt):
            follower.follow(child)
        follower.follow(child)
    assert written == ["first\n", "second\n"]
