"""UIDs that Exchange has no place for: kept in a property of ours, or made up where none is."""

from __future__ import annotations

from hashlib import blake2b

from exchangelib import Contact, DistributionList, ExtendedProperty, Task

from ..transport.elements import Property
from .mark import PROPERTY_SET

FIELD = "stored_uid"
_NAME = "uid"
STORED_UID = Property("String", set_id=PROPERTY_SET, name=_NAME)


class StoredUid(ExtendedProperty):  # type: ignore[misc]
    """The UID of the vCard or the VTODO."""

    property_set_id = PROPERTY_SET
    property_name = _NAME
    property_type = "String"


for _kind in (Contact, DistributionList, Task):
    _kind.register(FIELD, StoredUid)


def made_up_uid(key: str) -> str:
    """For what has none on Exchange: the same for the same item, so that a second run knows it."""
    return blake2b(key.encode(), digest_size=16).hexdigest()
