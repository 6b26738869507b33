"""The UID that a contact or a task had, in a property of ours: Exchange has no field for it."""

from __future__ import annotations

from exchangelib import Contact, DistributionList, ExtendedProperty, Task

FIELD = "stored_uid"
PROPERTY_SET = "7d4b1f0e-52c8-4b6a-9a55-0c3e8f6b2d91"


class StoredUid(ExtendedProperty):  # type: ignore[misc]
    """The UID of the vCard or the VTODO."""

    property_set_id = PROPERTY_SET
    property_name = "uid"
    property_type = "String"


for _kind in (Contact, DistributionList, Task):
    _kind.register(FIELD, StoredUid)
