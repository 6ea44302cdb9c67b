"""Components: observability."""
