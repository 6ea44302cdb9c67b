"""What is known of a key agrees with what the model does with it."""

from typing import Any

import pytest

from infra.config.blocks import Block
from infra.config.describe import describe, known_keys
from infra.config.document import REGION_KEY
from infra.config.model import DedicatedEnvironment, Platform, SharedEnvironment
from infra.config.profiles import PACKAGE_DEFAULTS, STAGE_DEFAULTS
from tests.keys import all_keys

MODELS = [DedicatedEnvironment, SharedEnvironment, Platform]


@pytest.mark.parametrize("model", MODELS)
def test_every_key_is_described(model: type[Block]) -> None:
    keys = known_keys(model)
    assert all_keys(model) | {REGION_KEY} <= set(keys)
    for key in keys:
        known = describe(model, tuple(key.split(".")))
        assert known is not None, key
        assert known.text.endswith(".")
        assert known.allowed


@pytest.mark.parametrize(
    ("key", "allowed"),
    [
        ("stage", "one of dev, stage, prod"),
        ("logs.retention_days", "one of 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731"),
        ("quota.gpu", "a whole number from 0 to 1000"),
        ("registry.multi_az", "true or false"),
        ("owner", "a block with the keys email, cost_center"),
        ("owner.email", "one e-mail address, such as fraud-ml@example.com"),
        ("network.cidr", "a private IPv4 network of /16 to /21, such as 10.20.0.0/16"),
        (
            "monitoring.alerts.emails",
            "a list, each entry: one e-mail address, such as fraud-ml@example.com",
        ),
        ("ci.state", "a block with the keys bucket_arn, key_arn; or nothing"),
        (
            "ci.state.bucket_arn",
            "the ARN of an S3 bucket, such as arn:aws:s3:::example-pulumi-state",
        ),
    ],
)
def test_what_is_allowed_is_said_in_the_words_of_the_errors(key: str, allowed: str) -> None:
    known = describe(DedicatedEnvironment, tuple(key.split(".")))
    assert known is not None
    assert known.allowed == allowed


def test_a_map_says_what_its_keys_and_values_may_be() -> None:
    tags, one = (describe(Platform, path) for path in [("tags",), ("tags", "data-class")])
    assert tags is not None
    assert tags.allowed.startswith("a map; each key: 1 to 128 letters")
    assert one is not None
    assert one.allowed.startswith("1 to 256 letters")


def test_the_defaults_are_those_of_the_profiles() -> None:
    for row in STAGE_DEFAULTS:
        model: Any = SharedEnvironment if row.key == "platform" else DedicatedEnvironment
        known = describe(model, tuple(row.key.split(".")))
        assert known is not None
        assert known.defaults == {"dev": row.dev, "stage": row.stage, "prod": row.prod}
    gpu = describe(DedicatedEnvironment, ("quota", "gpu"))
    assert gpu is not None
    assert set(gpu.defaults.values()) == {PACKAGE_DEFAULTS["quota.gpu"]}
    assert len(gpu.defaults) == 3


@pytest.mark.parametrize("path", [("owner",), ("owner", "email"), ("quota",), ("tags", "x")])
def test_what_must_be_told_has_no_default(path: tuple[str, ...]) -> None:
    known = describe(DedicatedEnvironment, path)
    assert known is not None
    assert known.defaults == {}


@pytest.mark.parametrize(
    "path", [("quotas",), ("quota", "cup"), ("quota", "cpu", "x"), ("stage", "x"), ("network",)]
)
def test_an_unknown_key_has_no_description(path: tuple[str, ...]) -> None:
    assert describe(SharedEnvironment, path) is None
