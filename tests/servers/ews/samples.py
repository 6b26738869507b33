"""Mail for the EWS server, and how exchangelib puts it there and gets it back."""

from __future__ import annotations

from exchangelib import EWSDateTime, Folder, Message
from exchangelib.attachments import Attachment
from exchangelib.ewsdatetime import UTC

MIME = (
    b"Received: from far.test by near.test; Mon, 1 Jan 2024 09:00:00 +0000\r\n"
    b"From: Bob <bob@far.test>\r\nTo: anna@exchange.test, Zo\xc3\xa9 <zoe@far.test>\r\n"
    b"Subject: =?utf-8?q?=C3=A9t=C3=A9?=\r\nMessage-ID: <one@far.test>\r\nX-Mailer: Test\r\n"
    b"References: <zero@far.test>\r\nImportance: high\r\n"
    b"Date: Mon, 01 Jan 2024 10:00:00 +0200\r\n\r\nhello\r\n"
)
MIXED = b"""\
From: bob@far.test\r
To: anna@exchange.test\r
Subject: with parts\r
Message-ID: <parts@far.test>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=outer\r
\r
--outer\r
Content-Type: text/html; charset=iso-8859-1\r
\r
<p>caf\xe9</p>\r
--outer\r
Content-Type: application/pdf; name=a.pdf\r
Content-Disposition: attachment; filename=a.pdf\r
Content-Transfer-Encoding: base64\r
\r
JVBERi0=\r
--outer\r
Content-Type: message/rfc822\r
\r
Subject: inner\r
Message-ID: <inner@far.test>\r
MIME-Version: 1.0\r
Content-Type: text/x-note; name=deep.txt\r
Content-Disposition: attachment\r
\r
deep\r
--outer--\r
"""


def save(folder: Folder, mime: bytes = MIME, **fields: object) -> Message:
    message = Message(account=folder.account, folder=folder, mime_content=mime, **fields)
    saved: Message = message.save()
    return saved


def only_one(folder: Folder, *fields: str) -> Message:
    query = folder.all().only(*fields) if fields else folder.all()
    (message,) = query
    return message


def parts_of(message: Message) -> list[Attachment]:
    """Attachments by name: exchangelib sorts them by type."""
    return sorted(message.attachments, key=lambda one: one.name)


def instant(*parts: int) -> EWSDateTime:
    return EWSDateTime(*parts, tzinfo=UTC)
