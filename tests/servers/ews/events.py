"""What Exchange makes of an appointment, a task or a contact when it is saved."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from . import recurrence
from .global_id import own_uid
from .mime_in import clean
from .moments import parse, show, show_date, zone
from .soap import Element, EwsError, children, find, find_all, local, make, text_at
from .store import Item, Store

LONGEST = timedelta(days=5 * 366)
HALF_AN_HOUR = timedelta(minutes=30)
PEOPLE = ("calendar:RequiredAttendees", "calendar:OptionalAttendees", "calendar:Resources")


def finish_event(store: Store, item: Item, context_zone: str | None) -> None:
    """Zone, whole days, UID and recurrence of an appointment as Exchange keeps them."""
    fields = item.fields
    if "calendar:StartTimeZone" not in fields:
        fields["calendar:StartTimeZone"] = make("t:StartTimeZone", Id=context_zone or "UTC")
    name = fields["calendar:StartTimeZone"].get("Id", "")
    zone(name)
    fields.setdefault("calendar:EndTimeZone", make("t:EndTimeZone", Id=name))
    start = fields.get("calendar:Start")
    begins = parse(start.text or "") if start is not None else store.now().replace(microsecond=0)
    end = fields.get("calendar:End")
    ends = parse(end.text or "") if end is not None else begins + HALF_AN_HOUR
    if ends < begins:
        raise EwsError(
            "ErrorCalendarEndDateIsEarlierThanStartDate",
            "EndDate is earlier than StartDate",
        )
    if ends - begins > LONGEST:
        raise EwsError("ErrorCalendarDurationIsTooLong", "The duration is too long.")
    if item.text("calendar:IsAllDayEvent") == "true":
        begins, ends = _whole_days(item, begins, ends)
    _set_times(item, begins, ends)
    if "calendar:UID" not in fields:
        fields["calendar:UID"] = make("t:UID", own_uid(item.id[-16:].encode()))
    for path in PEOPLE:
        for attendee in children(fields[path]) if path in fields else []:
            _complete_attendee(attendee)
    if item.master is None and "calendar:Recurrence" in fields:
        _finish_series(item)


def _set_times(item: Item, begins: datetime, ends: datetime) -> None:
    item.fields["calendar:Start"] = make("t:Start", show(begins))
    item.fields["calendar:End"] = make("t:End", show(ends))


def _whole_days(item: Item, begins: datetime, ends: datetime) -> tuple[datetime, datetime]:
    """Midnight to midnight in the appointment's own zone."""
    local_zone = recurrence.zone_of(item)
    first = datetime.combine(begins.astimezone(local_zone).date(), time(), local_zone)
    last = ends.astimezone(local_zone)
    day = last.date() + timedelta(days=last.time() != time())
    day = max(day, first.date() + timedelta(days=1))
    return first, datetime.combine(day, time(), local_zone)


def _complete_attendee(attendee: Element) -> None:
    """Exchange does not take from a client what somebody answered."""
    for one in children(attendee):
        if local(one) == "Mailbox":
            complete_mailbox(one)
        else:
            attendee.remove(one)
    attendee.append(make("t:ResponseType", "Unknown"))


def complete_mailbox(mailbox: Element) -> None:
    """Name and routing type, which Exchange always shows, in their places."""
    address = text_at(mailbox, "t:EmailAddress") or ""
    given = {local(one): one for one in children(mailbox)}
    given.setdefault("Name", make("t:Name", clean(address)))
    given.setdefault("RoutingType", make("t:RoutingType", "SMTP"))
    given.setdefault("MailboxType", make("t:MailboxType", "OneOff"))
    for name in ("Name", "EmailAddress", "RoutingType", "MailboxType", "ItemId"):
        if name in given:
            mailbox.append(given[name])


def _finish_series(item: Item) -> None:
    pattern = item.fields["calendar:Recurrence"]
    recurrence.check_recurrence(pattern)
    _settle_dates(pattern, recurrence.zone_of(item))
    length = recurrence.end_of(item) - recurrence.start_of(item)
    first = next(recurrence.instants(item))
    if first != recurrence.start_of(item):
        _set_times(item, first, first + length)


def _settle_dates(pattern: Element, local_zone: ZoneInfo) -> None:
    for day in (*find_all(pattern, "*/t:StartDate"), *find_all(pattern, "*/t:EndDate")):
        midnight = datetime.fromisoformat((day.text or "")[:10])
        day.text = show_date(midnight.replace(tzinfo=local_zone))


def reshape_series(item: Item) -> None:
    """A new pattern or a new hour: changed and deleted occurrences are forgotten."""
    item.exceptions.clear()
    item.deleted.clear()


def finish_task(store: Store, item: Item) -> None:
    """Status, percentage and completion date agree with each other."""
    if "task:Recurrence" in item.fields:
        _settle_dates(item.fields["task:Recurrence"], ZoneInfo("UTC"))
    completed = item.text("task:CompleteDate")
    percent = float(item.text("task:PercentComplete") or 0)
    status = item.text("task:Status") or ("InProgress" if percent else "NotStarted")
    if completed or percent >= 100 or status == "Completed":
        status, percent = "Completed", 100.0
        today = store.now().replace(hour=0, minute=0, second=0)
        completed = completed or show(today)
        item.fields["task:CompleteDate"] = make("t:CompleteDate", completed)
    item.fields["task:Status"] = make("t:Status", status)
    item.fields["task:PercentComplete"] = make("t:PercentComplete", f"{percent:g}")


def finish_contact(item: Item) -> None:
    """Display name and file-as made up from the parts when they are missing."""
    given, surname = item.text("contacts:GivenName"), item.text("contacts:Surname")
    full = " ".join(part for part in (given, surname) if part)
    if not item.text("contacts:DisplayName") and full:
        item.fields["contacts:DisplayName"] = make("t:DisplayName", full)
    company = item.text("contacts:CompanyName")
    last_first = ", ".join(part for part in (surname, given) if part)
    made_up = {
        "LastCommaFirst": last_first,
        "FirstSpaceLast": full,
        "Company": company,
        "LastSpaceFirst": " ".join(part for part in (surname, given) if part),
    }.get(item.text("contacts:FileAsMapping"))
    if made_up is not None:
        item.fields["contacts:FileAs"] = make("t:FileAs", made_up)
    elif "contacts:FileAs" not in item.fields:
        shown = item.text("contacts:DisplayName") or company
        item.fields["contacts:FileAs"] = make("t:FileAs", shown)
    addresses = item.fields.get("contacts:EmailAddresses")
    for entry in children(addresses) if addresses is not None else []:
        entry.set("Name", entry.get("Name") or entry.text or "")
        entry.set("RoutingType", entry.get("RoutingType") or "SMTP")
        entry.set("MailboxType", "OneOff")


def finish_list(item: Item) -> None:
    """Each member of a distribution list gets a key and a status."""
    members = item.fields.get("distributionlist:Members")
    for number, member in enumerate(children(members) if members is not None else []):
        mailbox = find(member, "t:Mailbox")
        if mailbox is None or text_at(mailbox, "t:EmailAddress") is None:
            raise EwsError("ErrorInvalidRecipients", "A member has no address.")
        complete_mailbox(mailbox)
        member.set("Key", member.get("Key") or f"{item.id[8:40]}{number:08d}")
        if find(member, "t:Status") is None:
            member.append(make("t:Status", "Normal"))
    name = item.text("contacts:DisplayName")
    item.fields["contacts:FileAs"] = make("t:FileAs", name)
    item.fields["item:Subject"] = make("t:Subject", name)
