"""Components: tracking."""
