"""Fields that Exchange works out when it is asked for them."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from hashlib import blake2b

from . import recurrence
from .aliases import organizer_properties
from .html_text import text_of
from .intake import FROM_ME, RESEND, SUBMITTED, UNMODIFIED, UNSENT, flags_of
from .mime_in import clean, header_text, mailbox_element, raw_headers
from .mime_out import conversation_index
from .moments import show
from .soap import Element, children, make, plain, text_at
from .store import Attachment, Item
from .words import words

MISSING = make("t:Missing")
"""Says that the stored element counts."""


def attachment_id(attachment: Attachment) -> Element:
    return make("t:AttachmentId", Id=attachment.id)


def show_attachment(attachment: Attachment, *more: Element | None) -> Element:
    """A file or an item as a reply lists it, without its content."""
    shown = make("t:FileAttachment" if attachment.item is None else "t:ItemAttachment")
    shown.append(attachment_id(attachment))
    about = attachment.about
    given = {name: text_at(about, f"t:{name}") for name in ("Name", "ContentType", "ContentId")}
    given["ContentLocation"] = text_at(about, "t:ContentLocation")
    given["Size"] = str(attachment.size)
    given["LastModifiedTime"] = show(attachment.owner.created)
    given["IsInline"] = text_at(about, "t:IsInline") or "false"
    if attachment.item is None:
        given["IsContactPhoto"] = text_at(about, "t:IsContactPhoto") or "false"
    for name, text in given.items():
        if text is not None:
            shown.append(make(f"t:{name}", text))
    shown.extend(one for one in more if one is not None)
    return shown


def _simple(name: str, compute: Callable[[Item], object]) -> Callable[[Item], Element | None]:
    def computed(item: Item) -> Element | None:
        value = compute(item)
        return None if value is None else make(f"t:{name}", plain(value))

    return computed


def _flag(name: str, bit: int) -> Callable[[Item], Element | None]:
    def computed(item: Item) -> Element | None:
        if item.kind not in ("Message", "PostItem"):
            return make(f"t:{name}", "false")
        return make(f"t:{name}", plain(bool(flags_of(item) & bit)))

    return computed


def _parent(item: Item) -> Element:
    return make("t:ParentFolderId", Id=item.folder.id, ChangeKey=item.folder.change_key)


def _attachments(item: Item) -> Element | None:
    if not item.attachments:
        return None
    return make("t:Attachments", *(show_attachment(one) for one in item.attachments))


def _headers(item: Item) -> Element | None:
    if item.mime is None:
        return None
    headers = raw_headers(message_from_bytes(item.mime))
    return make(
        "t:InternetMessageHeaders",
        *(make("t:InternetMessageHeader", header_text(v), HeaderName=clean(k)) for k, v in headers),
    )


def _names(path: str) -> Callable[[Item], str]:
    def computed(item: Item) -> str:
        element = item.fields.get(path)
        people = children(element) if element is not None else []
        return "; ".join(text_at(one, "t:Name") or "" for one in people)

    return computed


def _moment(name: str, path: str) -> Callable[[Item], Element | None]:
    """Stored for messages, the moment of creation for everything else."""

    def computed(item: Item) -> Element | None:
        return (
            item.fields.get(path) if path in item.fields else make(f"t:{name}", show(item.created))
        )

    return computed


def _rights(item: Item) -> Element:
    names = words("CreateAssociated CreateContents CreateHierarchy Delete Modify Read")
    allowed = {"Delete", "Modify", "Read"}
    rights = [make(f"t:{name}", plain(name in allowed)) for name in names]
    return make("t:EffectiveRights", *rights, make("t:ViewPrivateItems", "true"))


def _reminder_due(item: Item) -> Element | None:
    if item.kind != "CalendarItem":
        return MISSING
    return make("t:ReminderDueBy", item.text("calendar:Start"))


def _text_body(item: Item) -> Element | None:
    body = item.fields.get("item:Body")
    if body is None:
        return None
    text = body.text or ""
    return make(
        "t:TextBody", text_of(text) if body.get("BodyType") == "HTML" else text, BodyType="Text"
    )


def _flag_status(item: Item) -> Element | None:
    names = {"1": "Complete", "2": "Flagged"}
    status = names.get(item.properties.tag(0x1090) or "", "NotFlagged")
    return make("t:Flag", make("t:FlagStatus", status))


def _topic(item: Item) -> str:
    return item.text("item:Subject").removeprefix("Re: ").removeprefix("Fwd: ")


def _conversation(item: Item) -> Element:
    return make("t:ConversationId", Id=blake2b(_topic(item).encode(), digest_size=16).hexdigest())


def _calendar_kind(item: Item) -> str:
    if item.master is not None:
        return "Exception" if item.original in item.master.exceptions else "Occurrence"
    return "RecurringMaster" if recurrence.is_series(item) else "Single"


def _attended(item: Item) -> bool:
    paths = ("calendar:RequiredAttendees", "calendar:OptionalAttendees", "calendar:Resources")
    return any(len(item.fields[path]) for path in paths if path in item.fields)


def _organizer(item: Item) -> Element:
    mailbox = item.folder.mailbox
    name, address = organizer_properties(item) or (mailbox.name, mailbox.address)
    return make("t:Organizer", mailbox_element(name, address))


def _duration(item: Item) -> str:
    length = recurrence.end_of(item) - recurrence.start_of(item)
    hours, seconds = divmod(length.seconds, 3600)
    parts = [f"{length.days}D"] if length.days else []
    clock = [f"{hours}H"] if hours else []
    clock += [f"{seconds // 60}M"] if seconds else []
    return "P" + "".join(parts) + ("T" + "".join(clock) if clock or not parts else "")


def _first(item: Item) -> Element | None:
    if not recurrence.is_series(item):
        return None
    return recurrence.occurrence_info(item, "FirstOccurrence", recurrence.first_and_last(item)[0])


def _last(item: Item) -> Element | None:
    last = recurrence.first_and_last(item)[1] if recurrence.is_series(item) else None
    return None if last is None else recurrence.occurrence_info(item, "LastOccurrence", last)


def _modified(item: Item) -> Element | None:
    infos = [recurrence.occurrence_info(item, "Occurrence", one) for one in sorted(item.exceptions)]
    for dates in [] if _tells(item) else infos:
        dates[1:] = []
    return make("t:ModifiedOccurrences", *infos) if infos else None


def _deleted(item: Item) -> Element | None:
    gone = [
        make("t:DeletedOccurrence", *([make("t:Start", show(one))] if _tells(item) else []))
        for one in sorted(item.deleted)
    ]
    return make("t:DeletedOccurrences", *gone) if gone else None


def _tells(item: Item) -> bool:
    return item.folder.mailbox.store.tells_occurrences


def _original(name: str) -> Callable[[Item], Element | None]:
    return _simple(
        name,
        lambda item: show(item.original) if item.original is not None and _tells(item) else None,
    )


def _complete_name(item: Item) -> Element | None:
    title = item.properties.tag(0x3A45)
    parts = {
        "Title": title or "",
        "FirstName": item.text("contacts:GivenName"),
        "MiddleName": item.text("contacts:MiddleName"),
        "LastName": item.text("contacts:Surname"),
        "Suffix": item.text("contacts:Generation"),
        "Initials": item.text("contacts:Initials"),
        "FullName": item.text("contacts:DisplayName"),
        "Nickname": item.text("contacts:Nickname"),
    }
    given = [make(f"t:{name}", text) for name, text in parts.items() if text]
    return make("t:CompleteName", *given) if given else None


def _has_picture(item: Item) -> bool:
    return any(text_at(one.about, "t:IsContactPhoto") == "true" for one in item.attachments)


def _recurring(item: Item) -> bool:
    return item.master is not None or f"{_family(item)}:Recurrence" in item.fields


def _family(item: Item) -> str:
    return "task" if item.kind == "Task" else "calendar"


def _stored_or(path: str, name: str, default: str) -> Callable[[Item], Element | None]:
    def computed(item: Item) -> Element | None:
        return item.fields.get(path) if path in item.fields else make(f"t:{name}", default)

    return computed


def _has_file(item: Item) -> bool:
    inline = [text_at(one.about, "t:IsInline") == "true" for one in item.attachments]
    return not all(inline)


COMPUTED: dict[str, Callable[[Item], Element | None]] = {
    "item:ParentFolderId": _parent,
    "item:Attachments": _attachments,
    "item:DateTimeReceived": _moment("DateTimeReceived", "item:DateTimeReceived"),
    "item:DateTimeSent": _moment("DateTimeSent", "item:DateTimeSent"),
    "item:DateTimeCreated": _simple("DateTimeCreated", lambda item: show(item.created)),
    "item:LastModifiedTime": _simple("LastModifiedTime", lambda item: show(item.modified)),
    "item:LastModifiedName": _simple("LastModifiedName", lambda item: item.folder.mailbox.name),
    "item:Size": _simple("Size", lambda item: item.size),
    "item:IsSubmitted": _flag("IsSubmitted", SUBMITTED),
    "item:IsDraft": _flag("IsDraft", UNSENT),
    "item:IsFromMe": _flag("IsFromMe", FROM_ME),
    "item:IsResend": _flag("IsResend", RESEND),
    "item:IsUnmodified": _flag("IsUnmodified", UNMODIFIED),
    "item:InternetMessageHeaders": _headers,
    "item:DisplayTo": _simple("DisplayTo", _names("message:ToRecipients")),
    "item:DisplayCc": _simple("DisplayCc", _names("message:CcRecipients")),
    "item:HasAttachments": _simple("HasAttachments", _has_file),
    "item:EffectiveRights": _rights,
    "item:IsAssociated": _simple("IsAssociated", lambda item: False),
    "item:ReminderDueBy": _reminder_due,
    "item:ReminderIsSet": _stored_or("item:ReminderIsSet", "ReminderIsSet", "false"),
    "item:TextBody": _text_body,
    "item:Flag": _flag_status,
    "item:ConversationId": _conversation,
    "message:ConversationIndex": _simple(
        "ConversationIndex", lambda item: conversation_index(item.text("item:Subject"))
    ),
    "message:ConversationTopic": _simple("ConversationTopic", _topic),
    "calendar:CalendarItemType": _simple("CalendarItemType", _calendar_kind),
    "calendar:IsRecurring": _simple("IsRecurring", _recurring),
    "calendar:IsAllDayEvent": _stored_or("calendar:IsAllDayEvent", "IsAllDayEvent", "false"),
    "calendar:IsResponseRequested": _stored_or(
        "calendar:IsResponseRequested", "IsResponseRequested", "true"
    ),
    "calendar:IsMeeting": _simple("IsMeeting", _attended),
    "calendar:IsCancelled": _simple("IsCancelled", lambda item: False),
    "calendar:MeetingRequestWasSent": _simple("MeetingRequestWasSent", lambda item: False),
    "calendar:MyResponseType": _simple(
        "MyResponseType", lambda item: "Organizer" if _attended(item) else "Unknown"
    ),
    "calendar:Organizer": _organizer,
    "calendar:Duration": _simple("Duration", _duration),
    "calendar:AppointmentSequenceNumber": _simple("AppointmentSequenceNumber", lambda item: 0),
    "calendar:AppointmentState": _simple("AppointmentState", lambda item: int(_attended(item))),
    "calendar:FirstOccurrence": _first,
    "calendar:LastOccurrence": _last,
    "calendar:ModifiedOccurrences": _modified,
    "calendar:DeletedOccurrences": _deleted,
    "calendar:OriginalStart": _original("OriginalStart"),
    "calendar:RecurrenceId": _original("RecurrenceId"),
    "calendar:DateTimeStamp": _simple("DateTimeStamp", lambda item: show(item.created)),
    "contacts:CompleteName": _complete_name,
    "contacts:HasPicture": _simple("HasPicture", _has_picture),
    "contacts:ContactSource": _simple("ContactSource", lambda item: "Store"),
    "task:IsComplete": _simple("IsComplete", lambda item: item.text("task:Status") == "Completed"),
    "task:IsRecurring": _simple("IsRecurring", _recurring),
    "task:IsTeamTask": _simple("IsTeamTask", lambda item: False),
    "task:ChangeCount": _simple("ChangeCount", lambda item: 1),
    "task:Owner": _simple("Owner", lambda item: item.folder.mailbox.name),
    "task:StatusDescription": _simple("StatusDescription", lambda item: item.text("task:Status")),
}
