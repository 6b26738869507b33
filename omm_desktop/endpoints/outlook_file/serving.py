"""The reading process: it alone touches the file, and answers what the program wants of it.

It begins by `spawn` on every system: it shares nothing with the program but a pipe, and finds its
way here by the name of this module. Frozen programs therefore call `freeze_support` first of all.
"""

from __future__ import annotations

import errno
import gc
import hashlib
import importlib
import os
import pickle
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from ...model.items import NAMELESS, Folder, ItemLabel, ItemRef
from ...model.problem import Place, Problem, ProblemId
from ...model.reading import Reading
from ..pst.damage import Damaged, NotOutlookFile
from ..pst.messaging.address_book import AddressBook
from ..pst.messaging.folder import Folder as FileFolder
from ..pst.messaging.recipient import Person
from ..pst.messaging.store import Store
from . import folders
from .kinds import place_of
from .limits import Limits, keep_within
from .listing import Listing
from .reading import Reader
from .talk import (
    Beat,
    Failed,
    PipeEnd,
    Unreadable,
    Want,
    WantFile,
    WantFolders,
    WantItems,
    WantRefs,
)

_ENOUGH, _PIECE = 1 << 16, 1 << 18
_PIECE_FOLLOWS = pickle.dumps(Beat.PIECE)
_HASHED_AT_ONCE = 1 << 18
_BEATS_APART = 0.25
_VALIDITY_BITS = 63
_NEEDED_BY_MANY = (
    ".cards",
    ".events",
    ".tasks",
    ".uids",
    "..pst.rtf.encapsulated",
    "..pst.rtf.decompress",
    "..pst.rtf.rich",
    "email.utils",
)
"""What the reader loads only when it meets the first item that needs it."""


class _ProgramGoneError(Exception):
    """Nobody listens any more."""


def serve(connection: PipeEnd, limits: Limits) -> None:
    """Answer until the program closes its end; the whole life of the process."""
    # Ctrl-C is for the program, which then ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_within(limits)
    voice = _Voice(connection)
    with suppress(_ProgramGoneError, EOFError):
        _prepare(voice)
        path: Path | None = None
        while True:
            path = _wanted(voice) if path is None else _serve(voice, path)


def _prepare(voice: _Voice) -> None:
    """Load what many files need, for as long as none is there."""
    for module in _NEEDED_BY_MANY:
        if voice.is_spoken_to():
            break
        importlib.import_module(module, __package__)
    else:
        from ..convert.calendar.zones import named_zone

        # The first asks for the names of all zones, which are many files.
        named_zone("UTC")
    # What was loaded stays: it is not looked at again each time that memory is tidied up.
    gc.collect()
    gc.freeze()
    voice.say(Beat.ALIVE)


def _wanted(voice: _Voice) -> Path | None:
    want = voice.listen()
    return want.path if isinstance(want, WantFile) else None


def _serve(voice: _Voice, path: Path) -> Path | None:
    """Answer what is wanted of a file, until another is."""
    try:
        store = Store(path)
    except Exception as error:
        voice.say(_failure(error, path))
        return None
    with store:
        voice.say(Beat.DONE)
        server = _Server(store, path, voice)
        try:
            while not isinstance(want := voice.listen(), WantFile):
                server.answer(want)
        finally:
            # It holds the store: otherwise both would stay for as long as nobody tidies up.
            store.addresses = AddressBook()
        return want.path


class _Voice:
    """This end of the pipe."""

    def __init__(self, connection: PipeEnd) -> None:
        self._connection = connection
        self._said = 0.0

    def listen(self) -> Want:
        """What is wanted next; raises EOFError when nothing ever will be."""
        try:
            want: Want = self._connection.recv()
        except OSError as error:
            raise EOFError from error
        return want

    def is_spoken_to(self) -> bool:
        """Whether something is wanted already, or nobody is there any more."""
        try:
            return self._connection.poll(0)
        except OSError as error:
            raise EOFError from error

    def say(self, answer: object) -> None:
        """Raises `_ProgramGoneError`."""
        try:
            self._connection.send(answer)
        except OSError as error:
            raise _ProgramGoneError from error
        self._said = time.monotonic()

    def give(self, piece: memoryview) -> None:
        """Bytes of an item, without another copy of them; raises `_ProgramGoneError`."""
        try:
            self._connection.send_bytes(_PIECE_FOLLOWS)
            self._connection.send_bytes(piece)
        except OSError as error:
            raise _ProgramGoneError from error
        self._said = time.monotonic()

    def pulse(self) -> None:
        """Tell from time to time that the work goes on."""
        self.beat(Beat.ALIVE)

    def beat(self, how: Beat | Reading) -> None:
        """The same, and how far it has come."""
        if time.monotonic() - self._said >= _BEATS_APART:
            self.say(how)


class _Pieces:
    """Takes the bytes of an item, and says them in pieces of a good size."""

    def __init__(self, voice: _Voice) -> None:
        self._voice = voice
        self._waiting: list[bytes] = []
        self._size = 0

    def write(self, data: bytes, /) -> None:
        """More of them."""
        self._waiting.append(data)
        self._size += len(data)
        if self._size >= _ENOUGH:
            self.flush()

    def flush(self) -> None:
        """Say what waits."""
        whole, self._waiting, self._size = memoryview(b"".join(self._waiting)), [], 0
        for start in range(0, len(whole), _PIECE):
            self._voice.give(whole[start : start + _PIECE])


class _Server:
    def __init__(self, store: Store, path: Path, voice: _Voice) -> None:
        self._store = store
        self._path = path
        self._voice = voice
        self._reader = Reader(store, voice.pulse)
        self._number: int | None = None
        self._listing: tuple[tuple[str, date | None], Listing] | None = None
        store.addresses = AddressBook(self._everyone)

    def answer(self, want: Want) -> None:
        """All that is wanted, and that it was all."""
        try:
            match want:
                case WantFolders():
                    self._voice.say(self._folders(want.numbered))
                case WantRefs():
                    self._voice.say(self._refs(want))
                case WantItems():
                    for key in want.keys:
                        self._item(want.folder, key)
        except _ProgramGoneError:
            raise
        except Exception as error:
            self._voice.say(_failure(error, self._path))
        else:
            self._voice.say(Beat.DONE)

    def _folders(self, numbered: bool) -> list[Folder]:
        number = self._content_number() if numbered else None
        return folders.list_folders(self._store, self._path, number, self._voice.pulse)

    def _content_number(self) -> int:
        """63 bits of the SHA-256 of the whole file: another file has another number."""
        if self._number is None:
            digest, name, done = hashlib.sha256(), self._path.name, 0
            room = memoryview(bytearray(_HASHED_AT_ONCE))
            with self._path.open("rb", buffering=0) as file:
                size = os.fstat(file.fileno()).st_size
                while read := file.readinto(room):
                    digest.update(room[:read])
                    done += read
                    self._voice.beat(Reading(name, done, size))
            self._number = int.from_bytes(digest.digest()[:8], "big") >> 64 - _VALIDITY_BITS
        return self._number

    def _refs(self, want: WantRefs) -> list[ItemRef]:
        listed = want.folder, want.since
        if want.start == 0 or self._listing is None or self._listing[0] != listed:
            nid, kind = place_of(want.folder)
            folder = FileFolder(self._store.file, nid, above=())
            listing = Listing(self._store, folder, kind, want.since, self._voice.pulse)
            self._listing = listed, listing
        return self._listing[1].window(want.folder, want.start)

    def _item(self, folder: str, key: str) -> None:
        """The item, or why there is none: whatever is wrong with it costs it alone."""
        pieces = _Pieces(self._voice)
        try:
            told = self._reader.write(folder, key, pieces)
            pieces.flush()
            self._voice.say(told)
        except _ProgramGoneError:
            raise
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            self._unreadable(key, error)
        except Exception as error:
            self._unreadable(key, error)

    def _unreadable(self, key: str, error: Exception) -> None:
        problem = Problem(ProblemId.FILE_DAMAGED, Place.SOURCE, _told(error), self._path.name)
        self._voice.say(Unreadable(key, problem, self._label(key)))

    def _label(self, key: str) -> ItemLabel:
        try:
            return self._reader.label(key)
        except Exception:
            return NAMELESS

    def _everyone(self) -> Iterator[Person]:
        """The people of every message, for those whom one message names by half."""
        for folder in folders.all_folders(self._store):
            if isinstance(folder, Damaged):
                continue
            for nid in folder.item_ids():
                self._voice.pulse()
                try:
                    yield from self._store.message(nid).people()
                except Damaged:
                    continue


def _failure(error: Exception, path: Path) -> Failed:
    """What it means that nothing at all can be given."""
    id = ProblemId.FILE_DAMAGED
    if isinstance(error, OSError):
        id = ProblemId.FILE_UNREADABLE
    elif isinstance(error, NotOutlookFile):
        id = ProblemId.FILE_NOT_UNDERSTOOD
    return Failed(Problem(id, Place.SOURCE, _told(error), path.name))


def _told(error: Exception) -> str:
    """For an agent; what an error of the system tells has no path in it."""
    if isinstance(error, OSError):
        return os.strerror(error.errno) if error.errno else type(error).__name__
    return str(error) if isinstance(error, Damaged) else f"{type(error).__name__}: {error}"
