"""What Exchange takes from the MIME of a new message."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from .identity import new_id
from .moments import show
from .soap import Element, EwsError, make
from .store import Attachment, Item, Store

HEADER_LINE = re.compile(rb"[!-9;-~]+[ \t]*:")
MBOX_LINE = re.compile(rb"\A\s*From [^\n]*\n")
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SIGNED = "IPM.Note.SMIME.MultipartSigned"
ENCRYPTED = "IPM.Note.SMIME"
MEETINGS = {
    "REQUEST": "IPM.Schedule.Meeting.Request",
    "REPLY": "IPM.Schedule.Meeting.Resp.Pos",
    "CANCEL": "IPM.Schedule.Meeting.Canceled",
}
IMPORTANCE = {"high": "High", "low": "Low"}
SENSITIVITY = {
    "personal": "Personal",
    "private": "Private",
    "company-confidential": "Confidential",
}


def read_mime(text: str) -> bytes:
    """The bytes of a MimeContent; EwsError when they are no message."""
    try:
        data = b64decode(text, validate=False)
    except Base64Error:
        raise EwsError(
            "ErrorMimeContentInvalidBase64String", "Mime content is not a valid base64 string."
        ) from None
    if not HEADER_LINE.match(MBOX_LINE.sub(b"", data, count=1)):
        raise EwsError("ErrorMimeContentInvalid", "The MIME content is invalid.")
    return data


def absorb(store: Store, item: Item, data: bytes) -> None:
    """Fill the fields the request did not give, and list the attachments."""
    item.mime = data
    message = message_from_bytes(data)
    found = _headers(message) | _dates(message)
    item_class = _item_class(message)
    if item_class is not None:
        found["item:ItemClass"] = make("t:ItemClass", item_class)
    parts = _Parts(message, whole=item_class in (SIGNED, ENCRYPTED))
    found["item:Body"] = make("t:Body", clean(parts.body), BodyType=parts.body_type)
    for path, element in found.items():
        item.fields.setdefault(path, element)
    for part in parts.attached:
        _attach(store, item, part)


def clean(text: str) -> str:
    """The text without what XML cannot hold."""
    return NOT_XML.sub("", text)


def raw_headers(message: Message) -> list[tuple[str, str]]:
    """Names and values with their undecoded bytes as surrogates."""
    return [(name, str(value)) for name, value in message.raw_items()]


def header_text(value: object) -> str:
    """A header unfolded and decoded, bytes of unknown origin as Latin 1."""
    flat = " ".join(str(value).split())
    decoded = ""
    try:
        for part, charset in decode_header(flat):
            raw = part.encode("ascii", "surrogateescape") if isinstance(part, str) else part
            decoded += _decode(raw, charset)
    except (ValueError, LookupError, HeaderParseError):
        decoded = flat.encode("utf-8", "replace").decode()
    return clean(decoded)


def _decode(raw: bytes, charset: str | None) -> str:
    for candidate in (charset, "utf-8"):
        try:
            return raw.decode(candidate or "ascii")
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1")


def mailbox_element(name: str, address: str) -> Element:
    return make(
        "t:Mailbox",
        make("t:Name", clean(name or address)),
        make("t:EmailAddress", clean(address)),
        make("t:RoutingType", "SMTP"),
        make("t:MailboxType", "OneOff"),
    )


def _people(message: Message, header: str) -> list[Element]:
    values = [value for name, value in raw_headers(message) if name.lower() == header.lower()]
    try:
        pairs = getaddresses(values)
    except RecursionError:
        return []
    return [mailbox_element(header_text(name), address) for name, address in pairs if address]


def _headers(message: Message) -> dict[str, Element]:
    first = {name.lower(): value for name, value in reversed(raw_headers(message))}
    subject = header_text(first.get("subject", ""))
    found: dict[str, Element] = {"item:Subject": make("t:Subject", subject)}
    for path, header in (
        ("item:InReplyTo", "In-Reply-To"),
        ("message:InternetMessageId", "Message-ID"),
        ("message:References", "References"),
    ):
        if header.lower() in first:
            text = header_text(first[header.lower()])
            found[path] = make(f"t:{path.partition(':')[2]}", text)
    for name, values in (("Importance", IMPORTANCE), ("Sensitivity", SENSITIVITY)):
        chosen = values.get(first.get(name.lower(), "").strip().lower())
        if chosen is not None:
            found[f"item:{name}"] = make(f"t:{name}", chosen)
    for name in ("From", "Sender"):
        people = _people(message, name) or _people(message, "From")
        if people:
            found[f"message:{name}"] = make(f"t:{name}", people[0])
    for name, header in (
        ("ToRecipients", "To"),
        ("CcRecipients", "Cc"),
        ("BccRecipients", "Bcc"),
        ("ReplyTo", "Reply-To"),
    ):
        people = _people(message, header)
        if people:
            found[f"message:{name}"] = make(f"t:{name}", *people)
    return found


def _dates(message: Message) -> dict[str, Element]:
    try:
        sent = show(parsedate_to_datetime(message["Date"]))
    except (TypeError, ValueError, OverflowError):
        return {}
    return {"item:DateTimeSent": make("t:DateTimeSent", sent)}


def _item_class(message: Message) -> str | None:
    if message.get_content_type() == "multipart/signed":
        return SIGNED
    if message.get_content_type() in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        return ENCRYPTED
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            return MEETINGS.get(str(part.get_param("method", "")).upper())
    return None


class _Parts:
    """The body Exchange shows and the parts that become attachments."""

    def __init__(self, message: Message, *, whole: bool) -> None:
        self.texts: dict[str, str] = {}
        self.attached: list[Message] = []
        if whole:
            self.attached.append(message)
        else:
            self._sort(message)

    @property
    def body_type(self) -> str:
        return "HTML" if "text/html" in self.texts else "Text"

    @property
    def body(self) -> str:
        return self.texts.get("text/html") or self.texts.get("text/plain", "")

    def _sort(self, part: Message) -> None:
        kind = part.get_content_type()
        if kind.startswith("multipart/") and part.is_multipart():
            for child in part.get_payload():
                self._sort(child)  # type: ignore[arg-type]
        elif (
            kind in ("text/plain", "text/html")
            and kind not in self.texts
            and part.get_content_disposition() != "attachment"
            and not part.get_filename()
        ):
            raw = part.get_payload(decode=True) or b""
            assert isinstance(raw, bytes)
            self.texts[kind] = _decode(raw, part.get_content_charset())
        else:
            self.attached.append(part)


def _attach(store: Store, item: Item, part: Message) -> None:
    kind = part.get_content_type()
    inline = part.get_content_disposition() == "inline" or part["Content-ID"] is not None
    nested = part.get_payload()
    is_message = kind == "message/rfc822" and isinstance(nested, list) and bool(nested)
    name = header_text(part.get_filename() or ("" if is_message else "attachment"))
    attachment = Attachment(
        new_id("attach", store.next_change()), item, make("t:About"), from_mime=True
    )
    if is_message:
        assert isinstance(nested, list)
        inner = nested[0]
        assert isinstance(inner, Message)
        attachment.item = store.new_item("Message", item.folder)
        absorb(store, attachment.item, inner.as_bytes())
        name = name or header_text(inner["Subject"] or "")
    elif part.is_multipart():
        attachment.content = part.as_bytes()
        name = "smime.p7m"
    else:
        raw = part.get_payload(decode=True) or b""
        assert isinstance(raw, bytes)
        attachment.content = raw
    content_id = header_text(part["Content-ID"]).strip("<>") if part["Content-ID"] else None
    for tag, text in (
        ("Name", name),
        ("ContentType", kind),
        ("ContentId", content_id),
        ("IsInline", "true" if inline else "false"),
    ):
        if text is not None:
            attachment.about.append(make(f"t:{tag}", text))
    item.attachments.append(attachment)
