"""What is written as YAML is read as the same by old and new readers."""

from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from infra.config.flow import flow

TEXT = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" \n\t"))
SCALARS = st.none() | st.booleans() | st.integers() | TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner))


@given(VALUES)
@example("10.10.0.0/16")
@example("arn:aws:iam::123456789012:role/a")
@example("2024-01-01/x")
@example("on")
@example("1_000")
@example("12:30:45")
@example("a:")
@example("")
def test_every_value_survives(value: Any) -> None:
    text = f"{{key: {flow(value)}}}\n"
    assert YAML(typ="safe", pure=True).load(text) == {"key": value}
    assert yaml.safe_load(text) == {"key": value}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("fraud-ml@example.com", "fraud-ml@example.com"),
        ("10.10.0.0/16", "10.10.0.0/16"),
        ("4711", '"4711"'),
        ("No", '"No"'),
        ("two words", '"two words"'),
        ({"a": [1, True, None]}, "{a: [1, true, null]}"),
    ],
)
def test_only_what_would_be_misread_is_quoted(value: Any, text: str) -> None:
    assert flow(value) == text
