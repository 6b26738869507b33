"""Folders: find, get, create, change, delete, and follow their changes."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass, field

from .properties import PropertyPath, read_path, read_property, write_property
from .request import Request, for_each, inner
from .restriction import Condition, read_restriction
from .soap import (
    Element,
    EwsError,
    SoapFault,
    children,
    find,
    local,
    make,
    need,
    plain,
    response,
    success,
    text_at,
)
from .store import Folder
from .words import words

KINDS = {
    "IPF.Appointment": "CalendarFolder",
    "IPF.Contact": "ContactsFolder",
    "IPF.Task": "TasksFolder",
}
CLASSES = {kind: folder_class for folder_class, kind in KINDS.items()}
FIELDS = words(
    "FolderId ParentFolderId FolderClass DisplayName TotalCount ChildFolderCount "
    "ExtendedProperty ManagedFolderInformation EffectiveRights DistinguishedFolderId "
    "PermissionSet UnreadCount"
)
WITHOUT_UNREAD = ("CalendarFolder", "ContactsFolder")
MOST_FOLDERS = 1000


@dataclass(slots=True)
class FolderShape:
    base: str = "IdOnly"
    fields: set[str] = field(default_factory=set)
    properties: list[PropertyPath] = field(default_factory=list)


def read_folder_shape(request: Request, element: Element | None) -> FolderShape:
    shape = FolderShape()
    if element is None:
        return shape
    shape.base = text_at(element, "t:BaseShape") or "IdOnly"
    for path in inner(element, "t:AdditionalProperties"):
        if local(path) == "ExtendedFieldURI":
            shape.properties.append(read_path(path))
            continue
        prefix, _, name = path.get("FieldURI", "").partition(":")
        too_new = name == "DistinguishedFolderId" and request.version.build[0] < 15
        if (prefix == "folder" and name not in FIELDS) or too_new:
            raise SoapFault("ErrorSchemaValidation", f"unknown FieldURI folder:{name}")
        shape.fields.add(name)
    return shape


def folder_id(folder: Folder) -> Element:
    return make("t:FolderId", Id=folder.id, ChangeKey=folder.change_key)


def show_folder(folder: Folder, shape: FolderShape) -> Element:
    """The element of the folder, in the order of the schema."""
    kind = KINDS.get(".".join((folder.folder_class or "").split(".")[:2]), "Folder")
    shown = make(f"t:{kind}")
    default = {"DisplayName", "TotalCount", "ChildFolderCount"}
    default |= {"UnreadCount"} if kind == "Folder" else set()
    everything = shape.base == "AllProperties"
    for name in FIELDS:
        if name == "ExtendedProperty":
            values = ((path, _property(folder, path)) for path in shape.properties)
            shown.extend(write_property(path, one) for path, one in values if one is not None)
        elif (
            name == "FolderId"
            or everything
            or name in shape.fields
            or (shape.base == "Default" and name in default)
        ):
            element = _field(folder, name)
            if element is not None and not (name == "UnreadCount" and kind in WITHOUT_UNREAD):
                shown.append(element)
    return shown


def _property(folder: Folder, path: PropertyPath) -> str | list[str] | None:
    known = {0x3001: folder.name, 0x3613: folder.folder_class, 0x10F4: "false"}
    return folder.properties[path] or known.get(path.tag or 0)


def _field(folder: Folder, name: str) -> Element | None:
    if name == "FolderId":
        return folder_id(folder)
    if name == "ParentFolderId":
        above = folder.parent or folder
        return make("t:ParentFolderId", Id=above.id, ChangeKey=above.change_key)
    if name == "EffectiveRights":
        rights = words("CreateAssociated CreateContents CreateHierarchy Delete Modify Read")
        given = [make(f"t:{right}", "true") for right in rights]
        return make("t:EffectiveRights", *given, make("t:ViewPrivateItems", "true"))
    simple: dict[str, object] = {
        "FolderClass": folder.folder_class,
        "DisplayName": folder.name,
        "TotalCount": len(folder.items),
        "ChildFolderCount": len(folder.children),
        "DistinguishedFolderId": folder.distinguished,
    }
    if name == "UnreadCount":
        simple[name] = sum(
            _unread(item.fields.get("message:IsRead")) for item in folder.items.values()
        )
    value = simple.get(name)
    return None if value is None else make(f"t:{name}", plain(value))


def _unread(is_read: Element | None) -> bool:
    return is_read is not None and is_read.text == "false"


def get_folder(request: Request, body: Element) -> Element:
    shape = read_folder_shape(request, find(body, "m:FolderShape"))
    return for_each(
        "GetFolder",
        inner(body, "m:FolderIds"),
        lambda one: [make("m:Folders", show_folder(request.folder(one), shape))],
    )


def find_folder(request: Request, body: Element) -> Element:
    shape = read_folder_shape(request, find(body, "m:FolderShape"))
    restriction = find(body, "m:Restriction")
    condition = read_restriction(restriction) if restriction is not None else None
    view = find(body, "m:IndexedPageFolderView")
    deep = body.get("Traversal") == "Deep"

    def answer(one: Element) -> list[Element]:
        parent = request.folder(one)
        found = [
            folder
            for folder in (parent.below() if deep else parent.children)
            if condition is None or _meets(folder, condition)
        ]
        offset = int(view.get("Offset", "0")) if view is not None else 0
        most = (
            int(view.get("MaxEntriesReturned") or MOST_FOLDERS)
            if view is not None
            else MOST_FOLDERS
        )
        page = found[offset : offset + min(most, MOST_FOLDERS)]
        folders = make("t:Folders", *(show_folder(folder, shape) for folder in page))
        return [page_of(folders, offset + len(page), len(found))]

    return for_each("FindFolder", inner(body, "m:ParentFolderIds"), answer)


def page_of(content: Element, next_offset: int, total: int) -> Element:
    """The RootFolder of a find operation."""
    return make(
        "m:RootFolder",
        content,
        IndexedPagingOffset=next_offset,
        TotalItemsInView=total,
        IncludesLastItemInRange=next_offset >= total,
    )


def _meets(folder: Folder, condition: Condition) -> bool:
    def text(path: str | PropertyPath) -> str | list[str] | None:
        if isinstance(path, PropertyPath):
            return _property(folder, path)
        element = _field(folder, path.partition(":")[2])
        return element.text if element is not None else None

    return condition(text)


def create_folder(request: Request, body: Element) -> Element:
    parent = request.folder_in(need(body, "m:ParentFolderId"))

    def answer(one: Element) -> list[Element]:
        name = text_at(one, "t:DisplayName") or ""
        if not name.strip():
            raise EwsError("ErrorFolderSavePropertyError", "A folder needs a name.")
        if parent.child(name) is not None:
            raise EwsError("ErrorFolderExists", "A folder with the specified name already exists.")
        folder_class = text_at(one, "t:FolderClass") or CLASSES.get(local(one), "IPF.Note")
        folder = parent.mailbox.add_folder(parent, name, folder_class)
        for given in children(one):
            if local(given) == "ExtendedProperty":
                path, value = read_property(given)
                folder.properties[path] = value
        return [make("m:Folders", show_folder(folder, FolderShape()))]

    return for_each("CreateFolder", inner(body, "m:Folders"), answer)


def update_folder(request: Request, body: Element) -> Element:
    """Names and extended properties."""

    def answer(one: Element) -> list[Element]:
        folder = request.folder(children(one)[0])
        for update in inner(one, "t:Updates"):
            given = children(children(update)[1])[0]
            if local(given) == "ExtendedProperty":
                path, value = read_property(given)
                folder.properties[path] = value
            elif local(given) == "DisplayName":
                _rename(folder, given.text or "")
            else:
                raise EwsError("ErrorInvalidPropertySet", "Set action is invalid for property.")
        folder.changed_at = request.store.next_change()
        return [make("m:Folders", show_folder(folder, FolderShape()))]

    return for_each("UpdateFolder", inner(body, "m:FolderChanges"), answer)


def _rename(folder: Folder, name: str) -> None:
    namesake = folder.parent.child(name) if folder.parent is not None else None
    if namesake is not None and namesake is not folder:
        raise EwsError("ErrorFolderExists", "A folder with the specified name already exists.")
    folder.name = name


def delete_folder(request: Request, body: Element) -> Element:
    def answer(one: Element) -> list[Element]:
        folder = request.folder(one)
        if folder.distinguished is not None:
            raise EwsError("ErrorDeleteDistinguishedFolder", "This folder cannot be deleted.")
        folder.mailbox.remove_folder(folder)
        return []

    return for_each("DeleteFolder", inner(body, "m:FolderIds"), answer)


def empty_folder(request: Request, body: Element) -> Element:
    def answer(one: Element) -> list[Element]:
        folder = request.folder(one)
        for item in list(folder.items.values()):
            request.store.remove(item)
        if body.get("DeleteSubFolders") == "true":
            for child in folder.children:
                child.mailbox.remove_folder(child)
        return []

    return for_each("EmptyFolder", inner(body, "m:FolderIds"), answer)


def sync_folder_hierarchy(request: Request, body: Element) -> Element:
    shape = read_folder_shape(request, find(body, "m:FolderShape"))
    given = find(body, "m:SyncFolderId")
    folder = request.folder_in(given) if given is not None else request.user.distinguished("root")
    since = _state(text_at(body, "m:SyncState"), folder.id)
    changes = make("m:Changes")
    for one in sorted(folder.below(), key=lambda one: one.changed_at):
        if one.changed_at > since:
            verb = "Create" if one.arrived_at > since else "Update"
            changes.append(make(f"t:{verb}", show_folder(one, shape)))
    for gone_at, identifier, arrived_at in folder.mailbox.gone_folders:
        if gone_at > since >= arrived_at:
            changes.append(make("t:Delete", make("t:FolderId", Id=identifier)))
    message = success(
        "SyncFolderHierarchy",
        make("m:SyncState", _written_state(folder, request.store.changes)),
        make("m:IncludesLastFolderInRange", "true"),
        changes,
    )
    return response("SyncFolderHierarchy", [message])


def _written_state(folder: Folder, number: int) -> str:
    return b64encode(f"hierarchy {number} {folder.id}".encode()).decode()


def _state(text: str | None, folder: str) -> int:
    if not text:
        return 0
    try:
        kind, number, whose = b64decode(text, validate=True).decode().split(" ")
        if (kind, whose) == ("hierarchy", folder):
            return int(number)
    except ValueError:
        pass
    raise EwsError("ErrorInvalidSyncStateData", "The synchronization state data is invalid.")


OPERATIONS = {
    "GetFolder": get_folder,
    "FindFolder": find_folder,
    "CreateFolder": create_folder,
    "UpdateFolder": update_folder,
    "DeleteFolder": delete_folder,
    "EmptyFolder": empty_folder,
    "SyncFolderHierarchy": sync_folder_hierarchy,
}
