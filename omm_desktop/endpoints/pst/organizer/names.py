"""Named properties of contacts, appointments and tasks ([MS-OXPROPS] 1.3.2 and section 2)."""

from __future__ import annotations

import uuid

from ..ltp.named_properties import PropertyName


def _set(first: str) -> uuid.UUID:
    return uuid.UUID(f"{first}-0000-0000-c000-000000000046")


_APPOINTMENT = _set("00062002")
_TASK = _set("00062003")
_ADDRESS = _set("00062004")
_COMMON = _set("00062008")
_MEETING = uuid.UUID("6ed8da90-450b-101b-98da-00aa003f1305")


def appointment(number: int) -> PropertyName:
    """A property of PSETID_Appointment."""
    return _APPOINTMENT, number


def task(number: int) -> PropertyName:
    """A property of PSETID_Task."""
    return _TASK, number


def address(number: int) -> PropertyName:
    """A property of PSETID_Address, which holds those of contacts and lists."""
    return _ADDRESS, number


def common(number: int) -> PropertyName:
    """A property of PSETID_Common."""
    return _COMMON, number


def meeting(number: int) -> PropertyName:
    """A property of PSETID_Meeting."""
    return _MEETING, number
