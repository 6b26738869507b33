"""Mail in zip archives: Google Takeout's, and folders of mail that somebody put into one.

What the archive's folders have in common in front says nothing, and is left out of the names. An
mbox in it is kept in a temporary file without a name while it is read, one at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import takewhile

from ...model.items import Folder, FolderPath, Item, ItemRef
from ...model.ports import Refused
from ...model.problem import ItemError, OwnerNeeded, Place, Problem, ProblemId
from ..convert import mail
from ..roles import INBOX, role_by_name
from .archive import Archive
from .content import Content
from .holding import WINDOW, Holding
from .mail_item import Letter, mail_item
from .mbox.holding import MboxHolding
from .mbox.index import Index, read_index
from .recognise import LOOKED_AT, MSG_NAMES, FileKind, kind_of_content

Read = Callable[[Content], Letter]
_BETWEEN = "/"


class ZippedMail:
    """A `Holding`: the mail of one archive. `readers` read files of one message each.

    `key` is what the keys of its folders begin with. `alone`: nothing but the archive was chosen.
    """

    def __init__(
        self,
        content: Content,
        path_of: Callable[[FolderPath], FolderPath],
        readers: Mapping[FileKind, Read],
        key: str,
        *,
        alone: bool,
    ) -> None:
        self._key = key
        self._alone = alone
        self._content = content
        self._archive = Archive(content)
        self._path_of = path_of
        self._readers = readers
        self._problems = list(self._archive.remarks)
        self._found: dict[str, Holding] | None = None
        self._asked: Holding | None = None

    def rest(self) -> None:
        """The archive stays open: what it holds was looked through already."""

    def close(self) -> None:
        for holding in (self._found or {}).values():
            holding.close()
        self._content.close()

    def folders(self) -> list[Folder]:
        """Raises `OwnerNeeded` when it is alone, and no mail can be had of it."""
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
        elif self._problems and self._alone:
            raise OwnerNeeded(self._problems[0])
        return folders

    def _holdings(self) -> Iterator[Holding]:
        if self._found is not None:
            yield from dict.fromkeys(self._found.values())
            return
        kinds = {name: kind for name in self._archive.names if (kind := self._kind(name))}
        common = _common_part([_parts(name)[:-1] for name in kinds])
        single: dict[FolderPath, dict[str, Read]] = {}
        for name, kind in kinds.items():
            parts = _parts(name)[common:]
            if kind is FileKind.MBOX:
                open_content = partial(self._archive.content, name)
                yield _ZippedMbox(open_content, self._path_of(parts), self._key + name)
            else:
                single.setdefault(parts[:-1], {})[name] = self._readers[kind]
        for parts, names in single.items():
            path = self._path_of(parts) if parts else (INBOX,)
            key = self._key + _BETWEEN.join((*parts, ""))
            yield _ZippedFiles(self._archive, names, path, key)

    def _kind(self, name: str) -> FileKind | None:
        try:
            beginning = self._archive.beginning(name, LOOKED_AT)
        except ItemError as error:
            self._problems.append(error.problem)
            return None
        kind = kind_of_content(beginning, self._archive.size(name), name)
        if kind is FileKind.MSG and not name.lower().endswith(MSG_NAMES):
            return None
        return kind if kind is FileKind.MBOX or kind in self._readers else None

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


class _ZippedFiles:
    """A `Holding`: a folder of an archive whose files hold one message each."""

    def __init__(
        self, archive: Archive, names: Mapping[str, Read], path: FolderPath, key: str
    ) -> None:
        self._archive = archive
        self._names = names
        self._path = path
        self._key = key

    def rest(self) -> None:
        """Nothing is kept open."""

    def close(self) -> None:
        """Nothing is kept open."""

    def folders(self) -> list[Folder]:
        role = role_by_name(self._path)
        size = sum(map(self._archive.size, self._names))
        return [Folder(self._path, self._key, role, len(self._names), size, keys_last=False)]

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        names = list(self._names)
        for end in range(len(names), 0, -WINDOW):
            window = names[max(0, end - WINDOW) : end]
            refs = [ItemRef(folder.key, name, self._archive.size(name)) for name in window]
            if since is not None:
                refs = [ref for ref in refs if self._is_since(ref, since)]
            if refs:
                yield refs

    def _is_since(self, ref: ItemRef, since: date) -> bool:
        answer = self._read(ref)
        if isinstance(answer, Refused):
            return True
        moment = answer.received or mail.received_date(mail.header_of(answer.payload))
        answer.payload.close()
        return moment is None or moment.date() >= since

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        for ref in refs:
            answer = self._read(ref)
            yield answer if isinstance(answer, Refused) else mail_item(ref, answer)

    def _read(self, ref: ItemRef) -> Letter | Refused:
        reader = self._names.get(ref.key)
        if reader is None:
            problem = Problem(ProblemId.ITEM_GONE, Place.SOURCE, "no such file", ref.key)
            return Refused(ref, problem)
        try:
            content = self._archive.content(ref.key)
            try:
                return reader(content)
            finally:
                content.close()
        except (OwnerNeeded, ItemError) as error:
            return Refused(ref, error.problem)


def _parts(name: str) -> FolderPath:
    """What a name in an archive consists of; none of it is ever a place on the disk."""
    return tuple(part for part in name.split(_BETWEEN) if part not in ("", ".", ".."))


def _common_part(paths: Sequence[FolderPath]) -> int:
    """How many parts all paths begin with."""
    if not paths:
        return 0
    pairs = zip(min(paths), max(paths), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
