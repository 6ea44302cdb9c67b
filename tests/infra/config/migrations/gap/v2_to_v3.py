"""A step without the one before it."""

from infra.config.migrations.stack_text import StackText


def migrate(settings: StackText) -> None:
    """Do nothing."""
