"""Paths of properties as the engine writes them, e.g. `rules[0].tags["a.b"]`."""

import json
import re

Step = str | int
Path = tuple[Step, ...]

_STEP = re.compile(r'\.?([^.\[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]')
_PLAIN = re.compile(r'^[^.\[\]"]+$')


def parse(text: str) -> Path:
    """Read a path; what is not a path stays one name."""
    steps: list[Step] = []
    position = 0
    while position < len(text):
        match = _STEP.match(text, position)
        if match is None:
            return (text,)
        name, index, quoted = match.groups()
        steps.append(int(index) if index else (name or json.loads(f'"{quoted}"')))
        position = match.end()
    return tuple(steps)


def render(path: Path) -> str:
    """Write a path."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN.match(step):
            text += f".{step}" if text else step
        else:
            text += f"[{json.dumps(step)}]"
    return text
