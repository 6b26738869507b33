"""Properties of an appointment that EWS has no field for, or does not let be written."""

from __future__ import annotations

from exchangelib import CalendarItem, ExtendedProperty


class OrganizerName(ExtendedProperty):  # type: ignore[misc]
    """PidTagSentRepresentingName."""

    property_tag = 0x0042
    property_type = "String"


class OrganizerAddressType(ExtendedProperty):  # type: ignore[misc]
    """PidTagSentRepresentingAddressType."""

    property_tag = 0x0064
    property_type = "String"


class OrganizerAddress(ExtendedProperty):  # type: ignore[misc]
    """PidTagSentRepresentingEmailAddress."""

    property_tag = 0x0065
    property_type = "String"


class OrganizerSmtpAddress(ExtendedProperty):  # type: ignore[misc]
    """PidTagSentRepresentingSmtpAddress."""

    property_tag = 0x5D02
    property_type = "String"


PROPERTIES = {
    "organizer_name": OrganizerName,
    "organizer_address_type": OrganizerAddressType,
    "organizer_address": OrganizerAddress,
    "organizer_smtp_address": OrganizerSmtpAddress,
}
for _name, _property in PROPERTIES.items():
    CalendarItem.register(_name, _property)
