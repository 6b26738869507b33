"""For each entry of the manual the least that shows it: what goes in, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass

from omm_desktop.model.items import ItemKind
from tests.contract.entries import calendar, card


@dataclass(frozen=True, slots=True)
class Example:
    """`comes` is a pattern that the text of the item matches in the end; `gone` stands nowhere."""

    kind: ItemKind
    data: bytes
    comes: str = ""
    gone: str = ""


def person(*lines: str, comes: str = "", gone: str = "") -> Example:
    return Example(ItemKind.CONTACTS, card(*lines), comes, gone)


def appointment(*lines: str, comes: str = "", gone: str = "") -> Example:
    return Example(ItemKind.EVENTS, calendar(*lines), comes, gone)


def task(*lines: str, comes: str = "", gone: str = "") -> Example:
    return Example(ItemKind.TASKS, calendar(*lines, kind="VTODO"), comes, gone)


def zoned(zone: str, tzid: str) -> bytes:
    """An event in a zone that the file defines as one of a single offset."""
    rules = ["BEGIN:STANDARD", "DTSTART:16010101T000000", f"TZOFFSETFROM:{zone}"]
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VTIMEZONE", f"TZID:{tzid}", *rules),
        *(f"TZOFFSETTO:{zone}", "END:STANDARD", "END:VTIMEZONE", "BEGIN:VEVENT", f"UID:{tzid}"),
        *(f"DTSTART;TZID={tzid}:20240101T100000", "DURATION:PT1H", "END:VEVENT", "END:VCALENDAR"),
    ]
    return "\r\n".join([*lines, ""]).encode()


WHEN = ("DTSTART:20240101T100000Z", "DTEND:20240101T110000Z")
DAILY = (*WHEN, "RRULE:FREQ=DAILY;COUNT=5")
ANOTHER = ("END:VEVENT", "BEGIN:VEVENT")
BY = "ORGANIZER:mailto:zoe@far.test"
ADDRESSES = ("home:;;1 rue;Lille", "work:;;2 rue;Lyon", "dom:;;3 rue;Brest", "dom:;;4 rue;Nice")

EXAMPLES: dict[str, Example] = {
    "three-addresses": person(
        "FN:a", *(f"EMAIL:{one}@x.test" for one in "abcd"), comes="NOTE:.*EMAIL: d@x.test"
    ),
    "address-kind": person("FN:b", "EMAIL;TYPE=home:b@x.test", gone="home"),
    "number-places": person("FN:c", "TEL;TYPE=fax:1", "TEL;TYPE=fax:2", comes=r"TEL \(fax\): 2"),
    "number-kind": person("FN:d", "TEL;TYPE=video:1", comes=r"TEL \(video\): 1"),
    "three-postal-addresses": person(
        "FN:e", *(f"ADR;TYPE={one};;;" for one in ADDRESSES), comes="NOTE:.*Nice"
    ),
    "postal-kind": person("FN:f", "ADR;TYPE=holiday:;;1 rue;Lille;;;", comes=r"ADR \(holiday\): "),
    "postal-lines": person("FN:g", "ADR:;4e;1 rue;Lille;;;", comes=r"4e\\n1 rue"),
    "three-messaging": person(
        "FN:h", *(f"IMPP:xmpp:{one}@x.test" for one in "abcd"), comes="IMPP: xmpp:d@x.test"
    ),
    "three-pages": person("FN:i", "URL:http://a/", "URL:http://b/", comes="NOTE:.*URL: http://b/"),
    "one-title": person("FN:j", "TITLE:Singer", "TITLE:Baker", comes="NOTE:.*TITLE: Baker"),
    "one-relation": person(
        "FN:k", "X-MANAGER:Ann", "X-MANAGER:Bob", comes=r"NOTE:.*RELATED \(manager\): Bob"
    ),
    "day-too-early": person("FN:l", "BDAY:1564-04-26", comes="NOTE:.*BDAY: 1564-04-26"),
    "no-field": person("FN:m", "GEO:geo:1", comes="NOTE:.*GEO: geo:1"),
    "member-address": person(
        "FN:n", "KIND:group", "MEMBER:urn:uuid:1", comes="NOTE:.*MEMBER: urn:uuid:1"
    ),
    "recurrence": appointment("UID:a", *WHEN, "RRULE:FREQ=SECONDLY", comes="DESCRIPTION:.*RRULE: "),
    "recurrence-parts": appointment(
        "UID:b", *WHEN, "RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15", gone="BYMONTHDAY=1,15"
    ),
    "occurrence-moved": appointment(
        "UID:c",
        *DAILY,
        *ANOTHER,
        *("UID:c", "RECURRENCE-ID:20240103T100000Z", "DTSTART:20240105T100000Z", "DURATION:PT1H"),
        comes="EXDATE",
        gone="RECURRENCE-ID",
    ),
    "occurrence-field": appointment(
        "UID:d",
        *(*DAILY, "SUMMARY:one", *ANOTHER, "UID:d", "RECURRENCE-ID:20240103T100000Z"),
        *("DTSTART:20240103T120000Z", "DURATION:PT1H", "SUMMARY:other", "CATEGORIES:Own"),
        comes="DESCRIPTION:.*CATEGORIES: Own",
    ),
    "last-occurrence": appointment(
        "UID:e",
        *(*WHEN, "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20240101T100000Z", "EXDATE:20240102T100000Z"),
        comes="DTSTART",
    ),
    "zone": Example(ItemKind.EVENTS, zoned("+0017", "Odd"), "DTSTART:20240101T094300Z", "TZID"),
    "floating": appointment(
        "UID:f", "DTSTART:20240101T100000", "DURATION:PT1H", comes="TZID=Europe/Paris"
    ),
    "too-long": appointment(
        "UID:g", "DTSTART:20240101T100000Z", "DTEND:20400101T100000Z", gone="2040"
    ),
    "ends-before-start": appointment(
        "UID:h", "DTSTART:20240101T100000Z", "DTEND:20230101T100000Z", gone="2023"
    ),
    "long-subject": appointment(
        "UID:i", *WHEN, f"SUMMARY:{'x' * 300}", comes="DESCRIPTION:.*x{300}"
    ),
    "answers": appointment(
        *("UID:j", *WHEN, BY, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@far.test"),
        comes="DESCRIPTION:.*bob@far.test: ACCEPTED",
        gone="PARTSTAT=ACCEPTED",
    ),
    "task-hours": task("UID:a", "DUE:20240301T150000Z", comes="DESCRIPTION:.*DUE: 2024-03-01"),
    "task-completed": task(
        "UID:b", "COMPLETED:20240301T150000Z", comes="DESCRIPTION:.*COMPLETED: 2024-03-01"
    ),
    "task-series": task("UID:c", "RRULE:FREQ=DAILY", comes="DESCRIPTION:.*RRULE: FREQ=DAILY"),
    "uid-of-contacts": person("FN:o", "UID:known", comes="UID:known"),
    "preferred": person(
        "FN:p", "TEL;TYPE=cell:1", "TEL;TYPE=work:2", comes="TEL[^:]*:2.*TEL[^:]*:1"
    ),
    "file-as": person("FN:q", "N:Noël;Zoé;;;", "X-FILE-AS:Noël\\, Zoé", gone="FILE-AS"),
    "names-of-several-parts": person("FN:r", "N:r;Zoé;Marie,Anne;;", comes=r"Marie\\, Anne"),
    "several-notes": person("FN:s", "NOTE:one", "NOTE:two", comes=r"NOTE:one\\ntwo"),
    "public": person("FN:t", "CLASS:PUBLIC", gone="CLASS"),
    "written-by-programs": person("FN:u", "REV:20200101T000000Z", gone="REV"),
    "form-of-rules": appointment(
        "UID:k", *WHEN, "RRULE:FREQ=YEARLY;INTERVAL=3", comes="INTERVAL=36", gone="FREQ=YEARLY;INT"
    ),
    "series-of-one": appointment("UID:l", *WHEN, "RRULE:FREQ=DAILY;COUNT=1", gone="RRULE"),
    "days-not-there": appointment(
        *("UID:m", "DTSTART:20240131T100000Z", "DURATION:PT1H", "RRULE:FREQ=MONTHLY"),
        comes="EXDATE.*20240229",
    ),
    "priority": appointment("UID:n", *WHEN, "PRIORITY:3", comes="PRIORITY:1", gone="PRIORITY:3"),
    "one-reminder": appointment(
        *("UID:o", *WHEN, "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Wake", "TRIGGER:-PT5M"),
        "END:VALARM",
        comes="TRIGGER:-PT5M",
        gone="Wake",
    ),
    "organizer": appointment(
        "UID:p", *WHEN, "ATTENDEE:mailto:bob@far.test", comes="ORGANIZER.*anna@exchange.test"
    ),
    "names-of-people": appointment(
        "UID:q", *WHEN, BY, "ATTENDEE;CN=bob@far.test:mailto:bob@far.test", gone="CN=bob"
    ),
    "order-of-people": appointment(
        *("UID:r", *WHEN, BY, "ATTENDEE;ROLE=OPT-PARTICIPANT:mailto:ann@far.test"),
        "ATTENDEE:mailto:bob@far.test",
        comes="bob@far.test.*ann@far.test",
    ),
    "days-of-tasks": task("UID:d", "DUE:20240301T000000", comes="DUE;VALUE=DATE:20240301"),
    "done": task("UID:e", "STATUS:COMPLETED", comes="PERCENT-COMPLETE:100"),
    "status-of-tasks": task("UID:f", "SUMMARY:x", "STATUS:NEEDS-ACTION", gone="STATUS"),
    "status": appointment("UID:s", *WHEN, "STATUS:CONFIRMED", gone="STATUS"),
    "html": appointment(
        *("UID:t", *WHEN, "DESCRIPTION:plain", "X-ALT-DESC;FMTTYPE=text/html:<p>rich</p>"),
        comes="DESCRIPTION:rich",
        gone="plain",
    ),
    "all-to-come": appointment(
        "UID:u",
        *(*WHEN, "RRULE:FREQ=DAILY", *ANOTHER, "UID:u"),
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20240103T100000Z",
        *("DTSTART:20240103T120000Z", "DURATION:PT1H", "SUMMARY:later"),
        comes="DESCRIPTION:.*20240103T100000Z",
        gone="RANGE=THISANDFUTURE:",
    ),
    "zones-by-name": Example(
        ItemKind.EVENTS, zoned("+0500", "Europe/Paris"), "TZOFFSETTO:\\+0100", "+0500"
    ),
    "zone-names": appointment(
        *("UID:v", "DTSTART;TZID=Europe/Brussels:20240101T100000", "DURATION:PT1H"),
        comes="TZID=Europe/Paris",
        gone="Brussels",
    ),
}
