"""No step, by its name."""
