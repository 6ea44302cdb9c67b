"""What `mlops diff` says, as a document."""

from typing import Any

from infra.cli.console import CommandFailed
from infra.cli.entries import finding_entry, said_entry
from infra.cli.project import Project
from infra.config.document import KeyPath
from infra.config.view import Setting, View

Settings = dict[KeyPath, Setting]


def comparison(project: Project, stack_a: str, stack_b: str) -> dict[str, Any]:
    """Return in which settings two stacks differ; both stack files must be right."""
    views = [project.view(project.file_of(stack)) for stack in (stack_a, stack_b)]
    _refuse_wrong(views)
    a, b = ({setting.path: setting for setting in view.settings} for view in views)
    a, b = _without_nothing(a, b), _without_nothing(b, a)
    paths = list(dict.fromkeys([*a, *b]))
    differing = [path for path in paths if _value(a, path) != _value(b, path)]
    return {
        "a": stack_a,
        "b": stack_b,
        "same": len(paths) - len(differing),
        "differences": [
            {"key": ".".join(path), "a": _said(a.get(path)), "b": _said(b.get(path))}
            for path in differing
        ],
    }


def _refuse_wrong(views: list[View]) -> None:
    findings = list(dict.fromkeys(finding for view in views for finding in view.findings))
    if findings:
        problems = "\n".join(map(str, findings))
        raise CommandFailed(
            f"Only stack files that are right can be compared:\n{problems}",
            {"findings": list(map(finding_entry, findings))},
        )


def _without_nothing(mine: Settings, others: Settings) -> Settings:
    """Leave out an empty block or map where the other stack says something below it."""
    return {
        path: setting
        for path, setting in mine.items()
        if setting.value or not any(path == other[:-1][: len(path)] for other in others)
    }


def _value(settings: Settings, path: KeyPath) -> Any:
    return settings[path].value if path in settings else None


def _said(setting: Setting | None) -> dict[str, Any] | None:
    return said_entry(setting.value, setting.origin) if setting else None
