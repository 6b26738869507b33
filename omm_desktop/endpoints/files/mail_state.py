"""The state of a mail as mail programs write it into its header, as flags.

Status and X-Status (mutt, Dovecot and older ones), X-Keywords (Dovecot), X-Mozilla-Status and
X-Mozilla-Keys (Thunderbird). The header stays as it is. Thunderbird keeps mail in its files that
was deleted until it compacts them: that comes with `\\Deleted`.
"""

from __future__ import annotations

import re

_FIELD = re.compile(
    rb"^(status|x-status|x-keywords|x-mozilla-status|x-mozilla-keys|x-unsent)[ \t]*:[ \t]*"
    rb"([^\r\n]{0,1000})",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNS = (b"status", b"x-keywords", b"x-mozilla-keys", b"x-unsent")
_OF_PROGRAMS = frozenset({"x-mozilla-status", "x-mozilla-keys", "x-unsent"})
_LETTERS = {
    "status": {"R": "\\Seen"},
    "x-status": {"A": "\\Answered", "F": "\\Flagged", "T": "\\Draft", "D": "\\Deleted"},
}
_MOZILLA = {
    0x0001: "\\Seen",
    0x0002: "\\Answered",
    0x0004: "\\Flagged",
    0x0008: "\\Deleted",
    0x1000: "$Forwarded",
}


def told_flags(header: bytes, *, in_mbox: bool) -> frozenset[str]:
    """The flags a header tells; outside of an mbox, Status may mean anything and is left alone."""
    flags: set[str] = set()
    small = header.lower()
    # Most mail tells nothing, which a search by pattern takes long to find.
    if not any(sign in small for sign in _SIGNS):
        return frozenset()
    for found in _FIELD.finditer(header):
        name, value = found[1].decode("ascii").lower(), found[2].decode("latin-1").strip()
        if not in_mbox and name not in _OF_PROGRAMS:
            continue
        if name in _LETTERS:
            flags.update(flag for letter, flag in _LETTERS[name].items() if letter in value)
        elif name == "x-mozilla-status":
            flags.update(_mozilla(value))
        elif name == "x-unsent":
            flags.update({"\\Draft"} if value == "1" else ())
        else:
            flags.update(value.split())
    return frozenset(flags)


def _mozilla(value: str) -> set[str]:
    try:
        bits = int(value, 16)
    except ValueError:
        return set()
    return {flag for bit, flag in _MOZILLA.items() if bits & bit}
