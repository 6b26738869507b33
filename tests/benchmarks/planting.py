"""A large mailbox laid straight on a Dovecot's disk: by IMAP it would take longer than a copy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

from imapclient import imap_utf7

from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot
from tests.servers.mailbox import MailFolder
from tests.servers.process import is_root, mail_owner

LAYOUT = "mail_location = maildir:~/Maildir:LAYOUT=fs\nmailbox_list_index = no"
"""Folders as folders of the disk, which Dovecot finds without looking through all of them.

Its own index of folders is written anew with each one that is made: ten thousand take it an hour.
"""

_DAY = 1_557_126_489


def plant(server: Dovecot, name: str, folders: Sequence[MailFolder]) -> TestAccount:
    """A new mailbox that holds these, all read (a server with `LAYOUT`).

    What Dovecot names after a file, its sizes among it, it need not open the file for.
    """
    account = server.add_user(name)
    home = server.home(name)
    (home / "Maildir").mkdir()
    subscribed = ["V\t2\n\n"]
    for folder in folders:
        parts = () if folder.path == ("INBOX",) else folder.path
        # Dovecot 2.3 keeps names on its disk as IMAP sends them (RFC 3501, 5.1.3).
        names = [imap_utf7.encode(part).decode() for part in parts]
        if folder.subscribed and names:
            subscribed.append("\t".join(names) + "\n")
        place = home.joinpath("Maildir", *names)
        for part in ("cur", "new", "tmp"):
            (place / part).mkdir(parents=True, exist_ok=True)
        for number, message in enumerate(folder.messages):
            size = len(message.body)
            name = f"{_DAY + number}.P1.planted,S={size},W={size}:2,S"
            (place / "cur" / name).write_bytes(message.body)
    (home / "Maildir" / "subscriptions").write_text("".join(subscribed))
    if is_root():
        _user, uid, gid = mail_owner()
        for parent, _folders, files in os.walk(home):
            for one in (parent, *(os.path.join(parent, file) for file in files)):
                shutil.chown(one, uid, gid)
    return account
