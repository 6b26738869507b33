"""A file or a folder of whatever kind as a source: what it holds decides who reads it."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from ..model.account import EndpointKind
from ..model.items import ItemKind
from ..model.ports import Source
from ..model.problem import OwnerNeeded
from .files.content import reading, unreadable
from .files.disk_names import as_key, for_people
from .files.layout import number_name
from .files.mail_source import open_mail
from .files.people import PeopleSource
from .files.recognise import ARCHIVES, FileKind, kind_by_name, kind_of, refusal
from .files.survey import files_below
from .outlook_file.source import OutlookFileSource
from .packed_outlook import PackedOutlookFiles
from .together import Part, Together

_PEOPLE = {
    FileKind.ICS: ItemKind.EVENTS,
    FileKind.VCF: ItemKind.CONTACTS,
    FileKind.CSV: ItemKind.CONTACTS,
}
_OF_PEOPLE = frozenset({EndpointKind.ICS, EndpointKind.VCF, EndpointKind.CSV})
_SEVERAL = ARCHIVES | {FileKind.FOLDER}


def open_file(kind: EndpointKind, path: Path) -> Source:
    """`kind` is what the person takes it for; FILE is found out.

    Raises `OwnerNeeded`: FILE_UNREADABLE when it is not there or cannot be opened,
    ARCHIVE_NOT_READ or FILE_NOT_UNDERSTOOD when it is nothing that the kind can be.
    """
    with reading(path.name):
        found = kind_of(path)
        if path.is_dir():
            os.scandir(path).close()
    if kind is EndpointKind.PST and found in ARCHIVES:
        return PackedOutlookFiles(path)
    if kind is EndpointKind.PST or (kind is EndpointKind.FILE and found is FileKind.PST):
        return OutlookFileSource(path)
    if kind in _OF_PEOPLE or (kind is EndpointKind.FILE and found in _PEOPLE):
        return _together(path, mail=False) if found is FileKind.FOLDER else PeopleSource(path)
    if kind is EndpointKind.FILE and found in _SEVERAL:
        return _together(path, mail=True)
    if found is None:
        raise refusal(path)
    return open_mail(path)


def is_outlook_file(kind: EndpointKind, path: Path) -> bool:
    """Whether it will be read as one; not, when nobody can tell."""
    if kind is EndpointKind.PST:
        return True
    try:
        return kind is EndpointKind.FILE and kind_of(path) is FileKind.PST
    except OSError:
        return False


def _together(path: Path, *, mail: bool) -> Together:
    """All that is in an archive or a folder; `mail` among it or not."""
    name = for_people(path.name)
    parts = [Part("", name, None, partial(open_mail, path))] if mail else []
    if path.is_file():
        parts.append(Part("", name, None, partial(PeopleSource, path)))
        if mail:
            parts.append(Part("", name, None, partial(PackedOutlookFiles, path)))
        return Together(name, parts)
    for file in files_below(path):
        parts += _parts(file, file.relative_to(path).as_posix(), mail=mail)
    return Together(name, parts)


def _parts(file: Path, place: str, *, mail: bool) -> list[Part]:
    """Whoever reads mail looks for that by itself."""
    name, within = for_people(place), as_key(f"{place}/")
    above = as_key(place.removesuffix(file.name))
    try:
        found = kind_of(file)
        if found is FileKind.FOLDER:
            os.scandir(file).close()
    except OSError as error:
        return [] if mail else _closed(file, name, error)
    if found is FileKind.PST and mail:
        return [Part(within, name, ItemKind.MAIL, partial(OutlookFileSource, file))]
    if found in _PEOPLE:
        # What this program saved is a folder by itself, whatever lies beside it.
        lone = not file.with_name(number_name(file.name)).exists()
        return [Part(above, name, _PEOPLE[found], partial(PeopleSource, file), lone=lone)]
    if found not in ARCHIVES:
        return []
    people = Part(above, name, None, partial(PeopleSource, file))
    outlook = Part(within, name, None, partial(PackedOutlookFiles, file))
    return [people, outlook] if mail else [people]


def _closed(file: Path, name: str, error: OSError) -> list[Part]:
    """A part that fails, of what may hold contacts or events."""
    found = kind_by_name(file.name)
    if found in _PEOPLE:
        kind = _PEOPLE[found]
    elif os.path.isdir(file):
        kind = ItemKind.CONTACTS
    else:
        return []

    def fail() -> Source:
        raise OwnerNeeded(unreadable(error, file.name))

    return [Part("", name, kind, fail)]
