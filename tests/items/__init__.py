"""Contacts, events and tasks: their files, their neutral values and what Exchange makes of them."""
