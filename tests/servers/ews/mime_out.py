"""The MIME of an item as Exchange gives it back: rebuilt, never the bytes that went in."""

from __future__ import annotations

from base64 import b64encode
from email import message_from_bytes
from email.charset import BASE64, QP, Charset
from email.encoders import encode_base64
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import blake2b
from textwrap import wrap

from .html_text import text_of
from .mime_in import ENCRYPTED, SIGNED, header_text, raw_headers
from .moments import parse
from .soap import Element, children, local, text_at
from .store import Item

KEPT_OF_PARTS = ("content-id", "content-description", "content-disposition", "content-location")
WIDTH = 76
WIRE = SMTP.clone(max_line_length=None)


def mime_of(item: Item) -> bytes:
    """RFC 5322 for a message, iCalendar for an appointment, vCard for a contact."""
    if item.kind in ("Message", "PostItem", "Task", "DistributionList"):
        return _message(item)
    return _calendar(item) if item.kind == "CalendarItem" else _card(item)


def _message(item: Item) -> bytes:
    original = message_from_bytes(item.mime) if item.mime is not None else _from_fields(item)
    content = original if _class(item) in (SIGNED, ENCRYPTED) else _content(original)
    old = raw_headers(original)
    headers = [(n, header_text(v)) for n, v in old if n.lower() in ("received", "return-path")]
    headers += _own_headers(item)
    headers += [(n, header_text(v)) for n, v in old if n.lower().startswith("x-")]
    headers += [("X-MS-Has-Attach", "yes" if item.attachments else ""), ("MIME-Version", "1.0")]
    lines = [_line(name, _encoded(value)) for name, value in headers]
    lines += [_line(n, v) for n, v in raw_headers(content) if n.lower().startswith("content-")]
    body = content.as_bytes(policy=WIRE)
    return b"".join([*lines, b"\r\n", body[_end_of_headers(body) :]])


def _line(name: str, value: str) -> bytes:
    folded = "\r\n ".join(wrap(value, WIDTH, break_long_words=False, break_on_hyphens=False))
    return f"{name}: {folded}\r\n".encode("utf-8", "surrogateescape")


def _end_of_headers(data: bytes) -> int:
    return 2 if data.startswith(b"\r\n") else data.index(b"\r\n\r\n") + 4


def _class(item: Item) -> str | None:
    element = item.fields.get("item:ItemClass")
    return element.text if element is not None else None


def _own_headers(item: Item) -> list[tuple[str, str]]:
    fields = item.fields
    subject = item.text("item:Subject")
    headers = [
        (header, ", ".join(_address(one) for one in children(fields[path])))
        for header, path in (
            ("From", "message:From"),
            ("Sender", "message:Sender"),
            ("Reply-To", "message:ReplyTo"),
            ("To", "message:ToRecipients"),
            ("CC", "message:CcRecipients"),
            ("BCC", "message:BccRecipients"),
        )
        if path in fields and not (path.endswith("Sender") and _same_sender(item))
    ]
    headers.append(("Subject", subject))
    headers.append(("Thread-Topic", subject))
    headers.append(("Thread-Index", conversation_index(subject)))
    if "item:DateTimeSent" in fields:
        sent = parse(fields["item:DateTimeSent"].text or "")
        headers.append(("Date", format_datetime(sent)))
    for header, path in (
        ("Message-ID", "message:InternetMessageId"),
        ("References", "message:References"),
        ("In-Reply-To", "item:InReplyTo"),
    ):
        if item.text(path):
            headers.append((header, item.text(path)))
    if item.text("item:Importance") in ("High", "Low"):
        headers.append(("Importance", item.text("item:Importance").lower()))
    if item.text("item:Sensitivity") not in ("", "Normal"):
        names = {"Confidential": "company-confidential"}
        value = item.text("item:Sensitivity")
        headers.append(("Sensitivity", names.get(value, value.lower())))
    return headers


def conversation_index(subject: str) -> str:
    """What Outlook would put messages together by."""
    return b64encode(b"\x01" + blake2b(subject.encode(), digest_size=21).digest()).decode()


def _same_sender(item: Item) -> bool:
    sender, author = item.fields["message:Sender"], item.fields.get("message:From")
    path = "t:Mailbox/t:EmailAddress"
    return author is not None and text_at(sender, path) == text_at(author, path)


def _address(mailbox: Element) -> str:
    name, address = text_at(mailbox, "t:Name"), text_at(mailbox, "t:EmailAddress") or ""
    if not name or name == address:
        return f"<{address}>"
    if name.isascii():
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{address}>'
    return f"{Header(name, 'utf-8', maxlinelen=10_000).encode()} <{address}>"


def _encoded(value: str) -> str:
    flat = " ".join(value.split())
    return flat if flat.isascii() else Header(flat, "utf-8").encode(linesep="")


def _content(original: Message) -> Message:
    """The same parts with other boundaries and encodings; HTML alone gets a text beside it."""
    if original.is_multipart() and original.get_content_maintype() == "multipart":
        return _rebuilt(original, "")
    part = _rebuilt(original, "")
    if original.get_content_type() != "text/html":
        return part
    raw = original.get_payload(decode=True) or b""
    assert isinstance(raw, bytes)
    charset = _charset(original)
    both = MIMEMultipart("alternative", boundary="_000_alternative_")
    both.attach(MIMEText(text_of(raw.decode(charset, "replace")), "plain", "utf-8"))
    both.attach(part)
    return both


def _rebuilt(part: Message, position: str) -> Message:
    kind = part.get_content_type()
    if part.is_multipart() and kind.startswith("multipart/"):
        whole = MIMEMultipart(part.get_content_subtype(), boundary=f"_{position or '0'}_rebuilt_")
        for number, child in enumerate(part.get_payload()):
            assert isinstance(child, Message)
            whole.attach(_rebuilt(child, f"{position}{number}x"))
        return whole
    if kind == "message/rfc822" or part.is_multipart():
        return part
    raw = part.get_payload(decode=True) or b""
    assert isinstance(raw, bytes)
    return _leaf(part, kind, raw)


def _leaf(part: Message, kind: str, raw: bytes) -> Message:
    kept = KEPT_OF_PARTS
    if kind in ("text/plain", "text/html") and not part.get_filename():
        charset = Charset("utf-8")
        charset.body_encoding = QP if raw.isascii() else BASE64
        text = raw.decode(_charset(part), "replace")
        new: Message = MIMEText(text, kind.partition("/")[2], charset)  # type: ignore[arg-type]
    else:
        new = MIMEBase(*kind.split("/", 1))
        new.set_payload(raw)
        encode_base64(new)
        kept = (*kept, "content-type")
    del new["MIME-Version"]
    for name, value in raw_headers(part):
        if name.lower() in kept:
            del new[name]
            new[name] = " ".join(value.split())
    return new


def _charset(part: Message) -> str:
    charset = part.get_content_charset() or "utf-8"
    try:
        "".encode(charset)
    except LookupError:
        return "latin-1"
    return charset


def _from_fields(item: Item) -> Message:
    body = item.fields.get("item:Body")
    kind = "html" if body is not None and body.get("BodyType") == "HTML" else "plain"
    return MIMEText((body.text or "") if body is not None else "", kind, "utf-8")


def _calendar(item: Item) -> bytes:
    lines = ["BEGIN:VCALENDAR", "METHOD:PUBLISH", "VERSION:2.0", "BEGIN:VEVENT"]
    for name, path in (("UID", "calendar:UID"), ("SUMMARY", "item:Subject")):
        lines.append(f"{name}:{item.text(path)}")
    for name, path in (("DTSTART", "calendar:Start"), ("DTEND", "calendar:End")):
        lines.append(f"{name}:{parse(item.text(path)):%Y%m%dT%H%M%SZ}")
    return "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


def _card(item: Item) -> bytes:
    names = {local(one): one.text or "" for one in item.fields.values() if not len(one)}
    return "\r\n".join(
        [
            "BEGIN:VCARD",
            "VERSION:3.0",
            f"FN:{names.get('DisplayName', '')}",
            f"N:{names.get('Surname', '')};{names.get('GivenName', '')};;;",
            "END:VCARD",
            "",
        ]
    ).encode()
