"""What identifies an item of each kind, by the rule of the kind."""

from __future__ import annotations

import hashlib

from ...model.items import ContentHash, Fingerprint, ItemKind, ItemLabel, Payload
from ..convert import mail
from ..convert.payload import whole


def identify(
    kind: ItemKind, payload: Payload, label: ItemLabel
) -> tuple[Fingerprint, ContentHash, ItemLabel]:
    """Fingerprint, content and label; mail tells its own label."""
    if kind is ItemKind.MAIL:
        fingerprint, told = mail.identity(mail.header_of(payload))
        return fingerprint, mail.content_hash(payload), told
    digest = hashlib.sha256(whole(payload)).digest()[:16]
    return digest, digest, label
