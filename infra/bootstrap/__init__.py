"""Prepares an AWS account once: what stacks, their state and their CI find there already."""
