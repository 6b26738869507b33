"""Media types of files by the ends of their names, the same on every computer."""

from __future__ import annotations

import re

UNKNOWN = "application/octet-stream"

_TOKEN = r"[A-Za-z0-9!#$&^_.+-]+"
_TYPE = re.compile(rf"\s*({_TOKEN}/{_TOKEN})\s*(?:;.*)?", re.DOTALL)
_REPORTS = ("message/delivery-status", "message/disposition-notification")
_OFFICE = "application/vnd.openxmlformats-officedocument."
_BY_ENDING = {
    "bmp": "image/bmp",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": _OFFICE + "wordprocessingml.document",
    "gif": "image/gif",
    "htm": "text/html",
    "html": "text/html",
    "ics": "text/calendar",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "p7s": "application/pkcs7-signature",
    "pdf": "application/pdf",
    "png": "image/png",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": _OFFICE + "presentationml.presentation",
    "rtf": "application/rtf",
    "svg": "image/svg+xml",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "vcf": "text/vcard",
    "webp": "image/webp",
    "xls": "application/vnd.ms-excel",
    "xlsx": _OFFICE + "spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}


def media_type(told: str, name: str) -> str:
    """The type of a file carried in base64, from what the file says of it, else from its name.

    Types of several parts and of messages may not be so encoded (RFC 2045 6.4); those of reports
    are text.
    """
    match = _TYPE.fullmatch(told)
    if match:
        found = match[1].lower()
        if found in _REPORTS:
            return "text/plain"
        return UNKNOWN if found.startswith(("multipart/", "message/")) else found
    return _BY_ENDING.get(name.rpartition(".")[2].lower(), UNKNOWN)
