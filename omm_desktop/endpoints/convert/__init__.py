"""Canonical forms shared by all adapters."""
