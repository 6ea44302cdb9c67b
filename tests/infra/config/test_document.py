"""What a file says, and on which line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.config.document import ENVIRONMENT_KEY, Document, KeyPath, from_file, from_text

TEXT = """\
# a comment
config:
  aws:region: eu-west-1
  mlops:environment:
    team: &name fraud
    owner:
      email: "@"
    tags: {a: *name, on: "yes"}
    emails:
      - a@x.io
    when: "2026-11-23"
"""


def test_values_are_plain_and_those_of_the_engine() -> None:
    assert from_text(TEXT, "f").settings(ENVIRONMENT_KEY) == {
        "team": "fraud",
        "owner": {"email": "@"},
        "tags": {"a": "fraud", "on": "yes"},
        "emails": ["a@x.io"],
        "when": "2026-11-23",
    }


def test_lines_are_those_of_the_keys() -> None:
    document = from_text(TEXT, "f")
    assert document.line_of(("aws:region",)) == 3
    assert document.line_of((ENVIRONMENT_KEY, "owner", "email")) == 7
    assert document.line_of((ENVIRONMENT_KEY, "tags", "a")) == 8


def test_what_is_missing_lies_on_the_line_around_it() -> None:
    document = from_text(TEXT, "f")
    assert document.line_of((ENVIRONMENT_KEY, "owner", "cost_center")) == 6
    assert document.line_of((ENVIRONMENT_KEY, "budget")) == 4
    assert document.line_of(("aws:profile",)) is None


def test_says_tells_what_is_set() -> None:
    document = from_text(TEXT, "f")
    assert document.says((ENVIRONMENT_KEY, "owner", "email"))
    assert not document.says((ENVIRONMENT_KEY, "owner", "cost_center"))
    assert not document.says((ENVIRONMENT_KEY, "team", "deeper"))


def test_a_repeated_key_is_found_with_both_lines() -> None:
    (finding,) = from_text(TEXT + "    team: ranking\n", "f").findings
    assert str(finding) == "f:12: team stands twice, first on line 5; keep one of them"


def test_a_file_without_config_says_nothing() -> None:
    for text in ("", "config:\n", "- a\n", "just text\n"):
        assert from_text(text, "f") == Document("f", {})


def test_a_date_without_quotes_is_found() -> None:
    document = from_text(TEXT.replace('"2026-11-23"', "2026-11-23"), "f")
    (finding,) = document.findings
    assert str(finding) == 'f:11: when is a date to YAML; write it in quotes: "2026-11-23"'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("config:\n  a: \0\n", "f:2: is not valid YAML: a control character stands there"),
        (
            "config: &all {a: *all}\n",
            "f: is nested too deeply, or an alias stands for its own block",
        ),
        ("a: 1\n---\nb: 2\n", "f:2: is not valid YAML: but found another document"),
    ],
)
def test_what_cannot_be_read_is_one_finding(text: str, problem: str) -> None:
    (finding,) = from_text(text, "f").findings
    assert str(finding) == problem


def test_a_file_in_another_encoding_is_one_finding(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.fraud-dev.yaml"
    file.write_bytes("config: {team: Prüfung}".encode("latin-1"))
    (finding,) = from_file(file, "f").findings
    assert str(finding) == "f: is not UTF-8 text; save it as UTF-8"
    file.write_text("config: {team: Prüfung}", encoding="utf-8")
    assert from_file(file, "f") == Document("f", {"team": "Prüfung"}, {("team",): 1})


KEYS = st.from_regex(r"[a-z]{1,3}(:[a-z]{1,3})?", fullmatch=True)
TEXTS = st.text(st.characters(codec="ascii"), max_size=8)
VALUES = st.booleans() | st.integers() | TEXTS | st.lists(TEXTS, max_size=2)
BLOCKS = st.dictionaries(
    KEYS,
    st.recursive(
        VALUES, lambda inner: st.dictionaries(KEYS, inner, min_size=1, max_size=3), max_leaves=5
    ),
    min_size=1,
    max_size=3,
)


def written(block: dict[str, Any], around: KeyPath = ()) -> Iterator[tuple[KeyPath | None, str]]:
    """Yield the lines of a file, each with the key it tells; None for a comment."""
    indent = "  " * (len(around) + 1)
    for key, value in block.items():
        if len(key) == 2:
            yield None, f"{indent}# {key}"
        if isinstance(value, dict):
            yield (*around, key), f"{indent}{json.dumps(key)}:"
            yield from written(value, (*around, key))
        else:
            yield (*around, key), f"{indent}{key}: {json.dumps(value)}"


@given(BLOCKS)
def test_every_key_is_found_on_its_line_with_its_value(block: dict[str, Any]) -> None:
    lines = list(written(block))
    document = from_text("\n".join(["config:", *(line for _, line in lines)]), "f")
    assert document.config == block
    assert document.findings == ()
    assert document.lines == {path: number for number, (path, _) in enumerate(lines, 2) if path}
