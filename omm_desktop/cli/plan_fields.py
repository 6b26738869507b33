"""Values of a plan file, each refused by the name of its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from omm_desktop.language import translate as _
from omm_desktop.model.problem import CannotGoOn, Place, Problem, ProblemId

Table = Mapping[str, Any]
_Word = TypeVar("_Word", bound=StrEnum)


class PlanRefused(CannotGoOn):
    """The plan cannot be used; `problem.subject` names the field, `problem.detail` says why."""


def mapping(value: object, name: str) -> Table:
    if value is None:
        raise refused(name, _("This part is missing."))
    if not isinstance(value, Mapping):
        raise refused(name, _("One table is expected."))
    return value


def text(table: Table, key: str, prefix: str) -> str:
    value = _present(table, key, prefix)
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise refused(prefix + key, _("A text is expected."))
    return value.strip()


def whole(table: Table, key: str, prefix: str, least: int, most: int) -> int:
    value = _present(table, key, prefix)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise refused(prefix + key, expected_between(least, most))
    return value


def truth(table: Table, key: str, prefix: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise refused(prefix + key, _("Either true or false is expected, unquoted."))
    return value


def choice(table: Table, key: str, prefix: str, choices: tuple[_Word, ...]) -> _Word:
    value = _present(table, key, prefix)
    for choice in choices:
        if value == choice:
            return choice
    raise refused(prefix + key, expected_one_of(choices))


def _present(table: Table, key: str, prefix: str) -> Any:
    if key not in table:
        raise refused(prefix + key, _("This value is missing."))
    return table[key]


def names(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(name, str) and name.strip() for name in value)
    )


def refuse_unknown(table: Table, known: set[str], prefix: str) -> None:
    for key in table:
        if key not in known:
            raise refused(prefix + key, _("This key is not known."))


def expected_between(least: int, most: int) -> str:
    return _("A number from {least} to {most} is expected.").format(least=least, most=most)


def expected_one_of(choices: Iterable[StrEnum]) -> str:
    return _("One of these is expected: {choices}").format(choices=", ".join(choices))


def refused(field: str, reason: str) -> PlanRefused:
    return PlanRefused(Problem(ProblemId.PLAN_UNREADABLE, Place.COMPUTER, reason, field))
