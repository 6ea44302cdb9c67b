"""Tests of team spaces and database tenants."""
