"""What a file is, by its content; its name is asked only where the content leaves it open."""

from __future__ import annotations

import re
import stat
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from ...model.problem import OwnerNeeded, Place, Problem, ProblemId
from .content import Brake, Content, beginning_in_utf8
from .csv_contacts.section import is_contacts_csv
from .disk_names import for_people
from .emlx import is_emlx
from .maildir import is_maildir
from .mbox.older_boxes import MARKS as OLDER_BOXES
from .mbox.separator import looks_like_header, separates
from .msg.read import is_msg
from .packing import PACKED_MARKS
from .tar import is_tar
from .zip_archive import ZIP_MARKS

LOOKED_AT = 8 << 10
"""Octets of the beginning of a file that tell its kind."""


class FileKind(StrEnum):
    """What this program reads. `FOLDER` may hold files of any kind.

    `PACKED` is what gzip, bzip2 or xz has packed, and tar archives, packed or not.
    """

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
    PACKED = "packed"
    FOLDER = "folder"


OUTLOOK_MARK = b"!BDN"
_MARKS = {
    OUTLOOK_MARK: FileKind.PST,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": FileKind.MSG,
    **dict.fromkeys(ZIP_MARKS, FileKind.ZIP),
    **dict.fromkeys(PACKED_MARKS, FileKind.PACKED),
    **dict.fromkeys(OLDER_BOXES, FileKind.MBOX),
}
ARCHIVES = frozenset({FileKind.ZIP, FileKind.PACKED})
# Documents of office programs are zip archives as well.
ARCHIVE_NAMES = (".zip", ".tar", ".tgz", ".tbz", ".txz", ".gz", ".bz2", ".xz")
# 7z and RAR.
_OTHER_ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
# AppleDouble: macOS puts it beside a file, with the same name behind "._", and into zip archives.
_BESIDE = b"\0\5\x16\7"
_BEGINS = re.compile(
    rb"[\s\0]*BEGIN[ \t]*:[ \t]*(VCALENDAR|VCARD|VEVENT|VTODO|VJOURNAL|VFREEBUSY|VTIMEZONE)\b",
    re.IGNORECASE,
)
# Outlook for Mac: an archive, but of documents of its own.
_OTHER_FILES = frozenset({".olm"})
# A page saved from a browser has the form of a mail.
_NO_MAIL = frozenset({".mht", ".mhtml"})
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
# Programs other than Outlook give a mail as it travels either name.
_MAY_BE_MAIL = frozenset({".eml", ".msg"})
MSG_NAMES = (".msg", ".oft")

_BY_NAME = {
    ".eml": FileKind.EML,
    ".emlx": FileKind.EMLX,
    ".msg": FileKind.MSG,
    ".mbox": FileKind.MBOX,
    ".mbx": FileKind.MBOX,
    ".ics": FileKind.ICS,
    ".ical": FileKind.ICS,
    ".vcs": FileKind.ICS,
    ".vcf": FileKind.VCF,
    ".vcard": FileKind.VCF,
}


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
        kind = kind_of_content(file.read(LOOKED_AT), told.st_size, path.name)
        if kind is FileKind.MSG and not _is_msg(Content(file, path.name, Brake())):
            return None
    return kind


def _is_msg(content: Content) -> bool:
    """A damaged message is told as such by its reader, where its name says what it is."""
    return content.name.lower().endswith(MSG_NAMES) or is_msg(content)


def refusal(path: Path) -> OwnerNeeded:
    """What to raise for a file that is none of ours, by what it is instead."""
    beginning = b""
    with suppress(OSError):
        if path.is_file():
            with path.open("rb") as file:
                beginning = file.read(LOOKED_AT)
    other = beginning.startswith(_OTHER_ARCHIVES)
    id = ProblemId.ARCHIVE_NOT_READ if other else ProblemId.FILE_NOT_UNDERSTOOD
    return OwnerNeeded(Problem(id, Place.SOURCE, "", for_people(path.name)))


def kind_of_content(beginning: bytes, size: int, name: str) -> FileKind | None:
    """The kind of a file of `size` octets, by its first `LOOKED_AT` octets and, in doubt, name.

    `MSG` may as well be a document of an office program: see `msg.read.is_msg`.
    """
    if not size:
        # An empty folder of mail is one as well; nothing else that is empty says anything.
        return FileKind.MBOX if kind_by_name(name) is FileKind.MBOX else None
    if beginning.startswith(_BESIDE):
        return None
    if Path(name).suffix.lower() in _OTHER_FILES:
        return None
    for mark, kind in _MARKS.items():
        if beginning.startswith(mark):
            return kind
    if is_tar(beginning):
        return FileKind.PACKED
    text = beginning_in_utf8(beginning)
    begins = _BEGINS.match(text)
    if begins is not None:
        return FileKind.VCF if begins[1].upper() == b"VCARD" else FileKind.ICS
    if _begins_mbox(text):
        return FileKind.MBOX
    if is_emlx(beginning, size):
        return FileKind.EMLX
    if _is_mail(text, name):
        return FileKind.EML
    if is_contacts_csv(beginning):
        return FileKind.CSV
    return kind_by_name(name)


def _begins_mbox(text: bytes) -> bool:
    text = text.lstrip(b"\r\n")
    if not text.startswith(b"From "):
        return False
    line, end, below = text.partition(b"\n")
    return separates(line + end, below, after_empty=True)


def _is_mail(text: bytes, name: str) -> bool:
    """With a name of its kind one field of mail is enough; else two, or three behind others."""
    text = text.lstrip(b"\r\n")
    suffix = Path(name).suffix.lower()
    if suffix in _NO_MAIL or not _FIELD.match(text):
        return False
    begins = looks_like_header(text)
    if begins and suffix in _MAY_BE_MAIL:
        return True
    fields = sum(map(looks_like_header, _ends_header(text).split(b"\n")))
    return fields >= (2 if begins else 3)


def _ends_header(text: bytes) -> bytes:
    return re.split(rb"\r?\n\r?\n", text, maxsplit=1)[0]


def kind_by_name(name: str) -> FileKind | None:
    """What the name of a file promises."""
    return _BY_NAME.get(Path(name).suffix.lower())
