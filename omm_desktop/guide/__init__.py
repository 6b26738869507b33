"""Helps a person find settings. Knows no protocol."""
