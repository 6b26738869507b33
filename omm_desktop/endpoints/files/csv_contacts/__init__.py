"""Contacts in files of comma-separated values."""
