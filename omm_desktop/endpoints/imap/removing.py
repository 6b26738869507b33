"""Taking messages of ours out of an IMAP mailbox: into its trash, by their numbers alone.

By MOVE (RFC 6851), else by COPY, a deleted mark and UID EXPUNGE (RFC 4315). A plain EXPUNGE, or
a CLOSE of a folder opened for writing, would take away what others have marked too: neither is
ever sent. Of equal mail Gmail keeps one with the labels of all; what seems to be ours there may
have been the person's before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...model.items import Folder, FolderRole
from ...model.ports import FolderWish
from ...model.problem import CannotGoOn, ItemError, Problem, ProblemId
from ...model.removing import HANDLED, Removed, Standing
from ..convert import mail
from ..convert.payload import whole
from . import dates, gmail
from .connection import Connection
from .responses import Fetched, fetched, uid_set
from .writer import ImapDestination

_STANDING = b" (UID FLAGS INTERNALDATE BODY.PEEK[HEADER])"
_WHOLE = b" (UID FLAGS INTERNALDATE BODY.PEEK[]<0.131072>)"
_TRASH = FolderWish(("Trash",), FolderRole.TRASH)
_DELETED = b".SILENT (\\Deleted)"


class ImapRemover(ImapDestination):
    """A `Remover` over one connection."""

    at_once = 200

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._trash: Folder | None = None

    def trash(self) -> Folder:
        detail = None
        if self._connection.has(gmail.EXTENSION):
            detail = "Gmail keeps equal mail once"
        elif not (self._connection.has("MOVE") or self._connection.has("UIDPLUS")):
            detail = "neither MOVE nor UIDPLUS"
        if detail is not None:
            place = self._connection.place
            raise CannotGoOn(Problem(ProblemId.REMOVING_NOT_OFFERED, place, detail))
        found = (f for f in self.folders() if f.role is FolderRole.TRASH and f.selectable)
        self._trash = next(found, None) or self._made()
        return self._trash

    def _made(self) -> Folder:
        made = self.ensure_folders([_TRASH])[0]
        if isinstance(made, Problem):
            raise CannotGoOn(made)
        return made

    # -- what is there -------------------------------------------------------------------

    def standing(
        self, folder_key: str, validity: int | None, keys: Sequence[str]
    ) -> list[Standing]:
        self._open(folder_key, validity, fresh=True)
        found = self._fetch(keys, _STANDING)
        cut = [uid for uid, one in found.items() if not mail.looks_whole(_header(one))]
        # The server's own cut of the header may be wrong.
        found.update(self._fetch([str(uid) for uid in cut], _WHOLE))
        return [_standing(one) for one in found.values()]

    def _open(self, key: str, validity: int | None, *, fresh: bool = False) -> None:
        opened = self._connection.open_mailbox(key, read_only=False, fresh=fresh)
        if validity is not None and opened.validity != validity:
            detail = f"UIDVALIDITY was {validity} and is {opened.validity}"
            problem = Problem(ProblemId.FOLDER_RENUMBERED, self._connection.place, detail, key)
            raise ItemError(problem)

    def _fetch(self, keys: Sequence[str], attributes: bytes) -> dict[int, Fetched]:
        if not keys:
            return {}
        numbers = {int(key) for key in keys}
        answer = self._connection.wire.ask(b"UID FETCH " + uid_set(list(numbers)) + attributes)
        if not answer.ok:
            raise self._connection.refusal(answer.text, ProblemId.FOLDER_UNREADABLE)
        told = [one for one in map(fetched, answer.untagged) if one is not None]
        return {one.uid: one for one in told if one.uid is not None and one.uid in numbers}

    # -- removing ------------------------------------------------------------------------

    def before_removing(self, folder_key: str) -> int | None:
        """The next number of the trash, unless messages are moved, which is done or not."""
        if self._connection.has("MOVE"):
            return None
        return self.position((self._trash or self.trash()).key).next_key

    def remove(
        self, folder_key: str, validity: int | None, keys: Sequence[str], begun: int | None
    ) -> Removed:
        # On a connection made anew nobody has looked for it; listing folders leaves the mailbox.
        self._trash = self._trash or self.trash()
        self._open(folder_key, validity)
        if self._connection.has("MOVE"):
            self._do(b"UID MOVE " + uid_set([int(key) for key in keys]) + b" " + self._into())
        else:
            copied = self._copied(folder_key, validity, keys, begun) if begun is not None else []
            self._move_by_copy([int(key) for key in keys], copied)
        left = {str(uid) for uid in self._fetch(keys, b" (UID)")}
        return Removed(frozenset(keys) - left)

    def _into(self) -> bytes:
        trash = self._trash or self.trash()
        return self._connection.name(trash.key)

    def _move_by_copy(self, numbers: list[int], copied: Sequence[int]) -> None:
        chosen = uid_set(numbers)
        to_copy = sorted(set(numbers) - set(copied))
        if to_copy:
            self._do(b"UID COPY " + uid_set(to_copy) + b" " + self._into())
        try:
            self._do(b"UID STORE " + chosen + b" +FLAGS" + _DELETED)
            self._do(b"UID EXPUNGE " + chosen)
        except ItemError:
            self._unmark(chosen)
            raise

    def _unmark(self, chosen: bytes) -> None:
        """Whoever expunges next would take them away without their owner's will."""
        self._connection.wire.ask(b"UID STORE " + chosen + b" -FLAGS" + _DELETED)

    def let_be(self, folder_key: str, validity: int | None, keys: Sequence[str]) -> None:
        if not self._connection.has("MOVE"):
            self._open(folder_key, validity)
            self._unmark(uid_set([int(key) for key in keys]))

    def _copied(
        self, folder_key: str, validity: int | None, keys: Sequence[str], begun: int
    ) -> list[int]:
        """Those that an earlier attempt has put into the trash, by fingerprint and count."""
        trash = self._trash or self.trash()
        self.position(trash.key)
        seen = (one for window in self.existing(trash.key, begun) for one in window)
        there = Counter(one.fingerprint for one in seen)
        copied = []
        for one in self.standing(folder_key, validity, keys):
            if there[one.fingerprint]:
                there[one.fingerprint] -= 1
                copied.append(int(one.key))
        return copied

    def _do(self, command: bytes) -> None:
        answer = self._connection.wire.ask(command)
        if not answer.ok:
            raise self._connection.refusal(answer.text, ProblemId.REMOVING_REFUSED)

    def filed_into(self) -> frozenset[str]:
        """IMAP tells nothing of rules."""
        return frozenset()

    def remove_folder(self, folder_key: str) -> bool:
        if self.position(folder_key).count:
            return False
        name = self._connection.name(folder_key)
        self._connection.leave_mailbox()
        if not self._connection.wire.ask(b"DELETE " + name).ok:
            return False
        self._connection.wire.ask(b"UNSUBSCRIBE " + name)
        return True


def _header(one: Fetched) -> bytes:
    header = one.part(b"BODY[HEADER]")
    if header is not None:
        return whole(header)
    body = one.part(b"BODY[]")
    return b"" if body is None else mail.header_of(body)


def _standing(one: Fetched) -> Standing:
    flags = {flag.lower() for flag in one.flags or ()}
    return Standing(
        str(one.uid),
        mail.fingerprint(_header(one)),
        received=dates.parse(one.internal_date) if one.internal_date else None,
        handled=HANDLED & flags,
    )
