"""The UID that a contact or a task had, in a property of ours: Exchange has no field for it."""

from __future__ import annotations

from exchangelib import Contact, DistributionList, ExtendedProperty, Task

from .elements import Property
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
