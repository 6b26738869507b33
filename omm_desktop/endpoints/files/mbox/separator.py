"""Where a message begins in an mbox file: the line that begins with "From " (RFC 4155 appendix A).

Other than RFC 4155 wants, for the sake of files as programs write them: the empty line before it
may be missing; the sender may be anything, and the date of any form or missing ("From -", "From
1844347792267117879@xxx"). In return the line must either have a date or be followed by a field that
mail has, so that a line of the text that somebody began with "From " separates nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from .own import BEGINNING

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(
    rb"\b(?P<month>" + "|".join(_MONTHS).encode() + rb")[a-z]*[ \t]+(?P<day>\d{1,2})[ \t,]+"
    rb"(?P<time>\d{1,2}:\d\d(?::\d\d)?)(?:[ \t]+(?P<zone>[-+]\d{4}|[A-Z]{3,5}))?"
    rb"(?:[ \t]+[A-Z]{3,5})?[ \t]+(?P<year>\d{4})\b"
)
_SOME_DATE = re.compile(
    rb"\b\d{1,2}:\d\d\b.*\b(?:19|20)\d\d\b|\b(?:19|20)\d\d\b.*\b\d{1,2}:\d\d\b", re.DOTALL
)
_FIELD_FROM = re.compile(rb"From[ \t]+:")
_ONE_WORD = re.compile(rb"From[ \t]+[^ \t\r\n]*[ \t\r\n]*\Z")
_FIELD_OF_MAIL = re.compile(
    rb"(?:>From |(?:return-path|envelope-to|delivered-to|delivery-date|received|received-spf|date"
    rb"|from|sender|reply-to|to|cc|bcc|subject|message-id|in-reply-to|references|resent-[a-z-]+"
    rb"|mime-version|content-[a-z-]+|dkim-signature|domainkey-signature|authentication-results"
    rb"|arc-[a-z-]+|errors-to|precedence|priority|importance|status|lines|path|newsgroups"
    rb"|organization|user-agent|list-[a-z-]+|comments|keywords|x-[!-9;-~]+)[ \t]*:)",
    re.IGNORECASE,
)
_LONGEST = 1000
"""Octets of a separator that are looked at."""

_GMAIL = re.compile(rb"From \d+@xxx\b")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a separator tells.

    The dates of most programs have no zone, or tell when the file was written: `is_exact` are those
    that tell of the receipt.
    """

    received: datetime | None = None
    is_exact: bool = False

    @property
    def by_itself(self) -> datetime | None:
        """The date that counts more than those of the header."""
        return self.received if self.is_exact else None


def separates(line: bytes, following: bytes, *, after_empty: bool) -> bool:
    """Whether a line that begins with "From " begins a message.

    `following` is the line below it; `after_empty`: the line above it is empty, or there is none.
    """
    if line.startswith(BEGINNING):
        return True
    line = line[:_LONGEST]
    if _FIELD_FROM.match(line):
        # As mail of old has it (RFC 5322 section 4.5.2).
        return False
    dated = _SOME_DATE.search(line) is not None
    below = _FIELD_OF_MAIL.match(following) is not None
    if after_empty:
        return dated or below
    return below and (dated or _ONE_WORD.match(line) is not None)


def begins_with_separator(text: bytes) -> bool:
    """Whether a message that begins in an index so has a separator before it."""
    return text.startswith(b"From ") and not _FIELD_FROM.match(text)


def looks_like_header(text: bytes) -> bool:
    """Whether a text begins with a field that mail has."""
    return _FIELD_OF_MAIL.match(text) is not None


def envelope(line: bytes) -> Envelope:
    """What a separator tells of its message; dates without a zone are taken as UTC (RFC 4155)."""
    found = _DATE.search(line[:_LONGEST])
    if found is None:
        return Envelope()
    zone = found["zone"] or b""
    hour, minute, second = (*map(int, found["time"].split(b":")), 0)[:3]
    month = _MONTHS.index(found["month"].decode()) + 1
    try:
        moment = datetime(
            int(found["year"]), month, int(found["day"]), hour, minute, second, tzinfo=_zone(zone)
        )
    except ValueError:
        return Envelope()
    return Envelope(moment, is_exact=_GMAIL.match(line) is not None)


def _zone(told: bytes) -> timezone:
    if told[:1] not in (b"+", b"-"):
        return UTC
    minutes = int(told[1:3]) * 60 + int(told[3:5])
    return timezone(timedelta(minutes=-minutes if told[:1] == b"-" else minutes))
