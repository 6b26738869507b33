"""A string that never prints itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn


class Secret:
    """A password or token. Only `reveal` gives the text back; it cannot be printed or pickled."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __repr__(self) -> str:
        return "Secret(•••)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")


@dataclass(frozen=True, slots=True)
class Secrets:
    """What opens the two mailboxes of a plan."""

    source: Secret
    destination: Secret
