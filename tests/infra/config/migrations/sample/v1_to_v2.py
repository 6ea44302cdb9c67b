"""Names of the registry's keys say what they are; alarms are a block of their own."""

from infra.config.migrations.stack_text import StackText


def migrate(settings: StackText) -> None:
    """Rewrite version 1."""
    settings.move("registry.multi_az", "registry.standby")
    settings.move("monitoring.alerts.emails", "alarms.emails")
    settings.move("tracking.replicas", "registry.replicas")
