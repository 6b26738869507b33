"""Contacts, events and tasks of a file as a source: ICS, VCF, CSV, or a zip with any of them.

The validity of its folders is a hash of the file, and the key of an item its place in it: a file
that did not change is continued where it was left. A first day (`since`) leaves out events that
were over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath

from ...model.items import Folder, FolderRole, Item, ItemKind, ItemRef
from ...model.ports import Refused
from ...model.problem import ItemError, OwnerNeeded, Place, Problem, ProblemId
from ...model.progress import Reading
from ..convert.calendar.over import over_before
from ..convert.identity import identify
from ..convert.set_aside import set_aside
from .archives import is_archive, open_archive
from .calendars import calendar_sections
from .cards import card_section
from .content import Brake, Content, Shelf, beginning_in_utf8
from .csv_contacts.section import csv_section, is_contacts_csv
from .disk_names import as_key
from .in_one_encoding import in_one_encoding
from .layout import number_name
from .section import Section, of_each

WINDOW = 2000
LARGEST = 128 << 20
"""Bytes above which nothing is a card, an event or a task of a person."""

_CALENDAR = re.compile(rb"^[ \t]*BEGIN[ \t]*:[ \t]*V(?!CARD)", re.I | re.M)
_CARD = re.compile(rb"^[ \t]*(?:[\w.-]+\.)?BEGIN[ \t]*:[ \t]*VCARD\b", re.I | re.M)
_ROLES = {
    ItemKind.CONTACTS: FolderRole.CONTACTS,
    ItemKind.EVENTS: FolderRole.CALENDAR,
    ItemKind.TASKS: FolderRole.TASKS,
}


class PeopleSource:
    """A `Source` over one file, which is read when its folders are asked for."""

    parallel = 1

    def __init__(self, path: Path) -> None:
        """Raises `OwnerNeeded` (FILE_UNREADABLE) when the file cannot be opened."""
        self._brake = Brake()
        self._key = as_key(path.name)
        self._file = Content.open(path, self._brake)
        self._state = self._file.state()
        self._shelf = Shelf(self._brake)
        self._sections: dict[str, Section] = {}
        self._folders: list[Folder] = []
        self._validity = 0

    def folders(self) -> list[Folder]:
        """Raises `OwnerNeeded` (FILE_NOT_UNDERSTOOD) when none of these kinds is in the file."""
        if not self._folders:
            self._folders = self._read()
        return self._folders

    def idle(self) -> None:
        """A file stays open by itself."""

    def close(self) -> None:
        self._file.close()
        self._shelf.close()

    def abort(self) -> None:
        self._brake.pull()

    def tell_reading(self, tell: Callable[[Reading], None]) -> None:
        self._brake.tell = tell

    # -- reading what there is -----------------------------------------------------------

    def _read(self) -> list[Folder]:
        validity = self._validity = self._file.validity()
        remarks: list[Problem] = []
        if is_archive(self._file):
            self._read_archive(remarks)
        else:
            self._add(self._file, self._file.name, self._key)
        if not self._sections:
            detail = "; ".join(problem.detail for problem in remarks)
            problem = Problem(ProblemId.FILE_NOT_UNDERSTOOD, Place.SOURCE, detail, self._file.name)
            raise OwnerNeeded(problem)
        roles = _roles(self._sections)
        names = _names(self._sections)
        folders = [
            _folder(key, names[key], section, roles.get(key), validity)
            for key, section in self._sections.items()
        ]
        told = folders[0].remarks + tuple(remarks)
        return [replace(folders[0], remarks=told), *folders[1:]]

    def _read_archive(self, remarks: list[Problem]) -> None:
        try:
            archive = open_archive(self._file)
        except ItemError as error:
            remarks.append(error.problem)
            return
        names: set[str] = set()

        def is_wanted(name: str, size: int, beginning: bytes) -> bool:
            names.add(name)
            return _is_ours(beginning)

        for name, pieces in archive.each(is_wanted):
            try:
                self._add(self._shelf.put(pieces, name), name, name)
            except ItemError as error:
                remarks.append(error.problem)
        remarks += archive.problems
        self._sections = _with_lone_items_together(
            self._sections, PurePosixPath(self._file.name), frozenset(names)
        )

    def _add(self, content: Content, name: str, key: str) -> None:
        content = in_one_encoding(content, self._shelf)
        stem = PurePosixPath(name).stem
        for section in _sections(content, stem):
            if _is_own(stem):
                # Google names the file of the main calendar by the address, whatever its name.
                section = replace(section, named=False)
            self._sections[f"{key}/{section.kind}/{section.name}"] = section

    # -- the items -----------------------------------------------------------------------

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        section = self._section(folder)
        sizes = section.sizes
        for end in range(len(sizes), 0, -WINDOW):
            places = range(end - 1, max(0, end - WINDOW) - 1, -1)
            yield [
                ItemRef(folder.key, str(place + 1), sizes[place])
                for place in places
                if since is None or not _is_over(section, place, since)
            ]

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        section = self._section(folder)
        for ref in refs:
            answer = self._item(section, ref)
            # Of a file that was cut meanwhile it may be a part.
            self._section(folder)
            yield answer

    def _section(self, folder: Folder) -> Section:
        """Raises `ItemError` (FILE_CHANGED) when the file is not what it was."""
        self.folders()
        section = self._sections.get(folder.key)
        other = folder.validity != self._validity
        if section is None or other or self._file.state() != self._state:
            detail = "the file has changed since it was read"
            raise ItemError(Problem(ProblemId.FILE_CHANGED, Place.SOURCE, detail, folder.name))
        return section

    def _item(self, section: Section, ref: ItemRef) -> Item | Refused:
        place = int(ref.key) - 1
        if not 0 <= place < len(section.sizes):
            return Refused(ref, Problem(ProblemId.ITEM_GONE, Place.SOURCE))
        if section.sizes[place] > LARGEST:
            detail = f"{section.sizes[place]} bytes"
            return Refused(ref, Problem(ProblemId.ITEM_UNREADABLE, Place.SOURCE, detail))
        payload = section.read(place)
        if payload is None:
            detail = "nothing in it can be read"
            return Refused(ref, Problem(ProblemId.ITEM_UNREADABLE, Place.SOURCE, detail))
        known = identify(section.kind, payload)
        return Item(
            ref=ref,
            payload=payload,
            fingerprint=known.fingerprint,
            content=known.content,
            kind=section.kind,
            label=known.label,
        )


def _is_over(section: Section, place: int, day: date) -> bool:
    if section.kind is not ItemKind.EVENTS or section.sizes[place] > LARGEST:
        return False
    payload = section.read(place)
    if payload is None:
        return False
    with closing(payload), closing(set_aside(payload)) as aside:
        return over_before(aside.text, day)


def _is_ours(beginning: bytes) -> bool:
    """Whether a file that begins so may hold contacts, events or tasks."""
    plain = beginning_in_utf8(beginning)
    found = _CALENDAR.search(plain) or _CARD.search(plain)
    return found is not None or is_contacts_csv(beginning)


def _sections(content: Content, stem: str) -> list[Section]:
    """Of a file by what it holds; one may hold cards and a calendar."""
    card = card_section(content, stem)
    found = [*([card] if card is not None else []), *calendar_sections(content, stem)]
    if not found:
        listed = csv_section(content, stem)
        found = [listed] if listed is not None else []
    return found


def _with_lone_items_together(
    sections: dict[str, Section], archive: PurePosixPath, names: frozenset[str]
) -> dict[str, Section]:
    """What lies in one place of an archive that has a file for each item, see `lone_items`.

    `names` are those in the archive: what this program saved is a folder by itself.
    """
    lone: dict[tuple[PurePosixPath, ItemKind], dict[str, Section]] = {}
    for key, section in sections.items():
        if len(section.sizes) == 1 and not section.named:
            file = PurePosixPath(key.rpartition(f"/{section.kind}/")[0])
            if str(file.with_name(number_name(file.name))) not in names:
                lone.setdefault((file.parent, section.kind), {})[key] = section
    several = {place: found for place, found in lone.items() if len(found) > 1}
    gathered = {key for found in several.values() for key in found}
    return {
        **{key: section for key, section in sections.items() if key not in gathered},
        **{
            f"{place}/{kind}": of_each(place.name or archive.stem, [*found.values()])
            for (place, kind), found in several.items()
        },
    }


def _folder(
    key: str, name: str, section: Section, role: FolderRole | None, validity: int
) -> Folder:
    return Folder(
        path=(name,),
        key=key,
        role=role,
        count=len(section.sizes),
        size=sum(section.sizes),
        validity=validity,
        next_key=len(section.sizes) + 1,
        remarks=section.remarks,
        kind=section.kind,
    )


def _names(sections: dict[str, Section]) -> dict[str, str]:
    """The name of each section's folder: where two kinds have one name, the later gets a number."""
    kinds: dict[str, ItemKind] = {}
    names = {}
    for key, section in sections.items():
        name, number = section.name, 2
        while kinds.setdefault(name.casefold(), section.kind) is not section.kind:
            name = f"{section.name} ({number})"
            number += 1
        names[key] = name
    return names


def _roles(sections: dict[str, Section]) -> dict[str, FolderRole]:
    """The one section of a kind is the usual folder of that kind.

    A calendar with a name of its own keeps it, unless that is an address as Google's main one has.
    """
    roles = {}
    for kind, role in _ROLES.items():
        keys = [
            key
            for key, section in sections.items()
            if section.kind is kind
            and (kind is not ItemKind.EVENTS or not section.named or _is_own(section.name))
        ]
        if len(keys) == 1:
            roles[keys[0]] = role
    return roles


def _is_own(name: str) -> bool:
    return "@" in name and not name.endswith(".calendar.google.com")
