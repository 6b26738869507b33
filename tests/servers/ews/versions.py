"""The versions of Exchange this server can pass for."""

from __future__ import annotations

from dataclasses import dataclass

SCHEMAS = (
    "Exchange2007",
    "Exchange2007_SP1",
    "Exchange2010",
    "Exchange2010_SP1",
    "Exchange2010_SP2",
    "Exchange2013",
    "Exchange2013_SP1",
    "Exchange2015",
    "Exchange2016",
)


@dataclass(frozen=True, slots=True)
class ExchangeVersion:
    """A build, the newest schema it accepts in a request, and the one it says it answers with."""

    build: tuple[int, int, int, int]
    newest_schema: str
    answers_as: str

    def accepts(self, schema: str) -> bool:
        """Whether a request made for this schema is understood; unknown ones are not."""
        return schema in SCHEMAS[: SCHEMAS.index(self.newest_schema) + 1]

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes of the ServerVersionInfo header."""
        names = ("MajorVersion", "MinorVersion", "MajorBuildNumber", "MinorBuildNumber")
        numbers = dict(zip(names, map(str, self.build), strict=True))
        return numbers | {"Version": self.answers_as}


EXCHANGE_2010 = ExchangeVersion((14, 3, 513, 0), "Exchange2010_SP2", "Exchange2010_SP2")
EXCHANGE_2013 = ExchangeVersion((15, 0, 1497, 48), "Exchange2013_SP1", "V2_23")
EXCHANGE_2016 = ExchangeVersion((15, 1, 2507, 39), "Exchange2016", "V2017_07_11")
EXCHANGE_SE = ExchangeVersion((15, 2, 2562, 17), "Exchange2016", "V2017_07_11")
