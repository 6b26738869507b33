"""OMM Desktop: copies a mailbox from an old provider to a new one."""

__version__ = "0.1.0"
