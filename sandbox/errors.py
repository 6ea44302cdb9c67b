"""The one error that people see."""


class SandboxError(Exception):
    """Something the user can act on; its text is one clear sentence and needs no traceback."""
