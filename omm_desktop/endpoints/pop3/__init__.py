"""POP3 (RFC 1939): a source with one folder."""
