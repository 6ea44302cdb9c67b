"""Edits of YAML leave everything else as it was."""

from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from infra.config.migrations.yaml_text import Entry, YamlText

TEXT = """\
# top
a:  # a block
  # first
  b: 1   # one

  # second, in
  # two lines
  c: "#2"  # two
  d: {e: 1, f: [x, y],   g: 3}  # inline
  h:
    - x  # of h
    - "y # z"
    # below h
# last
i: {}
"""


def text_and(*path: str, text: str = TEXT) -> tuple[YamlText, Entry]:
    edited = YamlText(text)
    entry = edited.entry(path)
    assert entry is not None
    return edited, entry


def lines_changed(edited: YamlText) -> tuple[list[str], list[str]]:
    """Return the lines that are gone, and those that are new."""
    before, after = TEXT.splitlines(), edited.text.splitlines()
    return [line for line in before if line not in after], [
        line for line in after if line not in before
    ]


@pytest.mark.parametrize("path", [("z",), ("a", "z"), ("a", "b", "z"), ("a", "h", "0")])
def test_what_is_not_set_is_no_entry(path: tuple[str, ...]) -> None:
    assert YamlText(TEXT).entry(path) is None


def test_an_empty_file_has_no_entry() -> None:
    assert YamlText("").entry(("a",)) is None


def test_a_new_name_changes_nothing_else() -> None:
    edited, entry = text_and("a", "c")
    edited.rename(entry, "see")
    assert lines_changed(edited) == (['  c: "#2"  # two'], ['  see: "#2"  # two'])


@pytest.mark.parametrize(
    ("path", "line"),
    [(("a", "b"), "  b: [9]   # one"), (("a", "d", "f"), "  d: {e: 1, f: [9],   g: 3}  # inline")],
)
def test_a_new_value_changes_nothing_else(path: tuple[str, ...], line: str) -> None:
    edited, entry = text_and(*path)
    edited.set(entry, "[9]")
    assert lines_changed(edited)[1] == [line]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a:\nb: 1\n", "a: 9\nb: 1\n"),
        ("a:  # none\n# about b\nb: 1\n", "a: 9  # none\n# about b\nb: 1\n"),
        ("a: {}  # none\n", "a: 9  # none\n"),
        ("a:\n- x\n- y  # why\n", "a:\n 9  # why\n"),
    ],
)
def test_any_value_can_be_replaced(text: str, after: str) -> None:
    edited, entry = text_and("a", text=text)
    edited.set(entry, "9")
    assert edited.text == after


def test_a_key_takes_its_comments_along_and_no_others() -> None:
    edited, entry = text_and("a", "c")
    assert edited.cut(entry) == ["# second, in", "# two lines", "# two"]
    assert lines_changed(edited) == (
        ["  # second, in", "  # two lines", '  c: "#2"  # two'],
        [],
    )


def test_a_key_on_the_first_line_has_no_comment_above() -> None:
    edited, entry = text_and("a", text="a: 1\nb: 2\n# last")
    assert edited.cut(entry) == []
    assert edited.text == "b: 2\n# last"


def test_what_looks_like_a_comment_in_a_text_is_none() -> None:
    edited, entry = text_and("a", "h")
    assert edited.cut(entry) == ["# of h"]
    assert "    # below h\n" in edited.text


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("e", "  d: {f: [x, y],   g: 3}  # inline"),
        ("f", "  d: {e: 1,   g: 3}  # inline"),
        ("g", "  d: {e: 1, f: [x, y]}  # inline"),
    ],
)
def test_an_inline_key_goes_with_one_comma(key: str, line: str) -> None:
    edited, entry = text_and("a", "d", key)
    assert edited.cut(entry) == []
    assert lines_changed(edited)[1] == [line]


def test_an_inline_block_may_become_empty() -> None:
    edited, entry = text_and("a", "b", text="a: {b: 1}\n")
    edited.cut(entry)
    assert edited.text == "a: {}\n"


def test_a_line_is_appended_where_its_block_ends() -> None:
    edited, entry = text_and("a", "c")
    edited.append(entry.block, "k: 9", ["# nine"])
    assert '    - "y # z"\n  # nine\n  k: 9\n    # below h\n' in edited.text


def test_a_line_is_appended_to_an_inline_block_with_comments_above() -> None:
    edited, entry = text_and("a", "d", "e")
    edited.append(entry.block, "k: 9", ["# nine"])
    assert "  # nine\n  d: {e: 1, f: [x, y],   g: 3, k: 9}  # inline\n" in edited.text


@pytest.mark.parametrize(
    ("text", "prepended"),
    [
        ("a:  # eol\n  # above\n  b: 1\n", "a:  # eol\n  k: 9\n  # above\n  b: 1\n"),
        ("a: {b: 1}\n", "a: {k: 9, b: 1}\n"),
        ("a: {}\n", "a: {k: 9}\n"),
    ],
)
def test_a_line_is_prepended_before_all_else(text: str, prepended: str) -> None:
    edited, entry = text_and("a", text=text)
    edited.prepend(entry, "k: 9")
    assert edited.text == prepended


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (("a", "c"), "#2", '"#2"'),
        (("a", "h"), ["x", "y # z"], '["x", "y # z"]'),
        (("a", "d", "f"), ["x", "y"], "[x, y]"),
    ],
)
def test_a_value_is_read_and_written_in_one_line(
    path: tuple[str, ...], value: Any, line: str
) -> None:
    edited, entry = text_and(*path)
    assert edited.value(entry.value) == value
    assert edited.in_one_line(entry.value) == line


values = st.recursive(
    st.integers() | st.booleans() | st.text(st.characters(codec="ascii"), max_size=8),
    lambda inner: (
        st.dictionaries(st.sampled_from("abcd"), inner, max_size=3) | st.lists(inner, max_size=2)
    ),
    max_leaves=8,
)
blocks = st.dictionaries(st.sampled_from("abcd"), values, min_size=1, max_size=4)
safe = YAML(typ="safe", pure=True)


def written(settings: dict[str, Any], *, inline: bool) -> str:
    stream = StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = inline
    writer.dump({"root": settings, "after": 1}, stream)
    return stream.getvalue()


@given(blocks, st.booleans(), st.data())
def test_every_edit_leaves_the_other_values(
    settings: dict[str, Any], inline: bool, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(sorted(settings)))
    others = {name: value for name, value in settings.items() if name != key}
    text = written(settings, inline=inline)

    edited, entry = text_and("root", key, text=text)
    assert edited.value(entry.value) == settings[key]
    assert safe.load(edited.in_one_line(entry.value)) == settings[key]

    edited.cut(entry)
    assert safe.load(edited.text) == {"root": others or without_keys(inline), "after": 1}

    edited, entry = text_and("root", key, text=text)
    edited.set(entry, "[9]")
    assert safe.load(edited.text)["root"] == {**others, key: [9]}

    edited, entry = text_and("root", key, text=text)
    edited.rename(entry, "z")
    assert safe.load(edited.text)["root"] == {**others, "z": settings[key]}

    edited, entry = text_and("root", key, text=text)
    edited.append(entry.block, "z: 9", ["# nine"])
    assert safe.load(edited.text) == {"root": {**settings, "z": 9}, "after": 1}

    edited, entry = text_and("root", text=text)
    edited.prepend(entry, "z: 9")
    assert safe.load(edited.text) == {"root": {**settings, "z": 9}, "after": 1}


def without_keys(inline: bool) -> dict[str, Any] | None:
    """Return what a block without keys says: in lines, it is nothing at all."""
    return {} if inline else None
