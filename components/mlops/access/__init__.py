"""Components: access."""
