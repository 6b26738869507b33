"""IMAP4rev1 (RFC 3501) as source and destination."""
