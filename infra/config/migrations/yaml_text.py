"""YAML that is edited as text, at the marks its parser leaves.

What is not edited stays as it was, comments and layout included.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode

from infra.config.document import KeyPath


class Entry(NamedTuple):
    """A key with its value, and the block they stand in; out of date after an edit."""

    block: MappingNode
    key: ScalarNode
    value: Node


class YamlText:
    """The text of a file that has no anchors."""

    def __init__(self, text: str) -> None:
        self.text = text

    def entry(self, path: KeyPath) -> Entry | None:
        """Return a key with its value, if it is set."""
        entry, node = None, YAML(pure=True).compose(self.text)
        for name in path:
            pairs = node.value if isinstance(node, MappingNode) else []
            entry = next((Entry(node, *pair) for pair in pairs if pair[0].value == name), None)
            node = entry.value if entry else None
        return entry

    def value(self, node: Node) -> Any:
        """Return what a node says."""
        source = " " * node.start_mark.column + self._source(node)
        return YAML(typ="safe", pure=True).load(source)

    def in_one_line(self, node: Node) -> str:
        """Return how a node is written, or could be written in one line."""
        source = self._source(node)
        return json.dumps(self.value(node)) if "\n" in source else source

    def rename(self, entry: Entry, name: str) -> None:
        """Give a key another name."""
        self._replace(entry.key.start_mark.index, entry.key.end_mark.index, name)

    def set(self, entry: Entry, value: str) -> None:
        """Give a key another value."""
        key, start, end = entry.key.start_mark, entry.value.start_mark, self._end(entry.value)
        if start.index >= end:  # nothing stands behind the colon
            self._replace(end, end, f" {value}")
            return
        # A list may begin right below its key, where no other value may.
        indent = key.column + 1 - start.column if start.line > key.line else 0
        self._replace(start.index, end, " " * indent + value)

    def cut(self, entry: Entry) -> list[str]:
        """Remove a key; return the comments that went with it."""
        if entry.block.flow_style:
            self._replace(*self._span(entry), "")
            return []
        first, last = self._lines(entry)
        comments = re.findall(r"#.*", "\n".join(self._beside_scalars(entry)[first : last + 1]))
        lines = self.text.split("\n")
        self.text = "\n".join(lines[:first] + lines[last + 1 :])
        return comments

    def append(self, block: MappingNode, line: str, comments: Sequence[str] = ()) -> None:
        """Write `key: value` behind the other keys of a block."""
        if not block.flow_style:
            after = self._line(self._end(block)) + 1
            self._insert_lines(after, [*comments, line], block.start_mark.column)
            return
        end = self._end(block.value[-1][1]) if block.value else block.start_mark.index + 1
        self._replace(end, end, f", {line}" if block.value else line)
        at = block.start_mark.line
        around = self.text.split("\n")[at]
        self._insert_lines(at, comments, len(around) - len(around.lstrip()))

    def prepend(self, entry: Entry, line: str) -> None:
        """Write `key: value` before all keys of the block that an entry holds."""
        block = entry.value
        if isinstance(block, MappingNode) and block.flow_style:
            start = block.start_mark.index + 1
            self._replace(start, start, f"{line}, " if block.value else line)
        else:
            first = entry.key.start_mark.line + 1
            self._insert_lines(first, [line], block.start_mark.column)

    def _source(self, node: Node) -> str:
        return self.text[node.start_mark.index : self._end(node)]

    def _replace(self, start: int, end: int, text: str) -> None:
        self.text = self.text[:start] + text + self.text[end:]

    def _insert_lines(self, at: int, inserted: Sequence[str], column: int) -> None:
        lines = self.text.split("\n")
        self.text = "\n".join(
            [*lines[:at], *(" " * column + line for line in inserted), *lines[at:]]
        )

    def _line(self, index: int) -> int:
        return self.text.count("\n", 0, index)

    def _end(self, node: Node) -> int:
        """Return where a value ends; for the parser a block ends where the next thing begins."""
        if isinstance(node, CollectionNode) and not node.flow_style:
            last = node.value[-1]
            return self._end(last[1] if isinstance(node, MappingNode) else last)
        return len(self.text[: node.end_mark.index].rstrip())

    def _span(self, entry: Entry) -> tuple[int, int]:
        """Return where a key of an inline block begins and ends, with one of the commas."""
        pairs = entry.block.value
        position = pairs.index((entry.key, entry.value))
        start, end = entry.key.start_mark.index, self._end(entry.value)
        if position > 0:
            return self._end(pairs[position - 1][1]), end
        return start, pairs[1][0].start_mark.index if len(pairs) > 1 else end

    def _lines(self, entry: Entry) -> tuple[int, int]:
        """Return the first and the last line of a key, from the comments right above it on."""
        lines, first = self.text.split("\n"), entry.key.start_mark.line
        comment = " " * entry.key.start_mark.column + "#"
        while first > 0 and lines[first - 1].startswith(comment):
            first -= 1
        return first, self._line(self._end(entry.value))

    def _beside_scalars(self, entry: Entry) -> list[str]:
        """Return all lines with blanks in place of the entry's scalars, which may hold a #."""
        text = self.text
        for scalar in _scalars(entry.value):
            start, end = scalar.start_mark.index, scalar.end_mark.index
            text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
        return text.split("\n")


def _scalars(node: Node) -> Iterator[ScalarNode]:
    if isinstance(node, ScalarNode):
        yield node
    for each in node.value if isinstance(node, CollectionNode) else ():
        for inner in each if isinstance(each, tuple) else (each,):
            yield from _scalars(inner)
