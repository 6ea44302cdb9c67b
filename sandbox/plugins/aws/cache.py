"""What was learnt once and is quicker to read than to learn again."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


def remembered(path: Path, learn: Callable[[], Any]) -> Any:
    """Read JSON data from `path`; if there is none, learn it and write it there."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        data = learn()
    path.parent.mkdir(parents=True, exist_ok=True)
    # Several plug-ins may share the directory, so the file appears in one step.
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        json.dump(data, file)
    Path(file.name).replace(path)
    return data


def identity(*programs: Path) -> str:
    """Name a set of programs so that other versions of them have another name."""
    facts = [program.stat() for program in programs]
    return "-".join(f"{fact.st_size:x}.{fact.st_mtime_ns:x}" for fact in facts)
