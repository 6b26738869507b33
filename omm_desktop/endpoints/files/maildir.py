"""Maildir: a folder with a file for each message, its flags in the file's name.

Subfolders in both layouts: beside "cur" with a dot before each level (Maildir++), and folders
within folders. Other than the specification wants: the mark before the flags may be ";", "!" or
"-", where file systems take no ":"; names of subfolders are modified UTF-7 or as they are; small
letters are keywords, whose names Dovecot keeps in a file. A message is known by its name without
flags. Thunderbird has no "new", and keeps flags in the header; Dovecot may have packed a message.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from imapclient import imap_utf7

from ...model.items import Folder, FolderPath, Item, ItemRef, Payload
from ...model.ports import Refused
from ...model.problem import ItemError, OwnerNeeded, Place, Problem, ProblemId
from ..convert import mail
from ..convert.payload import gathered, payload_of
from ..roles import role_by_name
from .archive import Room
from .content import Brake, Content, reading
from .disk_names import as_key, for_people, from_key
from .holding import WINDOW
from .mail_item import Letter, mail_item
from .mail_state import told_flags
from .packing import PACKED_MARKS, Unpacked

_INFO = re.compile(r"[:;!-]2,([A-Za-z]*)\Z")
_GIVEN = re.compile(r"\d{9,11}(?=\.)")
_SIZE = re.compile(r",S=(\d+)")
_FLAGS = {
    "S": "\\Seen",
    "R": "\\Answered",
    "F": "\\Flagged",
    "D": "\\Draft",
    "T": "\\Deleted",
    "P": "$Forwarded",
}
_KEYWORD = re.compile(r"(\d{1,2}) ([^\s\\]\S{0,199})\Z")
_HEADER = 64 << 10
_ENOUGH = 16
# As Dovecot can, and Python cannot: zstd (RFC 8878), and lz4 with a header of Dovecot's own.
_PACKED_OTHERWISE = (b"\x28\xb5\x2f\xfd", b"Dovecot-LZ4\x0d\x2a\x9b\xc5")
_DAY = timedelta(days=1)


def is_maildir(place: Path) -> bool:
    """Whether a folder holds a mailbox of its own."""
    cur, *others = ((place / name) for name in (*_PARTS, "tmp"))
    return _is_own(cur) and any(map(_is_own, others))


def _is_own(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink()


_PARTS = ("cur", "new")


class Maildir:
    """A `Holding`: one mailbox without its subfolders."""

    def __init__(self, place: Path, path: FolderPath, key: str, brake: Brake) -> None:
        self._place = place
        self._path = path
        self._key = key
        self._brake = brake
        self._names: dict[str, str] | None = None
        self._keywords = _keywords(place)

    def rest(self) -> None:
        """Nothing is kept open."""

    def close(self) -> None:
        """Nothing is kept open."""

    def _listed(self) -> dict[str, str]:
        """Where each message is, below the folder, by its key."""
        found: dict[str, str] = {}
        for part in _PARTS:
            self._brake.check()
            if part != "cur" and not _is_own(self._place / part):
                continue
            with os.scandir(self._place / part) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or not entry.is_file(follow_symlinks=False):
                        continue
                    key = as_key(_INFO.sub("", entry.name))
                    found[key] = f"{part}{os.sep}{entry.name}"
        return found

    def _read_names(self) -> dict[str, str]:
        with reading(self._place.name):
            self._names = self._listed()
        return self._names

    def folders(self) -> list[Folder]:
        names = self._read_names()
        role = role_by_name(self._path)
        return [Folder(self._path, self._key, role, count=len(names))]

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        names = self._read_names()
        keys = sorted(names)
        for end in range(len(keys), 0, -WINDOW):
            self._brake.check()
            window = keys[max(0, end - WINDOW) : end]
            refs = [self._ref(folder, key, names[key]) for key in window]
            if since is not None:
                refs = [ref for ref in refs if self._is_since(ref, names[ref.key], since)]
            if refs:
                yield refs

    def _ref(self, folder: Folder, key: str, name: str) -> ItemRef:
        told = _SIZE.search(name)
        size: int | None = int(told[1]) if told else None
        received = None
        try:
            found = (self._place / name).stat(follow_symlinks=False)
        except OSError:
            pass
        else:
            size, received = found.st_size, _received(key, found.st_mtime)
        return ItemRef(folder.key, key, size, received, self._flags(name))

    def _is_since(self, ref: ItemRef, name: str, since: date) -> bool:
        """Where the file does not tell it, by its header; also what cannot be read."""
        moment = ref.received
        if moment is None:
            try:
                with (self._place / name).open("rb") as file:
                    beginning = file.read(_HEADER)
                moment = mail.received_date(beginning[: mail.split(beginning)[0]])
            except OSError:
                return True
        return moment is None or moment.date() >= since

    def _flags(self, name: str) -> frozenset[str]:
        return flags_in(name, self._keywords)

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        names = self._names if self._names is not None else self._read_names()
        for ref in refs:
            name = names.get(ref.key, "")
            if not (self._place / name).is_file():
                # A mail program that gives it another flag gives it another name.
                names = self._read_names()
                name = names.get(ref.key, "")
            yield self._item(ref, name)

    def _item(self, ref: ItemRef, name: str) -> Item | Refused:
        if not name:
            return Refused(ref, Problem(ProblemId.ITEM_GONE, Place.SOURCE, "no longer there"))
        try:
            content = Content.open(self._place / name, self._brake)
            try:
                payload = payload_in(content)
                _, written = content.state()
            finally:
                content.close()
        except (OwnerNeeded, ItemError) as error:
            return Refused(ref, error.problem)
        header = mail.header_of(payload)
        received = _received(ref.key, written / 1e9) or mail.received_date(header)
        flags = self._flags(name) | told_flags(header, in_mbox=False)
        return mail_item(ref, Letter(payload, flags, received))


def flags_in(name: str, keywords: Mapping[str, str]) -> frozenset[str]:
    """The flags that a file's name tells; `keywords` are the names of small letters."""
    found = _INFO.search(name)
    letters = found[1] if found else ""
    known = (_FLAGS.get(letter) or keywords.get(letter) for letter in letters)
    return frozenset(flag for flag in known if flag)


def has_name_of_message(name: str) -> bool:
    """Whether a file is named as messages of a Maildir are: by a moment, or with flags."""
    return _INFO.search(name) is not None or _GIVEN.match(name) is not None


def payload_in(content: Content) -> Payload:
    """The message of a file, unpacked. Raises `ItemError` and `OwnerNeeded`."""
    beginning = content.read(0, _ENOUGH)
    if beginning.startswith(_PACKED_OTHERWISE):
        detail = "packed by zstd or lz4"
        raise ItemError(Problem(ProblemId.ITEM_UNREADABLE, Place.SOURCE, detail))
    if not beginning.startswith(PACKED_MARKS):
        return payload_of(content.size, content.pieces())
    return gathered(Unpacked(content, content.name, Room(content)).pieces())


def _received(key: str, written: float) -> datetime | None:
    """When the file was written, unless that is long after its name was given: then it was copied.

    IMAP servers keep the date of receipt there; names begin with the second they were given.
    """
    given = _GIVEN.match(from_key(key))
    try:
        moment = datetime.fromtimestamp(written, UTC)
        if given is None or moment > datetime.fromtimestamp(int(given[0]), UTC) + _DAY:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return moment.replace(microsecond=0)


def _keywords(place: Path) -> dict[str, str]:
    """Dovecot's names for the small letters among the flags."""
    told = place / "dovecot-keywords"
    try:
        # Whatever else has that name, opening it may never end.
        if not stat.S_ISREG(told.lstat().st_mode):
            return {}
        with told.open("rb") as file:
            lines = file.read(64 << 10).decode("utf-8", "replace").splitlines()
    except OSError:
        return {}
    found = [match for line in lines if (match := _KEYWORD.match(line))]
    return {chr(ord("a") + int(m[1])): m[2] for m in found if int(m[1]) < 26}


def subfolders(top: Path, path: FolderPath) -> Iterator[tuple[Path, FolderPath]]:
    """The mailboxes that Maildir++ keeps in the folder of another, links left out."""
    for entry in sorted(os.scandir(top), key=lambda entry: entry.name):
        name = entry.name
        if (
            not name.startswith(".")
            or name in (".", "..")
            or not entry.is_dir(follow_symlinks=False)
        ):
            continue
        if _may_be_maildir(Path(entry.path)):
            parts = [folder_name(part) for part in name[1:].split(".") if part]
            yield Path(entry.path), (*path, *parts)


def _may_be_maildir(place: Path) -> bool:
    """So that one that cannot be looked into is told."""
    try:
        return is_maildir(place)
    except OSError:
        return True


def folder_name(name: str) -> str:
    """The name of a subfolder for people."""
    if name.isascii():
        try:
            text = str(imap_utf7.decode(name.encode("ascii")))
            if imap_utf7.encode(text) == name.encode("ascii"):
                return unicodedata.normalize("NFC", text)
        except (UnicodeError, ValueError):
            pass
    return unicodedata.normalize("NFC", for_people(name))
