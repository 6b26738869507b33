"""Which flags an APPEND may carry (RFC 3501 section 2.3.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SYSTEM = {
    "\\seen": "\\Seen",
    "\\answered": "\\Answered",
    "\\flagged": "\\Flagged",
    "\\deleted": "\\Deleted",
    "\\draft": "\\Draft",
}
# Non-standard system flags that have a keyword of their own (RFC 5788).
_AS_KEYWORD = {"\\forwarded": "$Forwarded", "\\junk": "$Junk", "\\nonjunk": "$NotJunk"}
RECEIPT_SENT = "$MDNSent"
_ATOM = re.compile(r"[^\x00-\x20\x7f-\uffff(){%*\"\\\]]+\Z")


def has_keywords(flags: Iterable[str]) -> bool:
    """True when the answer of `acceptable` depends on what the mailbox permits."""
    return any(flag.lower() not in _SYSTEM and flag.lower() != "\\recent" for flag in flags)


def acceptable(
    flags: Iterable[str], permanent: frozenset[str] | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What to send and what is dropped; `permanent` in lower case, None when not told.

    `\\Recent` is the server's own and counts as neither.
    """
    sent: dict[str, None] = {}
    dropped: list[str] = []
    for flag in sorted(flags):
        low = flag.lower()
        if low == "\\recent":
            continue
        if low in _SYSTEM:
            sent[_SYSTEM[low]] = None
            continue
        keyword = _AS_KEYWORD.get(low, flag)
        if _ATOM.match(keyword) and _permitted(keyword, permanent):
            sent[keyword] = None
        else:
            dropped.append(flag)
    return tuple(sent), tuple(dropped)


def keeps_receipts(permanent: frozenset[str] | None) -> bool:
    """Whether the server itself minds read receipts, as Exchange does.

    It takes no keyword of the owner's and yet names `$MDNSent` (RFC 3503). Anywhere else the mail
    keeps the keywords it had, and the owner's programs ask no more often than before.
    """
    return permanent is not None and "\\*" not in permanent and RECEIPT_SENT.lower() in permanent


def system_only(flags: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The five system flags, and the rest."""
    kept = tuple(flag for flag in flags if flag.lower() in _SYSTEM)
    return kept, tuple(flag for flag in flags if flag.lower() not in _SYSTEM)


def _permitted(keyword: str, permanent: frozenset[str] | None) -> bool:
    return permanent is None or "\\*" in permanent or keyword.lower() in permanent
