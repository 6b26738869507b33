"""What kinds of files are called."""

from __future__ import annotations

from omm_desktop.language import translate as _

_BY_SUFFIX = {
    ".pst": "pst",
    ".ost": "pst",
    ".ics": "ics",
    ".vcf": "vcf",
    ".csv": "csv",
    ".mbox": "mbox",
    ".eml": "eml",
    ".emlx": "emlx",
    ".msg": "msg",
    ".zip": "zip",
    ".tgz": "packed",
    ".tar": "packed",
    ".gz": "packed",
    ".bz2": "packed",
    ".xz": "packed",
}


def kind_name(kind: str) -> str:
    """A kind of file at the head of a line, by the value of its `FileKind`; else a file."""
    names = {
        "pst": _("Outlook file"),
        "ics": _("Calendar file"),
        "vcf": _("Contacts file"),
        "csv": _("Table of contacts"),
        "mbox": _("Mail file"),
        "eml": _("Single message"),
        "emlx": _("Message of Apple Mail"),
        "msg": _("Message of Outlook"),
        "maildir": _("Maildir folder"),
        "zip": _("Zip archive"),
        "packed": _("Packed archive"),
        "folder": _("Folder"),
    }
    return names[kind] if kind else _("File")


def by_suffix(suffix: str) -> str:
    """The kind that such a name promises; empty when it promises nothing."""
    return _BY_SUFFIX.get(suffix.lower(), "")
