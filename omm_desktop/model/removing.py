"""The one port that takes anything out of a mailbox. Undo alone opens it.

What is taken out goes to the mailbox's own trash, which is made where there is none; of files it is
gone. Whether it worked is never concluded from an answer: whoever
removes looks afterwards at what is still there, so that a lost answer costs a look and no guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from .account import Account
from .items import ContentHash, Fingerprint, Folder
from .ports import Destination
from .secret import Secret

HANDLED = frozenset({"\\answered", "\\flagged", "$forwarded"})
"""Flags, in lower case, of a mail that somebody has done more with than read it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An item as it is now. `content` is None where the adapter tells none, as of mail.

    `handled` are those of HANDLED it bears. `is_changed`: the adapter knows that somebody saved it
    after us.
    """

    key: str
    fingerprint: Fingerprint
    content: ContentHash | None = None
    received: datetime | None = None
    handled: frozenset[str] = frozenset()
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """`gone` are keys of items that are there no longer.

    Where keys are places in a file, those behind them have `moved`, from one key to another, and
    the folder has another `validity` since; None where it kept its own.
    """

    gone: frozenset[str]
    moved: Mapping[str, str] = field(default_factory=dict)
    validity: int | None = None


class Remover(Destination, Protocol):
    """A destination out of which undo takes what we put there."""

    @property
    def at_once(self) -> int:
        """How many items to remove in one request."""
        ...

    def trash(self) -> Folder | None:
        """Where removed items go, made where it is missing; None where they are gone at once.

        Raises `CannotGoOn` (REMOVING_NOT_OFFERED) where the server can remove nothing by its number
        alone.
        """
        ...

    def standing(
        self, folder_key: str, validity: int | None, keys: Sequence[str]
    ) -> list[Standing]:
        """Those of the items that are still there.

        Raises `ItemError` (FOLDER_RENUMBERED) where the keys mean other items by now.
        """
        ...

    def before_removing(self, folder_key: str) -> int | None:
        """What to remember before a removal, so that one of unknown outcome is not made twice.

        None where a look at the folder tells the outcome whole.
        """
        ...

    def remove(
        self, folder_key: str, validity: int | None, keys: Sequence[str], begun: int | None
    ) -> Removed:
        """Take these out, and look which of them are gone.

        `begun`: an earlier attempt had an unknown outcome, and `before_removing` said this before
        it, 0 for None. What that attempt has done is not done twice.
        Raises `ItemError` (REMOVING_REFUSED) when the server refuses, or (REMOVING_LEFT_FILE) when
        others use the file too; `TryAgain` when the outcome is unknown.
        """
        ...

    def let_be(self, folder_key: str, validity: int | None, keys: Sequence[str]) -> None:
        """They stay. Take off what an attempt of unknown outcome may have marked them with."""
        ...

    def filed_into(self) -> frozenset[str]:
        """Keys of folders that rules of the mailbox use, as far as the mailbox tells."""
        ...

    def remove_folder(self, folder_key: str) -> bool:
        """Take away a folder that holds neither items nor folders; whether it is gone.

        It is looked at once more just before.
        """
        ...


OpenRemover = Callable[[Account, Secret], Remover]
