"""What `mlops explain` says, as a document."""

import difflib
from typing import Any

from infra.cli.console import CommandFailed, WrongUsage
from infra.cli.entries import KINDS, finding_entry, kind_of, said_entry
from infra.cli.project import Project, shown
from infra.config.describe import describe, known_keys
from infra.config.document import KeyPath
from infra.config.kinds import Kind
from infra.config.plain_secrets import plain_secrets
from infra.config.view import Setting, View

HIDDEN = "…"
"""Stands for a value that is refused because it is a secret, and for a key that holds one."""


def explanation(project: Project, stack: str, key: str) -> dict[str, Any]:
    """Return what is known of a stack, or of one key or block of it."""
    file = project.file_of(stack)
    view = project.view(file)
    document = {
        "stack": stack,
        "file": shown(file),
        "kind": kind_of(view),
        "ok": not view.findings,
        "key": key or None,
        "description": None,
        "allowed": None,
        "settings": [],
        "findings": list(map(finding_entry, view.findings)),
    }
    if key:
        if view.kind is None:
            problems = "\n".join(map(str, view.findings))
            raise CommandFailed(f"{shown(file)} does not say enough:\n{problems}", document)
        known = describe(view.kind.model, _path(key))
        document |= {"description": known.text, "allowed": known.allowed} if known else {}
    document["settings"] = [_entry(view, setting) for setting in _settings(view, key)]
    return document


def _settings(view: View, key: str) -> list[Setting]:
    """Return every setting, or those at and below a key; one that nobody has set is there too."""
    if not key or view.kind is None:
        return list(view.settings)
    found = [each for each in view.settings if f"{each.key}.".startswith(f"{key}.")]
    if found:
        return found
    if describe(view.kind.model, _path(key)):
        return [Setting(_path(key), None, None)]
    raise WrongUsage(_unknown(view, view.kind, key))


def _unknown(view: View, kind: Kind, key: str) -> str:
    others = [word for model, word in KINDS.items() if key in known_keys(model)]
    if others:
        return (
            f"{key} is no key of {view.stack}, whose kind is {kind_of(view)}; "
            f"it is one of the kind {' and '.join(others)}."
        )
    known = {each.rpartition(".")[2]: each for each in reversed(known_keys(kind.model))}
    known |= {each: each for each in known_keys(kind.model)}
    meant = difflib.get_close_matches(key, known, n=1)
    question = f" Did you mean {known[meant[0]]}?" if meant else ""
    return f"{key} is no key of {view.stack}.{question} `mlops explain {view.stack}` lists them."


def _entry(view: View, setting: Setting) -> dict[str, Any]:
    known = describe(view.kind.model, setting.path) if view.kind else None
    return {
        "key": ".".join(map(_shown_name, setting.path)),
        **said_entry(_shown_value(setting.path, setting.value), setting.origin),
        "description": known.text if known else None,
        "allowed": known.allowed if known else None,
        "defaults": known.defaults if known else {},
        "overrides": [
            said_entry(_shown_value(setting.path, value), origin)
            for value, origin in view.overridden(setting)
        ],
    }


def _shown_name(name: str) -> str:
    return HIDDEN if any(plain_secrets({name: None})) else name


def _shown_value(path: KeyPath, value: Any) -> Any:
    settings = value
    for name in reversed(path):
        settings = {name: settings}
    return HIDDEN if any(plain_secrets(settings)) else value


def _path(key: str) -> tuple[str, ...]:
    return tuple(key.split("."))
