"""Contacts and distribution lists: persons and groups <-> items of Exchange."""
