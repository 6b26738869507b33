"""Files of items: fetched and attached one by one or a few at a time, however large they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ....model.items import Payload
from ..transport.batches import batches
from ..transport.connection import Connection
from ..transport.elements import Element, M, T, children, make, text_of
from ..transport.envelope import Placeholders
from ..transport.faults import Fault, RequestRefused

_AT_ONCE = 20
_BYTES_AT_ONCE = 4 << 20


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be attached."""

    name: str
    media: str
    payload: Payload
    is_photo: bool = False


@dataclass(frozen=True, slots=True)
class ThereFile:
    """A file of an item as a listing tells it; `size` in octets where it is told."""

    id: str
    size: int = 0


def fetch_files(
    connection: Connection, files: Sequence[ThereFile]
) -> Iterator[tuple[str, Payload | Fault]]:
    """The octets of each; of an attached mail the mail."""
    for group in batches(files, lambda one: one.size, _AT_ONCE, _BYTES_AT_ONCE):
        yield from _fetch(connection, group)


def _fetch(
    connection: Connection, files: Sequence[ThereFile]
) -> Iterator[tuple[str, Payload | Fault]]:
    ids = (make("t:AttachmentId", Id=one.id) for one in files)
    shape = make("m:AttachmentShape", make("t:IncludeMimeContent", text="true"))
    try:
        reply = connection.ask(make("m:GetAttachment", shape, make("m:AttachmentIds", *ids)))
    except RequestRefused as error:
        if len(files) == 1:
            yield files[0].id, error.fault
            return
        for one in files:
            yield from _fetch(connection, [one])
        return
    for one, message in zip(files, reply.messages, strict=False):
        yield one.id, connection.fault_of(message) or _octets(message, reply.payloads)


def _octets(message: Element, payloads: Sequence[Payload]) -> Payload | Fault:
    for one in children(message.find(f"{M}Attachments")):
        number = text_of(one, "Content") or one.findtext(f"*/{T}MimeContent") or ""
        if number.isdecimal():
            return payloads[int(number)]
    return Fault("", "no content was given")


def attach(
    connection: Connection, item_key: str, files: Sequence[NewFile]
) -> Iterator[tuple[NewFile, Fault]]:
    """Attach the files; those that the server does not take, and why."""
    for group in batches(files, lambda one: one.payload.size, _AT_ONCE, _BYTES_AT_ONCE):
        yield from _attach(connection, item_key, group)


def _attach(
    connection: Connection, item_key: str, files: Sequence[NewFile]
) -> Iterator[tuple[NewFile, Fault]]:
    places = Placeholders([one.payload for one in files])
    elements = (_element(one, places.text(number)) for number, one in enumerate(files))
    request = make(
        "m:CreateAttachment",
        make("m:ParentItemId", Id=item_key),
        make("m:Attachments", *elements),
    )
    try:
        messages = connection.ask(request, places).messages
    except RequestRefused as error:
        if len(files) == 1:
            yield files[0], error.fault
            return
        for one in files:
            yield from _attach(connection, item_key, [one])
        return
    for one, message in zip(files, messages, strict=False):
        fault = connection.fault_of(message)
        if fault is not None:
            yield one, fault


def _element(file: NewFile, content: str) -> Element:
    media = [make("t:ContentType", text=file.media)] if file.media else []
    photo = [make("t:IsContactPhoto", text="true")] if file.is_photo else []
    return make(
        "t:FileAttachment",
        make("t:Name", text=file.name or "?"),
        *media,
        *photo,
        make("t:Content", text=content),
    )


def detach(connection: Connection, files: Sequence[ThereFile]) -> None:
    """Take files off an item of ours that is written anew; those that are gone are gone."""
    if files:
        ids = (make("t:AttachmentId", Id=one.id) for one in files)
        for message in connection.ask(
            make("m:DeleteAttachment", make("m:AttachmentIds", *ids))
        ).messages:
            connection.fault_of(message)
