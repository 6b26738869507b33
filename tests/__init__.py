"""Packages, so that tests may import fixtures of tests/servers by name."""
