"""Steps of which one is missing."""
