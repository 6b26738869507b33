"""A UID for what has none on Exchange: every task, and what no calendar program wrote."""

from __future__ import annotations

from hashlib import blake2b


def uid_of(key: str) -> str:
    """The same for the same item of a mailbox, so that a second run knows it."""
    return blake2b(key.encode(), digest_size=16).hexdigest()
