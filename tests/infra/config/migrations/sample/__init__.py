"""Two steps as a release could bring them."""
