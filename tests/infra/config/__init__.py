"""Tests of the program's configuration, names and versions."""
