"""Two teams on one platform."""
