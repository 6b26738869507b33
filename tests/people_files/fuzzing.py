"""Files of calendars and contacts as no program should write them, but some do."""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode
from collections.abc import Iterable, Sequence

from hypothesis import strategies as st

Draw = st.DrawFn

_ODD = st.sampled_from(
    [
        *("", " ", "é", "日本", "😀", "\\", "\\n", "\\,", ";", ",", ":", '"', "=", "=\n", "\x00"),
        *("\x0b", "\x85", "\u2028", "\ufeff", "\ufffe", "%(now)s", "9" * 5000, "a" * 300, "+/="),
    ]
)
_WORDS = st.lists(st.one_of(_ODD, st.text(max_size=8)), max_size=4).map("".join)
_ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252", "cp932", "utf-7", "utf-32"]

_YEARS = ["0000", "0001", "1601", "1900", "1970", "2024", "2400", "9998", "9999", "-001", "%%%%"]
_ZONES = ["Europe/Paris", "Romance Standard Time", "Loop", "", "/", "a/b/c-d_e", "../../etc/x", "W"]
_RULES = {
    "FREQ": ["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY", "EVER", ""],
    "INTERVAL": ["0", "1", "-1", "99999999999", "x"],
    "COUNT": ["0", "1", "99999999999", "-5"],
    "UNTIL": ["00000000", "99991231T235959Z", "20240101", "16010101T000000", "soon"],
    "BYDAY": ["MO", "-1SU", "53MO", "99FR", "XX", "MO,TU,WE", ","],
    "BYMONTH": ["0", "1,2,3", "13", "5L"],
    "BYMONTHDAY": ["31", "-31", "0", "32"],
    "BYSETPOS": ["1", "-1", "0", "366"],
    "BYYEARDAY": ["366", "-366"],
    "BYWEEKNO": ["53", "-53"],
    "BYHOUR": ["24", "1,2"],
    "WKST": ["SU", "??"],
    "RSCALE": ["HEBREW"],
}


@st.composite
def moments(draw: Draw) -> str:
    """A day, a moment, a period or a duration, more or less."""
    if draw(st.booleans()):
        year = draw(st.sampled_from(["0001", "1601", "2024", "9999"]))
        return year + draw(st.sampled_from(["0101", "0331T023000", "1231T235959Z", "1231"]))
    year = draw(st.sampled_from(_YEARS))
    day = draw(st.sampled_from(["0101", "0229", "1031", "1332", "0000"]))
    time = draw(st.sampled_from(["", "T", "T000000", "T235960", "T240000", "T25"]))
    end = draw(st.sampled_from(["", "Z", "/PT1H", "/99991231T235959Z", "+0100"]))
    length = draw(st.sampled_from(["P1D", "-P1W", "PT99999999999H", "P", "PT-2H", "P9999999W"]))
    return draw(st.sampled_from([year + day + time + end, length]))


@st.composite
def rules(draw: Draw) -> str:
    """A rule of a recurrence, of iCalendar or vCalendar."""
    if draw(st.booleans()):
        names = draw(st.lists(st.sampled_from(sorted(_RULES)), max_size=6))
        return ";".join(f"{name}={draw(st.sampled_from(_RULES[name]))}" for name in names)
    old = ["D1 #0", "MP1 1+ MO 2- FR #5", "W99999 XX", "YD1 366 #", "M", "MP1 9", "D99999999999999"]
    return draw(st.sampled_from([*old, "YM1 13 #" + "9" * 5000]))


_PARAMS = [
    *("VALUE=DATE", "VALUE=PERIOD", "TZID=", "CHARSET=SHIFT_JIS", "CHARSET=nonsense", "PREF", "="),
    *(
        "CHARSET=undefined",
        "ENCODING=QUOTED-PRINTABLE",
        "QUOTED-PRINTABLE",
        "ENCODING=BASE64",
        "X=",
    ),
    *(
        "ENCODING=b",
        "TYPE=home,work",
        'CN="a:b;c',
        "RANGE=THISANDFUTURE",
        'X="',
        "FMTTYPE=text/html",
    ),
    *("TYPE=" + "a," * 400, "RELATED=END", "CHARSET=idna"),
]


@st.composite
def _params(draw: Draw) -> str:
    given = draw(st.lists(st.sampled_from(_PARAMS), max_size=2))
    zone = draw(st.sampled_from(_ZONES))
    return "".join(f";{one}{zone if one == 'TZID=' else ''}" for one in given)


@st.composite
def _line(draw: Draw, names: Sequence[str], values: st.SearchStrategy[str]) -> str:
    group = draw(st.sampled_from(["", "", "", "item1.", "."]))
    between = draw(st.sampled_from([":", ":", ":", ": ", "", "::"]))
    return group + draw(st.sampled_from(names)) + draw(_params()) + between + draw(values)


_DATED = ["DTSTART", "DTEND", "DUE", "DURATION", "COMPLETED", "RECURRENCE-ID", "TRIGGER", "DTSTAMP"]
_DATED += ["RDATE", "EXDATE", "RRULE", "AALARM", "DALARM", "CREATED"]
_TOLD = ["SUMMARY", "DESCRIPTION", "LOCATION", "UID", "CATEGORIES", "ATTENDEE", "ORGANIZER", "URL"]
_TOLD += ["X-ALT-DESC", "ATTACH", "GEO", "PRIORITY", "PERCENT-COMPLETE", "SEQUENCE", "STATUS"]
_TOLD += ["CLASS", "TRANSP", "TZID", "VERSION", "X-WR-CALNAME", "X-WR-TIMEZONE", "BEGIN", "END"]
_CARD = ["FN", "N", "ORG", "EMAIL", "TEL", "ADR", "LABEL", "BDAY", "PHOTO", "NOTE", "UID", "AGENT"]
_CARD += ["X-ABLABEL", "X-ABDATE", "RELATED", "MEMBER", "KIND", "CATEGORIES", "KEY", "VERSION"]
_CARD += ["IMPP", "GENDER", "X-ABSHOWAS", "ANNIVERSARY", "REV", "BEGIN", "END", "X-", "URL"]

_FLOODS = moments().map(lambda moment: ",".join([moment] * 400))
_FILES = st.binary(max_size=90).map(lambda data: b64encode(data).decode() * 3)
_VALUES = st.one_of(moments(), rules(), _WORDS, _FLOODS, _FILES)
_ZONE_LINES = ["TZID:Loop", "RRULE:FREQ=SECONDLY", "TZOFFSETFROM:+9999", "TZOFFSETTO:-0000", "x"]
_ZONE_LINES += ["TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "DTSTART:16010101T000000", "TZNAME:é"]
_ZONE_LINES += ["RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "X-LIC-LOCATION:Loop", "RDATE:9999"]
_ZONE_LINES += ["DTSTART:99991231T235959", "BEGIN:STANDARD", "END:STANDARD", "BEGIN:DAYLIGHT"]


def _within(name: str, lines: Iterable[str], *, ended: bool) -> list[str]:
    return [f"BEGIN:{name}", *lines, *([f"END:{name}"] if ended else [])]


@st.composite
def _component(draw: Draw) -> list[str]:
    name = draw(st.sampled_from(["VEVENT", "VEVENT", "VTODO", "VTIMEZONE", "VJOURNAL", "VALARM"]))
    told = _line(_TOLD, _VALUES)
    lines = draw(st.lists(st.one_of(_line(_DATED, _VALUES), told), max_size=8))
    if name == "VTIMEZONE":
        lines = draw(st.lists(st.sampled_from(_ZONE_LINES), max_size=12))
    elif draw(st.booleans()):
        lines[:0] = ["UID:1", f"DTSTART;TZID=Loop:{draw(moments())}", f"RRULE:{draw(rules())}"]
        lines += [f"DURATION:{draw(moments())}", "BEGIN:VALARM", f"TRIGGER:{draw(moments())}"]
    return _within(name, lines, ended=draw(st.integers(0, 9)) > 0)


@st.composite
def _written(draw: Draw, lines: Sequence[str]) -> bytes:
    """The lines in some encoding, folded anywhere, with some bytes lost or changed."""
    end = draw(st.sampled_from(["\r\n", "\n", "\r", "\r\n\r\n", "\n\n "]))
    text = end.join(lines) + end
    data = text.encode(draw(st.sampled_from(_ENCODINGS)), "replace")
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(data)))
        put = draw(st.sampled_from([b"\r\n ", b"\n\t", b"=\r\n", b"\xff", b"\0", b"", b'"', b"\r"]))
        data = data[:place] + put + data[place + draw(st.integers(0, 3)) :]
    return data


@st.composite
def calendars(draw: Draw) -> bytes:
    """A file of events, tasks and zones."""
    parts = draw(st.lists(_component(), max_size=5))
    version = draw(st.sampled_from(["VERSION:2.0", "VERSION:1.0", "X-WR-CALNAME:é"]))
    lines = [version, *(line for part in parts for line in part)]
    return draw(_written(_within("VCALENDAR", lines, ended=draw(st.booleans()))))


@st.composite
def cards(draw: Draw) -> bytes:
    """A file of contacts."""
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        version = draw(st.sampled_from(["VERSION:2.1", "VERSION:3.0", "VERSION:4.0", "X:"]))
        inner = [version, *draw(st.lists(_line(_CARD, _VALUES), max_size=10))]
        lines += _within("VCARD", inner, ended=draw(st.integers(0, 5)) > 0)
    return draw(_written(lines))


_COLUMNS = [
    "First Name",
    "Last Name",
    "Nom",
    "Titre",
    "E-mail Address",
    "Birthday",
    "Notes",
    "Sexe",
]
_COLUMNS += ["E-mail 1 - Value", "E-mail 1 - Label", "Phone 1 - Value", "Phone 1 - Type", "Photo"]
_COLUMNS += ["Address 1 - Formatted", "Address 999 - Street", "Event 1 - Value", "Event 1 - Type"]
_COLUMNS += ["Relation 1 - Value", "Relation 1 - Type", "IM 1 - Value", "Birth Day", "Birth Year"]
_COLUMNS += [
    "Website 1 - Value",
    "Custom Field 1 - Type",
    "Home Street",
    "Group Membership",
    "",
    "x",
]
_COLUMNS += ["Phone " + "9" * 5000 + " - Value", "Private", "Gender", "Anniversaire", "Имя"]


@st.composite
def tables(draw: Draw) -> bytes:
    """A file of comma-separated values."""
    separator = draw(st.sampled_from([",", ";", "\t", "|"]))
    width = draw(st.sampled_from([1, 3, 8, 2000]))
    header = draw(st.lists(st.sampled_from(_COLUMNS), min_size=1, max_size=8)) * (width // 8 + 1)
    odd = [
        "1/2/2000",
        "31/12/99",
        "0/0/00",
        "--02-30",
        "a\nb",
        '"',
        '""',
        "* Work ::: * x",
        " ::: ",
    ]
    values = st.one_of(st.sampled_from(odd), _WORDS, moments())
    rows = draw(st.lists(st.lists(values, max_size=9), max_size=6))
    sign = draw(st.sampled_from([[], [], [f"sep={separator}"], [""]]))
    quoted = draw(st.booleans())
    lines = [
        *sign,
        *(separator.join(f'"{one}"' if quoted else one for one in row) for row in [header, *rows]),
    ]
    return draw(_written(lines))


@st.composite
def archives(draw: Draw) -> bytes:
    """A zip archive with such files in it, broken here and there."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", draw(st.sampled_from([0, 8, 12, 14]))) as archive:
        for number in range(draw(st.integers(0, 3))):
            name = draw(st.sampled_from(["a.ics", "../../b.vcf", "/c.csv", "d\0.ics", "é/f", "g/"]))
            data = draw(st.one_of(calendars(), cards(), tables()))
            archive.writestr(zipfile.ZipInfo(f"{number}{name}"), data)
    data = bytearray(held.getvalue())
    for _ in range(draw(st.integers(0, 4))):
        data[draw(st.integers(4, max(4, len(data) - 1))) % len(data)] = draw(st.integers(0, 255))
    return bytes(data)
