"""The ways in which programs reach a mailbox."""

from __future__ import annotations

from enum import StrEnum


class Protocol(StrEnum):
    IMAP = "imap"
    POP = "pop"
    SMTP = "smtp"
    EWS = "ews"
