"""Inbox rules and the out-of-office reply."""
