"""What a step can do to the settings of one stack."""

import json
from collections.abc import Callable
from typing import Any

from ruamel.yaml.nodes import MappingNode

from infra.config.document import KeyPath
from infra.config.migrations.yaml_text import Entry, YamlText


class MigrationError(Exception):
    """Why a file cannot be migrated; it stays as it was."""


class StackText:
    """The text of a file, edited by the keys of one stack's settings.

    A key is named with dots between blocks; one that is not set is passed over.
    """

    def __init__(self, text: str, object_key: str) -> None:
        self._yaml = YamlText(text)
        self._root = ("config", object_key)
        self.notes: list[str] = []
        """What was done, a sentence each."""

    @property
    def text(self) -> str:
        """The whole file."""
        return self._yaml.text

    def move(self, key: str, to: str) -> None:
        """Give a key another name or another block; its comments go with it."""
        path, target = _path(key), _path(to)
        entry = self._entry(path)
        if entry is None:
            return
        if self._entry(target):
            raise MigrationError(f"{key} stands beside {to}, its new name; keep one of them")
        if path[:-1] == target[:-1]:
            self._yaml.rename(entry, target[-1])
        else:
            value = self._yaml.in_one_line(entry.value)
            comments = self._cut(path)
            self._append(target, value, comments)
        self.notes.append(f"{key} is now {to}")

    def convert(self, key: str, change: Callable[[Any], Any]) -> None:
        """Give a key another value, made of the one it has; a ValueError refuses that one."""
        entry = self._entry(_path(key))
        if entry is None:
            return
        given = self._yaml.value(entry.value)
        try:
            changed = json.dumps(change(given))
        except (TypeError, ValueError):
            raise MigrationError(f"{key} is {json.dumps(given)}; correct it first") from None
        self._yaml.set(entry, changed)
        self.notes.append(f"{key} was {json.dumps(given)} and is now {changed}")

    def remove(self, key: str, reason: str) -> None:
        """Remove a key with its comments; the reason tells what to do instead."""
        if self._entry(_path(key)):
            self._cut(_path(key))
            self.notes.append(f"{key} is removed: {reason}")

    def set_version(self, version: int) -> None:
        """Say of which version the settings are."""
        if entry := self._entry(("api_version",)):
            self._yaml.set(entry, str(version))
        elif settings := self._entry(()):
            self._yaml.prepend(settings, f"api_version: {version}")

    def _entry(self, path: KeyPath) -> Entry | None:
        return self._yaml.entry((*self._root, *path))

    def _cut(self, path: KeyPath) -> list[str]:
        """Remove a key, and blocks that it leaves empty; return the comments that go as well."""
        entry = self._entry(path)
        if entry is None:
            return []
        if len(entry.block.value) == 1 and len(path) > 1:
            return self._cut(path[:-1])
        return self._yaml.cut(entry)

    def _append(self, path: KeyPath, value: str, comments: list[str]) -> None:
        """Set a key that is missing, and the blocks around it."""
        line = f"{path[-1]}: {value}"
        path = path[:-1]
        while (entry := self._entry(path)) is None:
            line = f"{path[-1]}: {{{line}}}"
            path = path[:-1]
        if not isinstance(entry.value, MappingNode):
            raise MigrationError(f"{'.'.join(path)} is no block of keys; correct it first")
        self._yaml.append(entry.value, line, comments)


def _path(key: str) -> KeyPath:
    return tuple(key.split("."))
