"""The plainest copy: imapclient as it comes, one FETCH and one APPEND for each message.

Prints how many messages it copied and the seconds they took; signing in and folders are not in it.
"""

from __future__ import annotations

import json
import sys
import time

from imapclient import IMAPClient


def main() -> None:
    source, destination = (_signed_in(*account) for account in json.load(sys.stdin))
    copied, seconds = 0, 0.0
    for attributes, _, name in source.list_folders():
        if {b"\\Noselect", b"\\NonExistent"} & set(attributes):
            continue
        if not destination.folder_exists(name):
            destination.create_folder(name)
        destination.subscribe_folder(name)
        source.select_folder(name, readonly=True)
        uids = source.search("ALL")
        began = time.monotonic()
        for uid in uids:
            found = source.fetch([uid], ["BODY.PEEK[]", "FLAGS", "INTERNALDATE"])[uid]
            flags = [flag for flag in found[b"FLAGS"] if flag != b"\\Recent"]
            destination.append(name, found[b"BODY[]"], flags, found[b"INTERNALDATE"])
        seconds += time.monotonic() - began
        copied += len(uids)
    print(json.dumps([copied, seconds]))


def _signed_in(host: str, port: int, login: str, password: str) -> IMAPClient:
    client = IMAPClient(host, port, ssl=False)
    client.normalise_times = False
    client.login(login, password)
    return client


if __name__ == "__main__":
    main()
