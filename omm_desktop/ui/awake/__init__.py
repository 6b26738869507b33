"""Keeping the computer awake while a copy needs it."""
