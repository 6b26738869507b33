"""Which kind of items a folder of Exchange holds, by its class.

Subclasses such as IPF.Contact.RecipientCache or IPF.Appointment.Birthday are what Exchange and
other programs make by themselves from a person's data: no data of their own. Of mail they are
folders like any other. "Suggested contacts" are of the plain class, and the person sees them.
"""

from __future__ import annotations

from ....model.items import FolderRole, ItemKind

FOLDER_CLASSES = {
    ItemKind.MAIL: "IPF.Note",
    ItemKind.CONTACTS: "IPF.Contact",
    ItemKind.EVENTS: "IPF.Appointment",
    ItemKind.TASKS: "IPF.Task",
}
FOLDER_ELEMENTS = {
    ItemKind.MAIL: "Folder",
    ItemKind.CONTACTS: "ContactsFolder",
    ItemKind.EVENTS: "CalendarFolder",
    ItemKind.TASKS: "TasksFolder",
}
KIND_BY_ROLE = {
    FolderRole.CONTACTS: ItemKind.CONTACTS,
    FolderRole.CALENDAR: ItemKind.EVENTS,
    FolderRole.TASKS: ItemKind.TASKS,
}
ITEM_ELEMENTS = {
    "Contact": ItemKind.CONTACTS,
    "DistributionList": ItemKind.CONTACTS,
    "CalendarItem": ItemKind.EVENTS,
    "Task": ItemKind.TASKS,
}
"""The kind of what is no mail, by the name of its element."""

_BY_CLASS = {name.upper(): kind for kind, name in FOLDER_CLASSES.items()}
# Of mail that Outlook brought from an IMAP account.
_BY_CLASS["IPF.IMAP"] = ItemKind.MAIL
_BY_ELEMENT = {name: kind for kind, name in FOLDER_ELEMENTS.items()}
_MAIL = FOLDER_CLASSES[ItemKind.MAIL].upper()


def kind_of_folder(element: str, folder_class: str) -> ItemKind | None:
    """The kind, by the name of the folder's element and its class; None for what holds neither."""
    named = folder_class.upper()
    if named in ("", "IPF"):
        return _BY_ELEMENT.get(element)
    return ItemKind.MAIL if named.startswith(_MAIL + ".") else _BY_CLASS.get(named)
