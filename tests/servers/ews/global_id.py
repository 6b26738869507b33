"""The global object id of an appointment: its UID in Outlook's wrapping (MS-OXOCAL 2.2.1.27)."""

from __future__ import annotations

PREFIX = bytes.fromhex("040000008200E00074C5B7101A82E008")
NO_DATE = bytes(20)
FOREIGN = b"vCal-Uid\x01\x00\x00\x00"


def own_uid(unique: bytes) -> str:
    """The UID that Exchange gives to an appointment without one."""
    return (PREFIX + NO_DATE + len(unique).to_bytes(4, "little") + unique).hex().upper()


def global_object_id(uid: str) -> bytes:
    """A UID that is such an id already, or another one wrapped."""
    try:
        raw = bytes.fromhex(uid)
    except ValueError:
        raw = b""
    if raw.startswith(PREFIX):
        return raw
    data = FOREIGN + uid.encode() + b"\x00"
    return PREFIX + NO_DATE + len(data).to_bytes(4, "little") + data
