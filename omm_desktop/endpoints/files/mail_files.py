"""Finds the mail in a file or a folder: which formats, and which folders it stands for.

Folders on the disk become folders of mail. Those of Thunderbird (".sbd"), KMail (".x.directory")
and Apple Mail (".mbox") are known, as is the layout in which this program saves a mailbox. Links
are not followed, and what is neither a file nor a folder is not opened.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ...model.items import FolderPath
from ...model.problem import ItemError, OwnerNeeded, Place, Problem, ProblemId
from ..roles import INBOX
from .apple_attachments import FOLDER
from .closed import Closed, is_worth_telling
from .content import Brake, Content, reading, unreadable
from .disk_names import as_key, for_people
from .emlx import read_emlx
from .holding import Holding
from .layout import MAIL
from .letter_files import ReadFile
from .maildir import Maildir, folder_name, subfolders
from .mbox.holding import MboxHolding
from .mbox.index import read_index
from .mbox.messages import read_with_separator
from .mh import is_of_mh, sequences_of
from .msg.read import read_msg
from .recognise import ARCHIVE_NAMES, ARCHIVES, FileKind, kind_by_name, kind_of
from .saved_eml import EML, NUMBER
from .single_files import SingleFiles, read_eml, read_saved
from .survey import DEEPEST, MOST_ENTRIES
from .zipped import ZippedMail

_CUR = "cur"
_OF_MAILDIR = (_CUR, "new", "tmp")
_SUFFIX = re.compile(r"\.(mbox|mbx|sbd)\Z", re.IGNORECASE)
_OF_KMAIL = re.compile(r"\.(.+)\.directory\Z", re.IGNORECASE)
_READERS: dict[FileKind, ReadFile] = {
    FileKind.EML: read_eml,
    FileKind.EMLX: read_emlx,
    FileKind.MSG: read_msg,
}


def find_mail(path: Path, brake: Brake) -> Iterator[Holding]:
    """What holds mail at a path, named by hand; raises `OwnerNeeded` where nothing does.

    OSError is told as `OwnerNeeded` as well.
    """
    with reading(path.name):
        kind = kind_of(path)
    if kind is FileKind.FOLDER or kind is FileKind.MAILDIR:
        yield from _Tree(path, brake).holdings()
    elif kind is FileKind.MBOX and not (path.suffix.lower() == EML and _is_lone(path, kind, brake)):
        name = path.parent.name if path.name.lower() == "mbox" else path.name
        yield _mbox(path, (_part(name) or INBOX,), "", brake)
    elif kind in ARCHIVES:
        yield _zipped(path, "", brake, alone=True)
    elif kind is FileKind.MBOX or kind in _READERS:
        names = [(path.name, _reader(path, kind) or read_with_separator)]
        yield SingleFiles(path.parent, names, (_part(path.parent.name) or INBOX,), "", brake)
    else:
        problem = Problem(
            ProblemId.FILE_NOT_UNDERSTOOD, Place.SOURCE, str(kind or ""), for_people(path.name)
        )
        raise OwnerNeeded(problem)


class _Tree:
    """Everything below one folder."""

    def __init__(self, top: Path, brake: Brake) -> None:
        self._top = top
        self._brake = brake
        self._left = MOST_ENTRIES

    def holdings(self) -> Iterator[Holding]:
        return self._below(self._top, (), 0)

    def _below(self, place: Path, parts: FolderPath, depth: int) -> Iterator[Holding]:
        try:
            kind, is_ours = kind_of(place), (place / NUMBER).is_file()
            entries = self._entries(place)
        except OSError as error:
            if place == self._top:
                with reading(place.name):
                    raise
            yield _closed(parts, error)
            return
        if kind is FileKind.MAILDIR:
            yield from self._maildirs(place, parts)
        found: dict[str, ReadFile] = {}
        sequences = sequences_of(place)
        for entry in entries:
            self._brake.check()
            if entry.is_dir(follow_symlinks=False):
                if depth < DEEPEST and not self._is_passed_over(entry, kind):
                    yield from self._below(Path(entry.path), (*parts, entry.name), depth + 1)
                continue
            if not entry.is_file(follow_symlinks=False):
                continue
            try:
                of_file = kind_of(Path(entry.path))
            except OSError as error:
                # One of many messages is told as such.
                of_file = kind_by_name(entry.name)
                if of_file not in _READERS:
                    if is_worth_telling(entry.name):
                        yield _closed((*parts, entry.name), error)
                    continue
            is_saved = is_ours and Path(entry.name).stem.isdigit()
            reader = self._reader(Path(entry.path), of_file, is_ours=is_saved)
            if sequences is not None and is_of_mh(entry.name):
                reader = sequences.reader(entry.name)
            if reader is not None:
                found[entry.name] = reader
            elif of_file is FileKind.MBOX:
                yield self._mbox(Path(entry.path), parts)
            elif of_file in ARCHIVES and entry.name.lower().endswith(ARCHIVE_NAMES):
                yield self._archive(Path(entry.path), (*parts, entry.name))
        if found:
            path = self._path(parts)
            key = as_key("/".join((*parts, "")))
            yield SingleFiles(place, list(found.items()), path, key, self._brake)

    def _reader(self, file: Path, kind: FileKind | None, *, is_ours: bool) -> ReadFile | None:
        """What reads a file that is one message; what we saved is that, whatever it begins with."""
        if file.suffix.lower() == EML and (is_ours or _is_lone(file, kind, self._brake)):
            return read_saved if is_ours else read_with_separator
        return None if kind is None else _reader(file, kind)

    def _is_passed_over(self, entry: os.DirEntry[str], within: FileKind | None) -> bool:
        """What a Maildir has for itself, and what belongs to mail of Apple Mail beside it."""
        name = entry.name
        if name == FOLDER:
            return any(Path(entry.path).parent.glob("Messages/*.emlx"))
        return within is FileKind.MAILDIR and (name in _OF_MAILDIR or name.startswith("."))

    def _entries(self, place: Path) -> list[os.DirEntry[str]]:
        """Raises OSError."""
        with os.scandir(place) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        found = [entry for entry in found if entry.name != ".DS_Store"][: self._left]
        self._left -= len(found)
        return found

    def _maildirs(self, place: Path, parts: FolderPath) -> Iterator[Holding]:
        path = tuple(folder_name(_without_marks(part)) for part in parts) or (INBOX,)
        yield Maildir(place, path, as_key("/".join((*parts, _CUR))), self._brake)
        above = path if parts else ()
        for below, name in subfolders(place, above):
            key = as_key("/".join((*parts, below.name, _CUR)))
            yield Maildir(below, name, key, self._brake)

    def _mbox(self, file: Path, parts: FolderPath) -> Holding:
        path = self._path((*parts, file.name))
        if file.name.lower() == "mbox" and parts and _SUFFIX.search(parts[-1]):
            path = self._path(parts)
        return _mbox(file, path, as_key("/".join((*parts, file.name))), self._brake)

    def _archive(self, file: Path, parts: FolderPath) -> Holding:
        """Of one that cannot be opened nobody knows whether it holds mail: it is told."""
        try:
            return _zipped(file, as_key("/".join((*parts, ""))), self._brake, alone=False)
        except OwnerNeeded as error:
            return Closed("/".join(parts), error.problem)

    def _path(self, parts: FolderPath) -> FolderPath:
        """The folder of mail that a place below the top stands for."""
        if self._top.name.lower().endswith(".mbox"):
            return (_part(self._top.name),)
        if len(parts) > 1 and parts[0] == MAIL:
            parts = parts[1:]
        boxes = [number for number, part in enumerate(parts) if part.lower().endswith(".mbox")]
        if boxes:
            # Below its mailboxes Apple Mail has folders of its own.
            parts = parts[: boxes[-1] + 1]
        names = tuple(_part(part) for part in parts)
        return names or (_part(self._top.name) or INBOX,)


def _closed(parts: FolderPath, error: OSError) -> Holding:
    return Closed("/".join(parts), unreadable(error, parts[-1]))


def _reader(file: Path, kind: FileKind) -> ReadFile | None:
    if kind is FileKind.EMLX:
        return partial(read_emlx, attachments=file.parent.parent / FOLDER)
    return _READERS.get(kind)


def _zipped(path: Path, key: str, brake: Brake, *, alone: bool) -> Holding:
    content = Content.open(path, brake)
    try:
        return ZippedMail(content, _path_in_archive, _READERS, key, alone=alone)
    except BaseException as error:
        content.close()
        if isinstance(error, ItemError):
            raise OwnerNeeded(error.problem) from error
        raise


def _path_in_archive(parts: FolderPath) -> FolderPath:
    return tuple(map(_part, parts))


def _is_lone(file: Path, kind: FileKind | None, brake: Brake) -> bool:
    """Whether a file named as one message is an mbox with but one."""
    if kind is not FileKind.MBOX:
        return False
    content = Content.open(file, brake)
    try:
        return len(read_index(content, numbered=False)) == 1
    finally:
        content.close()


def _mbox(file: Path, path: FolderPath, key: str, brake: Brake) -> Holding:
    return MboxHolding(lambda: Content.open(file, brake), path, key)


def _part(name: str) -> str:
    return unicodedata.normalize("NFC", _without_marks(for_people(name)))


def _without_marks(name: str) -> str:
    """The folder that a name on the disk stands for."""
    return _OF_KMAIL.sub(r"\1", _SUFFIX.sub("", name)) or name
