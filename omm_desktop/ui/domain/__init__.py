"""The window that checks the records of a domain."""
