"""Properties of a contact that EWS has no field for ([MS-OXOCNTC], [MS-OXPROPS])."""

from __future__ import annotations

from exchangelib import Contact, ExtendedProperty


class _Tagged(ExtendedProperty):  # type: ignore[misc]
    property_type = "String"


class _OfContacts(ExtendedProperty):  # type: ignore[misc]
    distinguished_property_set_id = "Address"
    property_type = "String"


class NamePrefix(_Tagged):
    """PidTagDisplayNamePrefix."""

    property_tag = 0x3A45


class Gender(_Tagged):
    """PidTagGender: 1 is female, 2 is male."""

    property_tag = 0x3A4D
    property_type = "Short"


class Language(_Tagged):
    """PidTagLanguage."""

    property_tag = 0x3A0C


class PersonalPage(_Tagged):
    """PidTagPersonalHomePage."""

    property_tag = 0x3A50


class HomeBox(_Tagged):
    """PidTagHomeAddressPostOfficeBox."""

    property_tag = 0x3A5E


class OtherBox(_Tagged):
    """PidTagOtherAddressPostOfficeBox."""

    property_tag = 0x3A64


class BusinessBox(_OfContacts):
    """PidLidWorkAddressPostOfficeBox."""

    property_id = 0x804A


class WebPage(_OfContacts):
    """PidLidHtml, the web page that Outlook shows."""

    property_id = 0x802B


class FreeBusy(_OfContacts):
    """PidLidFreeBusyLocation."""

    property_id = 0x80D8


class PhoneticGiven(_OfContacts):
    """PidLidYomiFirstName."""

    property_id = 0x802C


class PhoneticFamily(_OfContacts):
    """PidLidYomiLastName."""

    property_id = 0x802D


PROPERTIES = {
    "name_prefix": NamePrefix,
    "gender": Gender,
    "language": Language,
    "personal_page": PersonalPage,
    "home_box": HomeBox,
    "other_box": OtherBox,
    "business_box": BusinessBox,
    "web_page": WebPage,
    "free_busy": FreeBusy,
    "phonetic_given": PhoneticGiven,
    "phonetic_family": PhoneticFamily,
}
for _name, _property in PROPERTIES.items():
    Contact.register(_name, _property)
