"""Mail in archives: Google Takeout's, and folders of mail that somebody put into one.

What the archive's folders have in common in front says nothing, and is left out of the names. An
mbox in it is kept in a temporary file without a name while it is read, one at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import takewhile

from ...model.items import Folder, FolderPath, Item, ItemRef
from ...model.ports import Refused
from ...model.problem import ItemError, OwnerNeeded, Problem
from ..roles import INBOX
from .archive import Archive, left_out
from .archives import open_archive
from .content import Brake, Content
from .holding import Holding
from .letter_files import LetterFiles, ReadFile
from .mbox.holding import MboxHolding
from .mbox.index import Index, read_index
from .mbox.messages import read_with_separator
from .packed_maildir import is_of_maildir, mail_folder, place_of, reader_of
from .recognise import (
    ARCHIVE_NAMES,
    ARCHIVES,
    LOOKED_AT,
    MSG_NAMES,
    FileKind,
    kind_of_content,
)
from .saved_eml import EML

_BETWEEN = "/"


class ZippedMail:
    """A `Holding`: the mail of one archive. `readers` read files of one message each.

    `key` is what the keys of its folders begin with. `alone`: nothing but the archive was chosen.
    """

    def __init__(
        self,
        content: Content,
        path_of: Callable[[FolderPath], FolderPath],
        readers: Mapping[FileKind, ReadFile],
        key: str,
        *,
        alone: bool,
    ) -> None:
        self._key = key
        self._alone = alone
        self._content = content
        self._archive = open_archive(content)
        self._path_of = path_of
        self._readers = readers
        self._problems: list[Problem] = []
        self._is_of_mail = False
        self._found: dict[str, Holding] | None = None
        self._asked: Holding | None = None

    def rest(self) -> None:
        """The archive stays open: what it holds was looked through already."""

    def close(self) -> None:
        for holding in (self._found or {}).values():
            holding.close()
        self._archive.close()
        self._content.close()

    def folders(self) -> list[Folder]:
        """Raises `OwnerNeeded` when no mail can be had of it, and there is some, or it is alone."""
        folders = []
        by_key: dict[str, Holding] = {}
        for holding in self._holdings():
            try:
                found = holding.folders()
            except ItemError as error:
                self._problems.append(error.problem)
                continue
            finally:
                holding.rest()
            by_key.update((folder.key, holding) for folder in found)
            folders += found
        self._found = by_key
        if folders and self._problems:
            folders[0] = replace(folders[0], remarks=(*folders[0].remarks, *self._problems))
        elif self._problems and (self._alone or self._is_of_mail):
            raise OwnerNeeded(self._problems[0])
        if not folders:
            # A folder may hold more archives of other things than files may be open.
            self.close()
        return folders

    def _holdings(self) -> Iterator[Holding]:
        if self._found is not None:
            yield from dict.fromkeys(self._found.values())
            return
        kinds: dict[str, FileKind] = {}

        def is_mail(name: str, size: int, beginning: bytes) -> bool:
            kind = self._kind(name, size, beginning)
            if kind is not None:
                kinds[name] = kind
            return kind is not None

        names = self._archive.choose(is_mail)
        self._problems += self._archive.problems
        self._is_of_mail = bool(kinds)
        common = _common_part([place_of(_parts(name)) for name in names])
        single: dict[FolderPath, dict[str, ReadFile]] = {}
        for name in names:
            kind = kinds[name]
            parts = _parts(name)[common:]
            if is_of_maildir(_parts(name)):
                place = mail_folder(place_of(_parts(name))[common:])
                single.setdefault(place, {})[name] = reader_of(name)
            elif kind is FileKind.MBOX and self._is_lone(name):
                single.setdefault(parts[:-1], {})[name] = read_with_separator
            elif kind is FileKind.MBOX:
                open_content = partial(self._archive.content, name)
                yield _ZippedMbox(open_content, self._path_of(parts), self._key + name)
            else:
                single.setdefault(parts[:-1], {})[name] = self._readers[kind]
        for parts, files in single.items():
            path = self._path_of(parts) if parts else (INBOX,)
            key = self._key + _BETWEEN.join((*parts, ""))
            yield _ZippedFiles(self._archive, files, path, key, self._content.brake)

    def _kind(self, name: str, size: int, beginning: bytes) -> FileKind | None:
        if is_of_maildir(_parts(name)):
            return FileKind.EML
        kind = kind_of_content(beginning[:LOOKED_AT], size, name)
        if kind is FileKind.MSG and not name.lower().endswith(MSG_NAMES):
            return None
        if kind in ARCHIVES and name.lower().endswith(ARCHIVE_NAMES):
            self._problems.append(left_out(name, "an archive within the archive").problem)
        return kind if kind is FileKind.MBOX or kind in self._readers else None

    def _is_lone(self, name: str) -> bool:
        """Whether a file named as one message is an mbox with but one."""
        if not name.lower().endswith(EML):
            return False
        try:
            with closing(self._archive.content(name)) as content:
                return len(read_index(content, numbered=False)) == 1
        except ItemError:
            # What is broken about it is told when it is read.
            return False

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        yield from self._holding(folder).refs(folder, since)

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        yield from self._holding(folder).fetch(folder, refs)

    def _holding(self, folder: Folder) -> Holding:
        holding = (self._found or {})[folder.key]
        if self._asked is not None and self._asked is not holding:
            self._asked.rest()
        self._asked = holding
        return holding


class _ZippedMbox(MboxHolding):
    """Expanded each time it is needed again: an archive may hold more than may be open at once."""

    def _index(self) -> Index:
        """Read once: nobody changes what is in the archive as long as that is open."""
        if self._read is None:
            self._read = self._content.state(), read_index(self._content)
        return self._read[1]


class _ZippedFiles(LetterFiles):
    """Its keys are the names that the archive tells, which nobody changes as long as it is open."""

    def __init__(
        self,
        archive: Archive,
        readers: Mapping[str, ReadFile],
        path: FolderPath,
        key: str,
        brake: Brake,
    ) -> None:
        super().__init__(readers, path, key, brake)
        self._archive = archive

    def _size(self, name: str) -> int:
        return self._archive.size(name)

    def _ref(self, name: str) -> ItemRef | None:
        known = name in self._readers
        return ItemRef(self._key, name, self._archive.size(name)) if known else None

    def _name(self, ref: ItemRef) -> str:
        return ref.key

    def _open(self, name: str) -> Content:
        return self._archive.content(name)


def _parts(name: str) -> FolderPath:
    """What a name in an archive consists of; none of it is ever a place on the disk."""
    return tuple(part for part in name.split(_BETWEEN) if part not in ("", ".", ".."))


def _common_part(paths: Sequence[FolderPath]) -> int:
    """How many parts all paths begin with."""
    if not paths:
        return 0
    pairs = zip(min(paths), max(paths), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
