"""Tests of whole resource graphs: every stack file, no engine."""
