"""What a file is, by its content; its name is asked only where the content leaves it open."""

from __future__ import annotations

import re
import stat
from enum import StrEnum
from pathlib import Path

from .emlx import is_emlx
from .maildir import is_maildir
from .mbox.separator import looks_like_header, separates

LOOKED_AT = 8 << 10
"""Octets of the beginning of a file that tell its kind."""


class FileKind(StrEnum):
    """What this program reads. `FOLDER` may hold files of any kind."""

    PST = "pst"
    ICS = "ics"
    VCF = "vcf"
    CSV = "csv"
    MBOX = "mbox"
    EML = "eml"
    EMLX = "emlx"
    MSG = "msg"
    MAILDIR = "maildir"
    ZIP = "zip"
    FOLDER = "folder"


_MARKS = {
    b"!BDN": FileKind.PST,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": FileKind.MSG,
    b"PK\x03\x04": FileKind.ZIP,
    b"PK\x05\x06": FileKind.ZIP,
}
_UTF_8, _UTF_16_LE, _UTF_16_BE = b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"
_BEGINS = re.compile(
    rb"[\s\0]*BEGIN[ \t]*:[ \t]*V(CALENDAR|CARD|EVENT|TODO|JOURNAL|FREEBUSY|TIMEZONE)\b",
    re.IGNORECASE,
)
# A page saved from a browser has the form of a mail.
_NO_MAIL = frozenset({".mht", ".mhtml"})
_BY_NAME = {
    ".eml": FileKind.EML,
    ".mbox": FileKind.MBOX,
    ".mbx": FileKind.MBOX,
    ".ics": FileKind.ICS,
    ".ical": FileKind.ICS,
    ".vcs": FileKind.ICS,
    ".vcf": FileKind.VCF,
    ".vcard": FileKind.VCF,
    ".csv": FileKind.CSV,
}
_COLUMNS = re.compile(rb"[^\r\n]*[,;\t][^\r\n]*")


def kind_of(path: Path) -> FileKind | None:
    """The kind of a file or a folder, None when it is none of ours; raises OSError.

    What is neither a file nor a folder (a device, a pipe) is never opened.
    """
    told = path.stat()
    if stat.S_ISDIR(told.st_mode):
        return FileKind.MAILDIR if is_maildir(path) else FileKind.FOLDER
    if not stat.S_ISREG(told.st_mode):
        return None
    with path.open("rb") as file:
        beginning = file.read(LOOKED_AT)
    return kind_of_content(beginning, told.st_size, path.name)


def kind_of_content(beginning: bytes, size: int, name: str) -> FileKind | None:
    """The kind of a file of `size` octets, by its first `LOOKED_AT` octets and, in doubt, name."""
    if not size:
        return None
    for mark, kind in _MARKS.items():
        if beginning.startswith(mark):
            return kind
    text = _as_ascii(beginning)
    begins = _BEGINS.match(text)
    if begins is not None:
        return FileKind.VCF if begins[1].upper() == b"CARD" else FileKind.ICS
    if _begins_mbox(text):
        return FileKind.MBOX
    if is_emlx(beginning, size):
        return FileKind.EMLX
    if _is_mail(text, name):
        return FileKind.EML
    return _by_name(text, name)


def _as_ascii(beginning: bytes) -> bytes:
    """The text without its mark; of UTF-16 what is ASCII in it."""
    for mark, codec in ((_UTF_16_LE, "utf-16-le"), (_UTF_16_BE, "utf-16-be")):
        if beginning.startswith(mark):
            return beginning[2:].decode(codec, "replace").encode("ascii", "replace")
    return beginning.removeprefix(_UTF_8)


def _begins_mbox(text: bytes) -> bool:
    text = text.lstrip(b"\r\n")
    if not text.startswith(b"From "):
        return False
    line, end, below = text.partition(b"\n")
    return separates(line + end, below, after_empty=True)


def _is_mail(text: bytes, name: str) -> bool:
    """A name of its kind and one field of mail are enough, and without it two."""
    text = text.lstrip(b"\r\n")
    suffix = Path(name).suffix.lower()
    if suffix in _NO_MAIL or not looks_like_header(text):
        return False
    return suffix == ".eml" or sum(map(looks_like_header, _ends_header(text).split(b"\n"))) >= 2


def _ends_header(text: bytes) -> bytes:
    return re.split(rb"\r?\n\r?\n", text, maxsplit=1)[0]


def _by_name(text: bytes, name: str) -> FileKind | None:
    kind = _BY_NAME.get(Path(name).suffix.lower())
    if kind is FileKind.CSV and not _COLUMNS.match(text.lstrip(b"\r\n")):
        return None
    return kind
