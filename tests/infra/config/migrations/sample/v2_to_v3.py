"""Retention is told in weeks; the bucket is locked by a policy of the account."""

from typing import Any

from infra.config.migrations.stack_text import StackText


def migrate(settings: StackText) -> None:
    """Rewrite version 2."""
    settings.convert("logs.retention_days", _weeks)
    settings.move("logs.retention_days", "logs.retention_weeks")
    settings.remove("artifacts.object_lock_days", "lock the bucket in the account's policy")


def _weeks(days: Any) -> int:
    if days % 7:
        raise ValueError(days)
    return int(days // 7)
