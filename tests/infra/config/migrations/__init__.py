"""Tests of how files of older versions are rewritten, with steps made up for them."""
