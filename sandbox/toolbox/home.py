"""The user's home directory, which some containers and service units do not name."""

import os
import pwd
from collections.abc import Mapping
from pathlib import Path


def user_home(environment: Mapping[str, str] = os.environ) -> Path:
    """Return what `HOME` says, else what the system knows of this user, else the root directory."""
    if named := environment.get("HOME"):
        return Path(named)
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:  # a user without an account, as containers run with; nothing of theirs is read
        return Path("/")
