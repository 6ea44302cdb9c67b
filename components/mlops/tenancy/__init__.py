"""Components: tenancy."""
