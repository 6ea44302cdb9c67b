"""What was learnt once and is quicker to read than to learn again."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable
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


def fingerprint(*, learners: Iterable[str], programs: Iterable[Path] = ()) -> str:
    """Name what was learnt so that it is learnt anew by other code or from other programs.

    `learners` are the source files that learn; `programs` are told apart by size and time, since
    reading hundreds of megabytes would take longer than learning.
    """
    digest = hashlib.sha256()
    for source in learners:
        digest.update(Path(source).read_bytes())
    for program in programs:
        facts = program.stat()
        digest.update(f"{program.name} {facts.st_size} {facts.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]
