"""Mailboxes in one file (mbox, RFC 4155), in all four ways of quoting."""
