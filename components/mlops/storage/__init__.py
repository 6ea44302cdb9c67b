"""Components: storage."""
