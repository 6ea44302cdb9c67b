"""The steps from each version of the stack file to the next."""

import importlib
import json
import pkgutil
import re
from collections.abc import Callable, Mapping
from types import ModuleType

from infra.config import migrations
from infra.config.migrations.stack_text import StackText

Steps = Mapping[int, Callable[[StackText], None]]
"""Version a step starts from -> the step."""

FIRST_VERSION = 1
"""What a file is that names no version: this one, for ever."""

_STEP = re.compile(r"v\d+_to_v\d+")


def steps_in(package: ModuleType) -> Steps:
    """Return the steps among the modules of a package; ValueError tells of a gap between them."""
    modules = (module.name for module in pkgutil.iter_modules(package.__path__))
    found = sorted(filter(_STEP.fullmatch, modules))
    names = [f"v{version}_to_v{version + 1}" for version, _ in enumerate(found, FIRST_VERSION)]
    if found != sorted(names):
        raise ValueError(f"{package.__name__} holds {found}; without a gap it would be {names}")
    return {
        version: importlib.import_module(f"{package.__name__}.{name}").migrate
        for version, name in enumerate(names, FIRST_VERSION)
    }


def current_version(steps: Steps) -> int:
    """Return the version that the steps lead to."""
    return FIRST_VERSION + len(steps)


def unknown(version: object, current: int) -> str | None:
    """Return what is wrong with a version that neither is current nor was so once."""
    if type(version) is not int or version < FIRST_VERSION:
        return f"is {json.dumps(version)}; allowed: {current}"
    if version > current:
        return f"is {version}, and this package reads {current}; use a newer release of it"
    return None


STEPS = steps_in(migrations)
CURRENT_VERSION = current_version(STEPS)
"""The version of the stack file that this package reads."""
