"""The labels of mail that Google Takeout exports (X-Gmail-Labels).

Takeout writes the names of its own labels in the language of the account. Those that tell a state
are known here in the languages in which exports were seen; the folders among them are known by
`endpoints.roles`, like those of any server. A name that is not known becomes a folder.
"""

from __future__ import annotations

import csv
import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

from ...convert.mail import decoded

_NAME = b"x-gmail-labels"
_FIELD = re.compile(rb"^X-Gmail-Labels[ \t]*:((?:[^\n]|\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
_MOST_LABELS = 1000
_MOST_OF_ONE_MAIL = 50
_MOST_IN_ALL = 20_000_000
_LONGEST = 300

_UNREAD = """
    unread; non lus; non lu; ungelesen; no leídos; no leído; non letti; non letto; não lidas;
    não lido; ongelezen; nepřečtené
"""
_STARRED = """
    starred; suivis; suivi; messages suivis; markiert; destacados; destacado; speciali; com estrela;
    met ster; s hvězdičkou
"""
_STATES = """
    opened; ouvert; ouverts; geöffnet; abierto; abiertos; aperti; aperto; abertas; geopend;
    important; importants; wichtig; importantes; importante; importanti; belangrijk; důležité;
    archived; archivés; archivé; messages archivés; archiviert; archivados; archiviati; arquivadas;
    gearchiveerd; archivováno
"""
_CATEGORY = re.compile(
    r"(category|catégorie|kategorie|categoría|categoria|categorie)\b[\s:]", re.IGNORECASE
)


def _names(text: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()) for name in text.split(";"))


_UNREAD_NAMES, _STARRED_NAMES = _names(_UNREAD), _names(_STARRED)
_STATE_NAMES = _names(_STATES) | _UNREAD_NAMES | _STARRED_NAMES


def labels_of(header: bytes) -> list[str] | None:
    """The labels a header tells, None when it tells none."""
    # A search by pattern alone takes as long as all the rest.
    found = _FIELD.search(header) if _NAME in header.lower() else None
    if found is None:
        return None
    text = decoded(b" ".join(found[1].split()))
    rows = csv.reader([text.replace("\0", "")[: _LONGEST * _MOST_OF_ONE_MAIL]])
    try:
        names = next(rows, [])
    except csv.Error:
        names = text.split(",")
    stripped = (" ".join(name.split())[:_LONGEST] for name in names)
    return [name for name in stripped if name][:_MOST_OF_ONE_MAIL]


def is_folder(label: str) -> bool:
    """Whether a label is a place, rather than a state or one of Gmail's own tabs."""
    return label.casefold() not in _STATE_NAMES and not _CATEGORY.match(label)


def flags_of(labels: Iterable[str]) -> frozenset[str]:
    """The state that labels tell, as flags; mail that is not called unread is read."""
    names = {label.casefold() for label in labels}
    flags = set() if names & _UNREAD_NAMES else {"\\Seen"}
    if names & _STARRED_NAMES:
        flags.add("\\Flagged")
    return frozenset(flags)


@dataclass(slots=True)
class LabelIndex:
    """The messages of each label that is a folder, and those without one, by place from 0.

    Labels above a bound, of number or in all, are left to `rest`: their mail is in no folder less.
    `told`: some message tells labels at all.
    """

    places: dict[str, array[int]] = field(default_factory=dict)
    rest: array[int] = field(default_factory=lambda: array("I"))
    told: bool = False
    _entries: int = 0

    def note(self, place: int, header: bytes) -> None:
        """Keep what the header of a message tells; places come in order."""
        labels = labels_of(header)
        self.told = self.told or labels is not None
        kept = 0
        for label in dict.fromkeys(labels or ()):
            if is_folder(label) and self._has_room(label):
                self.places.setdefault(label, array("I")).append(place)
                kept += 1
        self._entries += kept
        if not kept:
            self.rest.append(place)

    def _has_room(self, label: str) -> bool:
        if self._entries >= _MOST_IN_ALL:
            return False
        return label in self.places or len(self.places) < _MOST_LABELS
