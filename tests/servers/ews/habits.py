"""What correct and incomplete EWS servers do otherwise than Exchange, each to be put on alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from lxml import etree

from .server import Answer, EwsServer
from .soap import Element, EwsError, M, SoapFault, T, children, find, local
from .versions import EXCHANGE_2010, EXCHANGE_2016

Habit = Callable[[EwsServer], None]
Change = Callable[[str, Element], None]
"""Of the body of a reply to that operation."""

PADDING = "-" * 600
UNHEARD_OF = ("ErrorInvalidPropertyRequest", "The property is not valid for this object type.")


# -- ways to put one on ----------------------------------------------------------------------


def replying(change: Change) -> Habit:
    """The change of every reply that is no fault."""

    def rewritten(operation: str, reply: bytes) -> bytes:
        whole = etree.fromstring(reply)
        change(operation, whole)
        return etree.tostring(whole, xml_declaration=True, encoding="utf-8")

    def habit(exchange: EwsServer) -> None:
        exchange.rewrite = rewritten

    return habit


def written(change: Callable[[bytes], bytes]) -> Habit:
    """The change of the octets of every reply."""

    def habit(exchange: EwsServer) -> None:
        exchange.rewrite = lambda operation, reply: change(reply)

    return habit


def hearing(listen: Callable[[Element], None]) -> Habit:
    """What is understood of every request, or refused."""

    def habit(exchange: EwsServer) -> None:
        exchange.service.hears = listen

    return habit


def both(*habits: Habit) -> Habit:
    def habit(exchange: EwsServer) -> None:
        for one in habits:
            one(exchange)

    return habit


def _all(root: Element, *names: str) -> list[Element]:
    return [one for name in names for one in root.iter(f"{{{T}}}{name}", f"{{{M}}}{name}")]


def _drop(elements: Iterable[Element]) -> None:
    for one in list(elements):
        above = one.getparent()
        if above is not None:
            above.remove(one)


def without(*names: str) -> Habit:
    """Elements that are never given."""
    return replying(lambda operation, body: _drop(_all(body, *names)))


def without_attributes(*names: str) -> Habit:
    def change(operation: str, body: Element) -> None:
        for one in body.iter():
            for name in names:
                one.attrib.pop(name, None)

    return replying(change)


def lacking(*operations: str) -> Habit:
    """Operations nobody wrote."""

    def listen(body: Element) -> None:
        if local(body) in operations:
            raise SoapFault("ErrorInvalidRequest", "Unknown request.")

    return hearing(listen)


# -- how it is written -----------------------------------------------------------------------


def default_namespaces(reply: bytes) -> bytes:
    """No prefix anywhere."""

    def bare(element: Element) -> Element:
        name = etree.QName(element)
        other = etree.Element(element.tag, dict(element.attrib), nsmap={None: name.namespace})
        other.text = element.text
        other.extend([bare(child) for child in children(element)])
        return other

    return etree.tostring(bare(etree.fromstring(reply)), xml_declaration=True, encoding="utf-8")


def indented(reply: bytes) -> bytes:
    """With blanks, comments before, within and behind, and no declaration."""
    whole = etree.fromstring(reply)
    etree.indent(whole, " ")
    for one in _all(whole, "ResponseMessages", "Items", "Folders"):
        one.insert(0, etree.Comment(" x "))
    return b"<!-- x -->\n" + etree.tostring(whole) + b"\n<!-- y -->\n"


def in_latin(reply: bytes) -> bytes:
    text = etree.tostring(etree.fromstring(reply), xml_declaration=True, encoding="iso-8859-1")
    return bytes(text)


def lines_of_base64(operation: str, body: Element) -> None:
    for one in _all(body, "MimeContent", "Content"):
        text = one.text or ""
        one.text = "\r\n".join(text[at : at + 76] for at in range(0, len(text), 76)) + "\n"


def other_dates(operation: str, body: Element) -> None:
    """With fractions of many digits, and a zone in hours."""
    for one in _all(body, "DateTimeReceived", "LastModifiedTime"):
        one.text = re.sub(r"(T[\d:]+)Z$", r"\1.123456789+00:00", one.text or "")
    for one in _all(body, "Start", "End", "StartDate", "DueDate", "EndDate"):
        one.text = re.sub(r"(T[\d:]+)(Z|[+-][\d:]+)?$", r"\1.000000\2", one.text or "")


def warnings_and_no_class(operation: str, body: Element) -> None:
    for messages in _all(body, "ResponseMessages"):
        for message in children(messages):
            del message.attrib["ResponseClass"]


# -- versions --------------------------------------------------------------------------------


def only_2010(exchange: EwsServer) -> None:
    exchange.service.version = EXCHANGE_2010


def oldest_schema(exchange: EwsServer) -> None:
    """It says neither its version nor why it refuses one."""
    exchange.service.version = replace(EXCHANGE_2010, newest_schema="Exchange2010_SP1")
    without_header(exchange)
    rewritten = exchange.rewrite

    def otherwise(operation: str, reply: bytes) -> bytes:
        return rewritten(operation, reply).replace(
            b"ErrorInvalidServerVersion", b"ErrorSchemaValidation"
        )

    exchange.rewrite = otherwise


def version_of_nobody(exchange: EwsServer) -> None:
    """It says one that it refuses."""
    exchange.service.version = replace(EXCHANGE_2016, answers_as="Exchange2019")


def without_header(exchange: EwsServer) -> None:
    def change(operation: str, body: Element) -> None:
        header = find(body, "s:Header")
        if header is not None:
            body.remove(header)

    replying(change)(exchange)


# -- signing in ------------------------------------------------------------------------------


def no_challenge(exchange: EwsServer) -> None:
    """401 that does not tell how."""
    exchange.tells_schemes = False


def closes(exchange: EwsServer) -> None:
    """A new connection for each request."""
    exchange.keeps_alive = False


# -- folders ---------------------------------------------------------------------------------


def one_level(body: Element) -> None:
    """Every listing is shallow."""
    if local(body) == "FindFolder":
        body.set("Traversal", "Shallow")


def no_deep(body: Element) -> None:
    if body.get("Traversal") == "Deep":
        raise EwsError("ErrorInvalidOperation", "Only shallow traversal is supported.")


def refuses_unknown_roles(body: Element) -> None:
    """All of a request, for one folder that it has not."""
    unknown = {"outbox", "junkemail", "msgfolderroot"}
    asked = {one.get("Id") for one in body.iter(f"{{{T}}}DistinguishedFolderId")}
    if asked & unknown:
        raise SoapFault("ErrorSchemaValidation", "Id: the enumeration constraint failed.")


def few_roles(body: Element) -> None:
    for one in body.iter(f"{{{T}}}DistinguishedFolderId"):
        if one.get("Id") in ("outbox", "junkemail", "msgfolderroot", "drafts"):
            one.set("Id", "nothing")


def one_folder(body: Element) -> None:
    """One folder is made of each request."""
    if local(body) == "CreateFolder":
        _drop(children(find(body, "m:Folders"))[1:])


def no_parents_on_top(operation: str, body: Element) -> None:
    listed = {one.get("Id") for one in _all(body, "FolderId")}
    _drop(one for one in _all(body, "ParentFolderId") if one.get("Id") not in listed)


# -- items -----------------------------------------------------------------------------------


def pages_of(number: int) -> Habit:
    def habit(exchange: EwsServer) -> None:
        exchange.service.most_found = number

    return habit


def part_of_each_batch(body: Element) -> None:
    """Only the first three of what is asked for are answered."""
    for name in ("Items", "ItemIds", "AttachmentIds"):
        holder = find(body, f"m:{name}")
        if holder is not None:
            _drop(children(holder)[3:])


def in_another_order(operation: str, body: Element) -> None:
    """Items that are read come last first."""
    if operation == "GetItem":
        for messages in _all(body, "ResponseMessages"):
            messages[:] = reversed(children(messages))


def mime_by_flag(body: Element) -> None:
    """MimeContent is no property there."""
    _drop(
        one
        for one in list(body.iter(f"{{{T}}}FieldURI"))
        if one.get("FieldURI") == "item:MimeContent"
    )


def long_ids(exchange: EwsServer) -> None:
    def longer(operation: str, body: Element) -> None:
        for one in body.iter():
            if isinstance(one.tag, str) and local(one).endswith("Id") and one.get("Id"):
                one.set("Id", one.get("Id", "") + PADDING)

    def listen(body: Element) -> None:
        for one in body.iter():
            for name in ("Id", "RecurringMasterId"):
                if one.get(name):
                    one.set(name, one.get(name, "").removesuffix(PADDING))

    replying(longer)(exchange)
    hearing(listen)(exchange)


def no_ids_of_new_items(operation: str, body: Element) -> None:
    if operation == "CreateItem":
        _drop(_all(body, "ItemId"))


def wants_change_keys(body: Element) -> None:
    if local(body) == "UpdateItem":
        for one in body.iter(f"{{{T}}}ItemId"):
            if not one.get("ChangeKey"):
                raise EwsError("ErrorChangeKeyRequiredForWriteOperations", "A change key, please.")


def no_attachments(exchange: EwsServer) -> None:
    """HTTP alone says so."""

    def instead(entry: object) -> Answer | None:
        known = getattr(entry, "operation", "") != "CreateAttachment"
        return None if known else (500, {}, b"Internal Server Error")

    exchange.instead = instead


# -- extended properties ---------------------------------------------------------------------


def _names_property(element: Element) -> bool:
    return next(element.iter(f"{{{T}}}ExtendedFieldURI"), None) is not None


def keeps_no_properties(body: Element) -> None:
    """Neither those it is given nor those it has are ever told."""
    if find(body, "m:Restriction") is not None and _names_property(body):
        raise EwsError("ErrorUnsupportedPathForQuery", "Not to be searched for.")
    for name in ("ExtendedProperty", "ExtendedFieldURI"):
        for one in list(body.iter(f"{{{T}}}{name}")):
            above = one.getparent()
            if above is not None and local(above) in ("SetItemField", "DeleteItemField"):
                above.getparent().remove(above)
            elif above is not None:
                above.remove(one)
    for holder in list(body.iter(f"{{{T}}}AdditionalProperties")):
        if not len(holder):
            holder.getparent().remove(holder)


def refuses_properties(body: Element) -> None:
    if _names_property(body):
        raise EwsError(*UNHEARD_OF)


def finds_no_properties(body: Element) -> None:
    """They are told of single items only."""
    if local(body).startswith("Find") and _names_property(body):
        raise EwsError(*UNHEARD_OF)


def no_named_properties(body: Element) -> None:
    """It knows properties by their tags alone."""
    for one in body.iter(f"{{{T}}}ExtendedFieldURI"):
        if one.get("PropertyName"):
            raise EwsError("ErrorInvalidExtendedProperty", "Only tags.")


def no_order(exchange: EwsServer) -> None:
    exchange.service.sorts = exchange.service.restricts = False


HABITS: dict[str, Habit] = {
    "default namespaces": written(default_namespaces),
    "indented": written(indented),
    "in Latin": written(in_latin),
    "lines of base64": replying(lines_of_base64),
    "other dates": replying(other_dates),
    "no response class": replying(warnings_and_no_class),
    "only 2010": only_2010,
    "oldest schema": oldest_schema,
    "a version of nobody": version_of_nobody,
    "no header": without_header,
    "no challenge": no_challenge,
    "closes": closes,
    "one level of folders": hearing(one_level),
    "no deep listing": hearing(no_deep),
    "refuses unknown roles": hearing(refuses_unknown_roles),
    "few roles": hearing(few_roles),
    "one new folder at a time": hearing(one_folder),
    "no folder classes": without("FolderClass"),
    "no counts": without("TotalCount", "ChildFolderCount", "Size", "UnreadCount"),
    "no parents on top": replying(no_parents_on_top),
    "pages of one": pages_of(1),
    "pages that tell nothing": both(
        pages_of(2),
        without_attributes("IncludesLastItemInRange", "IndexedPagingOffset", "TotalItemsInView"),
    ),
    "all at once, and tells nothing": without_attributes(
        "IncludesLastItemInRange", "IndexedPagingOffset", "TotalItemsInView"
    ),
    "part of each batch": hearing(part_of_each_batch),
    "another order": replying(in_another_order),
    "MIME by a flag": hearing(mime_by_flag),
    "long ids": long_ids,
    "no change keys": without_attributes("ChangeKey"),
    "wants change keys": hearing(wants_change_keys),
    "no ids of new items": replying(no_ids_of_new_items),
    "no order": no_order,
    "finds no properties": hearing(finds_no_properties),
}
"""With these all of a mailbox can be copied."""

LIMITS: dict[str, Habit] = {
    "no attachments": no_attachments,
    "no changes": lacking("UpdateItem"),
    "keeps no properties": hearing(keeps_no_properties),
    "refuses properties": hearing(refuses_properties),
    "no named properties": hearing(no_named_properties),
}
"""These cost something of it."""
