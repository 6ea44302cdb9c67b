"""Components: cluster."""
