"""Mailbox names on the wire and for people (RFC 3501 section 5.1.3)."""

from __future__ import annotations

import unicodedata

from imapclient import imap_utf7

from ...model.items import FolderPath
from ..roles import INBOX as INBOX


def decode(name: bytes) -> str:
    """A mailbox name for people: modified UTF-7, else UTF-8, else Latin-1; composed (NFC)."""
    return unicodedata.normalize("NFC", _decoded(name))


def _decoded(name: bytes) -> str:
    if name.isascii():
        try:
            text = str(imap_utf7.decode(name))
        except (UnicodeError, ValueError):
            return name.decode("ascii")
        # A name that does not come back the same was never modified UTF-7 ("R&D").
        return text if encode(text) == name else name.decode("ascii")
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("latin-1")


def encode(text: str) -> bytes:
    """A name as modified UTF-7."""
    return bytes(imap_utf7.encode(text))


def split(name: bytes, delimiter: bytes | None, prefix: bytes) -> FolderPath:
    """The path of a mailbox: personal prefix off, INBOX in its one spelling."""
    if name.upper() == b"INBOX":
        return (INBOX,)
    if prefix and name.startswith(prefix) and len(name) > len(prefix):
        name = name[len(prefix) :]
    parts = name.split(delimiter) if delimiter else [name]
    path = tuple(decode(part) for part in parts if part) or (decode(name),)
    if len(path) > 1 and path[0].upper() == INBOX:
        path = (INBOX, *path[1:])
    return path


def join(path: FolderPath, delimiter: bytes | None, prefix: bytes) -> bytes:
    """The wire name of a path; the opposite of `split`."""
    if len(path) == 1 and path[0].upper() == INBOX:
        return b"INBOX"
    name = (delimiter or b"").join(encode(part) for part in path)
    under_inbox = bool(delimiter) and name.upper().startswith(b"INBOX" + (delimiter or b""))
    if under_inbox and prefix.upper().startswith(b"INBOX"):
        return prefix + name[len(b"INBOX") + len(delimiter or b"") :]
    return name if under_inbox else prefix + name


def quoted(name: str | bytes) -> bytes:
    """A mailbox name, user name or the like as a quoted string; CR, LF and NUL are impossible."""
    raw = name.encode("latin-1") if isinstance(name, str) else name
    if not raw.isalnum() and set(raw) & {0, 10, 13}:
        raise ValueError("a quoted string holds no line end")
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
