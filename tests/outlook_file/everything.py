"""All that a source gives, as the engine asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.endpoints.outlook_file.limits import USUAL, Limits
from omm_desktop.endpoints.outlook_file.running import Work, serve
from omm_desktop.endpoints.outlook_file.source import OutlookFileSource
from omm_desktop.model.items import Folder, Item, ItemKind
from omm_desktop.model.ports import Refused, Source


@contextmanager
def opened(path: Path, limits: Limits = USUAL, work: Work = serve) -> Iterator[OutlookFileSource]:
    """A source that is closed whatever happens."""
    with closing(OutlookFileSource(path, limits, work)) as source:
        yield source


@dataclass
class Read:
    """What came out of one file; bytes by folder, kind and key."""

    folders: list[Folder]
    items: dict[tuple[str, ItemKind, str], Item] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)

    def data(self) -> dict[tuple[str, ItemKind, str], bytes]:
        return {place: whole(item.payload) for place, item in self.items.items()}

    def of(self, kind: ItemKind) -> list[Item]:
        return [item for (_, found, _), item in self.items.items() if found is kind]


def read_all(source: Source, since: date | None = None) -> Read:
    """Everything, folder by folder; each ref has one answer."""
    found = Read(source.folders())
    for folder in found.folders:
        refs = [ref for window in source.refs(folder, since) for ref in window]
        if since is None:
            assert len(refs) == folder.count
        answered = list(source.fetch(folder, refs))
        assert {one.ref for one in answered} == set(refs)
        assert len(answered) == len(refs)
        for one in answered:
            if isinstance(one, Refused):
                found.refused.append(one)
            else:
                found.items[folder.name, folder.kind, one.ref.key] = one
    return found


def read_file(path: Path, limits: Limits = USUAL, work: Work = serve) -> Read:
    """The same of a file by its path."""
    with opened(path, limits, work) as source:
        return read_all(source)
