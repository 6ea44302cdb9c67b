"""Components: network."""
