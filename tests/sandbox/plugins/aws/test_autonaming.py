import re
from typing import Any

import pytest

from sandbox.plugins.aws.autonaming import (
    DISABLED,
    ENFORCED,
    PROPOSED,
    RULES,
    NameTooLongError,
    automatic_name,
)

SEED = b"one seed"


def name(terraform_name: str, logical_name: str, **options: Any) -> tuple[str, str] | None:
    arguments = {"seed": SEED, "olds": {}, "news": {}, "proposal": None, **options}
    return automatic_name(terraform_name, logical_name, **arguments)


@pytest.mark.parametrize(
    ("terraform_name", "expected"),
    [
        ("aws_s3_bucket", ("bucket", r"team-artifacts-[0-9a-f]{7}")),
        ("aws_db_instance", ("identifier", r"Team-Artifacts[0-9a-f]{7}")),
        ("aws_kms_alias", ("name", r"alias/Team-Artifacts-[0-9a-f]{7}")),
        ("aws_cloudwatch_metric_alarm", ("alarmName", r"Team-Artifacts-[0-9a-f]{7}")),
        ("aws_glue_catalog_database", ("name", r"team-artifacts_[a-z]{8}")),
    ],
)
def test_a_name_is_made_as_the_official_plug_in_makes_it(
    terraform_name: str, expected: tuple[str, str]
) -> None:
    named = name(terraform_name, "Team-Artifacts")
    assert named is not None
    assert named[0] == expected[0]
    assert re.fullmatch(expected[1], named[1])


def test_one_seed_gives_one_name_and_another_seed_another() -> None:
    assert name("aws_s3_bucket", "b") == name("aws_s3_bucket", "b")
    assert name("aws_s3_bucket", "b") != name("aws_s3_bucket", "b", seed=b"another seed")


def test_a_given_name_stays() -> None:
    assert name("aws_s3_bucket", "b", news={"bucket": "mine"}) is None
    assert name("aws_s3_bucket", "b", news={"bucketPrefix": "mine-"}) is None


def test_an_automatic_name_stays_as_long_as_the_resource() -> None:
    olds = {"bucket": "b-1234567", "__defaults": ["bucket"]}
    assert name("aws_s3_bucket", "renamed", olds=olds) == ("bucket", "b-1234567")


def test_a_name_once_given_does_not_become_an_automatic_one() -> None:
    named = name("aws_s3_bucket", "b", olds={"bucket": "mine", "__defaults": []})
    assert named is not None
    assert named[1] != "mine"


def test_a_fifo_topic_says_so_in_its_name() -> None:
    named = name("aws_sns_topic", "t", news={"fifoTopic": True})
    assert named is not None
    assert named[1].endswith(".fifo")


def test_a_name_too_long_for_aws_is_refused_with_what_to_do() -> None:
    longest = "r" * (64 - 8)
    assert name("aws_iam_role", longest) is not None
    with pytest.raises(NameTooLongError, match=r"65 characters, AWS allows 64; shorten .* by 1 or"):
        name("aws_iam_role", longest + "r")


def test_the_engine_may_propose_enforce_or_forbid() -> None:
    assert name("aws_s3_bucket", "b", proposal=(PROPOSED, "Wanted")) == ("bucket", "wanted")
    assert name("aws_s3_bucket", "b", proposal=(ENFORCED, "Wanted")) == ("bucket", "Wanted")
    assert name("aws_s3_bucket", "b", proposal=(DISABLED, "")) is None


def test_other_types_are_left_to_the_bridge() -> None:
    assert "aws_eks_cluster" not in RULES
    assert name("aws_eks_cluster", "c") is None
