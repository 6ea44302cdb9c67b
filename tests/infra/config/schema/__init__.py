"""Tests of the schemas of stack files and of what else is made from the models."""
