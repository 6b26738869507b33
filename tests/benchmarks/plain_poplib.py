"""The plainest copy by POP3: poplib and imaplib as they come, one RETR and one APPEND a message.

Not even the line ends are looked at, and poplib's limit on the length of a line is lifted.
"""

from __future__ import annotations

import imaplib
import json
import poplib
import sys

poplib._MAXLINE = 1 << 30  # type: ignore[attr-defined]


def main() -> None:
    old, new = json.load(sys.stdin)
    source = poplib.POP3(old["host"], old["port"])
    source.user(old["login"])
    source.pass_(old["password"])
    destination = imaplib.IMAP4(new["host"], new["port"])
    destination.login(new["login"], new["password"])
    number, _ = source.stat()
    for message in range(1, number + 1):
        lines = source.retr(message)[1]
        destination.append("INBOX", "", "", b"\r\n".join(lines) + b"\r\n")
    destination.logout()
    source.close()


if __name__ == "__main__":
    main()
