"""Contacts, events and tasks as a source gives them, made of bytes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable

from omm_desktop.endpoints.convert.identity import identify
from omm_desktop.endpoints.convert.payload import MemoryPayload
from omm_desktop.model.items import Folder, FolderRole, Item, ItemKind, ItemRef, Payload
from omm_desktop.model.ports import Destination, Refused, Source, Stored

ROLES = {
    ItemKind.CONTACTS: FolderRole.CONTACTS,
    ItemKind.EVENTS: FolderRole.CALENDAR,
    ItemKind.TASKS: FolderRole.TASKS,
}


def entry(kind: ItemKind, key: str, payload: Payload | bytes) -> Item:
    """An item as it would be at a source."""
    held = MemoryPayload(payload) if isinstance(payload, bytes) else payload
    known = identify(kind, held)
    ref = ItemRef("source", key, held.size, version="1")
    return Item(ref, held, known.fingerprint, known.content, kind=kind, label=known.label)


def usual_folder(endpoint: Source | Destination, kind: ItemKind) -> Folder:
    """The folder every mailbox has for items of that kind."""
    return next(one for one in endpoint.folders() if one.role is ROLES[kind])


def file(destination: Destination, items: Iterable[Item]) -> dict[str, Stored | Refused]:
    """Store them in the usual folder: the answers by the keys of the items."""
    given = list(items)
    folder = usual_folder(destination, given[0].kind)
    answers: dict[str, Stored | Refused] = {}
    for answer in destination.store(folder.key, given):
        assert isinstance(answer, Stored | Refused)
        assert answer.ref.key not in answers
        answers[answer.ref.key] = answer
    assert answers.keys() == {one.ref.key for one in given}
    return answers


def fetched(source: Source, kind: ItemKind) -> list[Item]:
    """Everything in the usual folder."""
    folder = usual_folder(source, kind)
    refs = [ref for window in source.refs(folder, None) for ref in window]
    answers = list(source.fetch(folder, refs))
    assert len(answers) == len(refs)
    assert all(isinstance(one, Item) for one in answers), answers
    return [one for one in answers if isinstance(one, Item)]


def card(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""]).encode()


def calendar(*lines: str, kind: str = "VEVENT") -> bytes:
    inner = [f"BEGIN:{kind}", *lines, f"END:{kind}"]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *inner, "END:VCALENDAR", ""]).encode()


SERIES = calendar(
    *("UID:one", "SUMMARY:meeting", "DTSTART:20240101T100000Z", "DTEND:20240101T110000Z"),
    *("RRULE:FREQ=WEEKLY;COUNT=5", "EXDATE:20240108T100000Z", "LOCATION:here"),
    *("ORGANIZER;CN=Bob:mailto:bob@far.test", "ATTENDEE:mailto:anna@exchange.test"),
    f"ATTACH;ENCODING=BASE64;VALUE=BINARY;FILENAME=a.txt:{b64encode(b'text').decode()}",
    *("END:VEVENT", "BEGIN:VEVENT", "UID:one", "RECURRENCE-ID:20240115T100000Z"),
    *("DTSTART:20240116T100000Z", "DTEND:20240116T110000Z", "SUMMARY:later", "LOCATION:here"),
)
