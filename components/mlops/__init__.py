"""Components of a complete MLOps environment. This list is the published API."""
