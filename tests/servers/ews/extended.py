"""MAPI properties of mail for exchangelib, and names to register them by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from exchangelib import ExtendedProperty, Message


class Delivered(ExtendedProperty):
    property_tag = 0x0E06
    property_type = "SystemTime"


class Submitted(ExtendedProperty):
    property_tag = 0x0039
    property_type = "SystemTime"


class Flags(ExtendedProperty):
    property_tag = 0x0E07
    property_type = "Integer"


class Followed(ExtendedProperty):
    property_tag = 0x1090
    property_type = "Integer"


class Verb(ExtendedProperty):
    property_tag = 0x1081
    property_type = "Integer"


class Print(ExtendedProperty):
    distinguished_property_set_id = "PublicStrings"
    property_name = "omm-print"
    property_type = "String"


class Mailer(ExtendedProperty):
    distinguished_property_set_id = "InternetHeaders"
    property_name = "X-Mailer"
    property_type = "String"


class Transport(ExtendedProperty):
    property_tag = 0x007D
    property_type = "String"


PROPERTIES = {
    "delivered": Delivered,
    "submitted": Submitted,
    "flags": Flags,
    "followed": Followed,
    "verb": Verb,
    "fingerprint": Print,
}


@contextmanager
def registered(**more: type[ExtendedProperty]) -> Iterator[None]:
    """Messages have these properties, and more, until the end of the block."""
    kinds = PROPERTIES | more
    for name, kind in kinds.items():
        Message.register(name, kind)
    try:
        yield
    finally:
        for name in kinds:
            Message.deregister(name)
