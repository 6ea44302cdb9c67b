"""What one file of `stacks/` says, and on which line it says it."""

import re
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from infra.config.findings import Finding

KeyPath = tuple[str, ...]

ENVIRONMENT_KEY = "mlops:environment"
PLATFORM_KEY = "mlops:platform"
OBJECT_KEYS = (ENVIRONMENT_KEY, PLATFORM_KEY)
"""The keys under `config` that hold a stack's settings: a stack file has one of them."""
REGION_KEY = "aws:region"


def shown_key(path: KeyPath) -> str:
    """Return a path under `config` as messages show it."""
    inner = path[1:] if len(path) > 1 and path[0] in OBJECT_KEYS else path
    return ".".join(inner)


@dataclass(frozen=True)
class Document:
    """The settings of one file, as plain values."""

    label: str
    """How messages call it: a path, where there is a file."""
    config: dict[str, Any] = field(default_factory=dict)
    """What stands under `config`, with full keys."""
    lines: dict[KeyPath, int] = field(default_factory=dict)
    """Line of each key, from 1; the path starts under `config`."""
    findings: tuple[Finding, ...] = ()
    """What is wrong with the file as YAML."""

    @property
    def object_key(self) -> str:
        """Under which key the settings stand; `mlops:environment` where none does."""
        return next((key for key in OBJECT_KEYS if key in self.config), ENVIRONMENT_KEY)

    def settings(self, object_key: str) -> Any:
        """Value of that key, whatever its type; an empty block where it is missing."""
        return self.config.get(object_key, {})

    def says(self, path: KeyPath) -> bool:
        """Whether this document sets a key under `config`."""
        value: Any = self.config
        for name in path:
            if not (isinstance(value, dict) and name in value):
                return False
            value = value[name]
        return True

    def line_of(self, path: KeyPath) -> int | None:
        """Line of a key, or of the closest block around it."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return None

    def place_of(self, path: KeyPath) -> str:
        """File and line of a key, or of the closest block around it."""
        line = self.line_of(path)
        return self.label if line is None else f"{self.label}:{line}"


def from_file(path: Path, label: str) -> Document:
    """Read a file; what is wrong with it as YAML becomes findings."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return _unreadable(label, "is not UTF-8 text; save it as UTF-8")
    return from_text(text, label)


def from_text(text: str, label: str) -> Document:
    """Read the text of a stack file or of the organisation's defaults."""
    reader = _Reader(label)
    try:
        root = reader.yaml.compose(StringIO(text))
        values = reader.value_of(root, ()) if root else {}
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        return _unreadable(label, f"is not valid YAML: {error.problem}", line)
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        return _unreadable(label, "is not valid YAML: a control character stands there", line)
    except RecursionError:
        return _unreadable(label, "is nested too deeply, or an alias stands for its own block")
    config = values.get("config") if isinstance(values, dict) else None
    if not isinstance(config, dict):
        config = {}
    inner = {
        path[1:]: line for path, line in reader.lines.items() if path[0] == "config" and path[1:]
    }
    return Document(label, config, inner, tuple(reader.findings))


def _unreadable(label: str, problem: str, line: int | None = None) -> Document:
    return Document(label, findings=(Finding("", problem, label, line),))


class _Reader:
    """Turns YAML nodes into plain values and notes lines and repeated keys on the way."""

    def __init__(self, label: str) -> None:
        self.yaml = YAML(typ="safe", pure=True)
        self.label = label
        self.lines: dict[KeyPath, int] = {}
        self.findings: list[Finding] = []

    def value_of(self, node: Node, path: KeyPath) -> Any:
        match node:
            case MappingNode():
                return self._mapping(node, path)
            case SequenceNode():
                return [
                    self.value_of(item, (*path, str(position)))
                    for position, item in enumerate(node.value)
                ]
            case ScalarNode():
                return self._scalar(node, path)
        raise TypeError(node)

    def _mapping(self, node: MappingNode, path: KeyPath) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            inner = (*path, key)
            if key in values:
                text = f"stands twice, first on line {self.lines[inner]}; keep one of them"
                self.findings.append(Finding(shown_key(inner[1:] or inner), text, self.label, line))
            self.lines[inner] = line
            values[key] = self.value_of(value_node, inner)
        return values

    def _scalar(self, node: ScalarNode, path: KeyPath) -> Any:
        value = self.yaml.constructor.construct_object(node)
        if type(value) is int and re.fullmatch(r"[-+]?0[0-9_]+", node.value):
            # The engine reads it as YAML 1.1 does, to the base of eight.
            self._refuse(node, path, f"starts with 0; write {value}")
            return value
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        # The engine would pass it on with a time and a zone that nobody wrote.
        self._refuse(node, path, f'is a date to YAML; write it in quotes: "{node.value}"')
        return node.value

    def _refuse(self, node: ScalarNode, path: KeyPath, text: str) -> None:
        line = node.start_mark.line + 1
        self.findings.append(Finding(shown_key(path[1:] or path), text, self.label, line))
