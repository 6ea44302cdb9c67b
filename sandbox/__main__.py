"""Entry point of `python -m sandbox`; readable by old Pythons, to tell them that they are old."""

import sys

OLDEST = (3, 11)

if sys.version_info < OLDEST:
    sys.exit(
        f"Error: the sandbox needs Python {OLDEST[0]}.{OLDEST[1]} or later, but {sys.executable} "
        f"is {sys.version_info[0]}.{sys.version_info[1]}; `make up` finds a newer one."
    )

try:
    from sandbox.cli import main
except ModuleNotFoundError as error:
    sys.exit(
        f"Error: {sys.executable} lacks the package {error.name}; run `make setup`, "
        "then .venv/bin/python -m sandbox."
    )

main()
