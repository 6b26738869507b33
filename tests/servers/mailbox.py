"""Mailboxes as a test sees them: put one into a server, read one back, compare two."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from imapclient import IMAPClient
from imapclient.datetime_util import datetime_to_INTERNALDATE
from imapclient.exceptions import IMAPClientError

from omm_desktop.model.items import FolderPath

from .account import TestAccount

BATCH_MESSAGES = 200
BATCH_BYTES = 8 << 20

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Message:
    """A message to be stored, byte for byte. `flags` holds system flags and keywords."""

    body: bytes = field(repr=False)
    flags: frozenset[str] = frozenset()
    received: datetime | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class MailFolder:
    """A folder to be made, with its messages."""

    path: FolderPath
    messages: Sequence[Message] = ()
    subscribed: bool = True


@dataclass(frozen=True, slots=True)
class RefusedMessage:
    """A message the server did not take at load time, and its words."""

    path: FolderPath
    message: Message
    answer: str


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message as a server gives it back. `flags` are in lower case, without \\Recent."""

    sha256: str
    flags: frozenset[str]
    received: datetime
    label: str = field(default="", compare=False)
    size: int = field(default=0, compare=False)

    def __str__(self) -> str:
        when = self.received.isoformat()
        flags = " ".join(sorted(self.flags))
        return f"{self.sha256[:10]} {self.size} bytes, {when}, ({flags}) {self.label}"


Snapshot = dict[FolderPath, list[StoredMessage]]


def load(account: TestAccount, mailbox: Sequence[MailFolder]) -> list[RefusedMessage]:
    """Make the folders and store every message as it is; say what the server refused."""
    refused: list[RefusedMessage] = []
    with account.client() as client:
        prefix, delimiter = _namespace(client)
        several = client.has_capability("MULTIAPPEND") and client.has_capability("LITERAL+")
        for folder in mailbox:
            name = _server_name(folder.path, prefix, delimiter)
            if not client.folder_exists(name):
                client.create_folder(name)
            if folder.subscribed:
                client.subscribe_folder(name)
            for batch in _batches(folder.messages, [len(m.body) for m in folder.messages]):
                if several and _append_together(client, name, batch):
                    continue
                refused += (
                    RefusedMessage(folder.path, message, answer)
                    for message in batch
                    if (answer := append(client, name, message)) is not None
                )
    return refused


def append(client: IMAPClient, name: str, message: Message) -> str | None:
    """Store one message without touching its line ends; the server's words when it refused."""
    imap = client._imap
    arguments = [client._normalise_folder(name)]
    if message.flags:
        arguments.append(f"({' '.join(sorted(message.flags))})")
    if message.received:
        arguments.append(_internal_date(message.received))
    # imaplib.append would turn every bare CR or LF into CRLF.
    imap.literal = message.body
    try:
        status, data = imap._simple_command("APPEND", *arguments)
    except imap.error as error:
        return str(error)
    return None if status == "OK" else b" ".join(data).decode("utf-8", "replace")


def snapshot(account: TestAccount) -> Snapshot:
    """Everything in the mailbox, read with EXAMINE and BODY.PEEK."""
    found: Snapshot = {}
    with account.client() as client:
        prefix, _ = _namespace(client)
        for flags, delimiter, name in client.list_folders():
            # A number alone is a name too; imapclient gives it back as one.
            path = _path(str(name), prefix, (delimiter or b"").decode())
            lowered = {flag.lower() for flag in flags}
            if lowered & {b"\\noselect", b"\\nonexistent"}:
                continue
            found[path] = list(_messages(client, name))
    return found


def filled(found: Snapshot) -> Snapshot:
    """Without the empty folders."""
    return {path: messages for path, messages in found.items() if messages}


def subscriptions(account: TestAccount) -> set[FolderPath]:
    """Folders the account is subscribed to."""
    with account.client() as client:
        prefix, _ = _namespace(client)
        return {
            _path(str(name), prefix, (delimiter or b"").decode())
            for _, delimiter, name in client.list_sub_folders()
        }


def compare(
    source: Snapshot,
    destination: Snapshot,
    mapping: Mapping[FolderPath, FolderPath] | None = None,
) -> list[str]:
    """Differences as sentences, none when both hold the same multisets of messages.

    `mapping` says where source folders went; several may share one destination. A folder it does
    not name keeps its path.
    """
    expected: defaultdict[FolderPath, Counter[StoredMessage]] = defaultdict(Counter)
    for path, messages in source.items():
        expected[(mapping or {}).get(path, path)].update(messages)
    differences: list[str] = []
    for path in sorted(expected.keys() | destination.keys()):
        name = "/".join(path)
        if path not in destination:
            differences.append(f"{name}: folder missing ({expected[path].total()} messages)")
        elif path not in expected:
            differences.append(f"{name}: folder not expected ({len(destination[path])} messages)")
        else:
            found = Counter(destination[path])
            differences += (f"{name}: {text}" for text in _unlike(expected[path], found))
    return differences


def _unlike(expected: Counter[StoredMessage], found: Counter[StoredMessage]) -> Iterator[str]:
    missing = list((expected - found).elements())
    surplus = defaultdict(list)
    for message in (found - expected).elements():
        surplus[message.sha256].append(message)
    for message in missing:
        if altered := surplus[message.sha256]:
            yield f"flags or date differ: {message}  became  {altered.pop()}"
        else:
            yield f"missing or changed: {message}"
    for messages in surplus.values():
        yield from (f"not expected: {message}" for message in messages)


def _messages(client: IMAPClient, name: str) -> Iterator[StoredMessage]:
    if not client.select_folder(name, readonly=True)[b"EXISTS"]:
        return
    uids = client.search("ALL")
    sizes: dict[int, int] = {}
    for start in range(0, len(uids), 1000):
        answer = client.fetch(uids[start : start + 1000], ["RFC822.SIZE"])
        sizes.update((uid, data[b"RFC822.SIZE"]) for uid, data in answer.items())
    for batch in _batches(uids, [sizes.get(uid, 0) for uid in uids]):
        answer = client.fetch(batch, ["FLAGS", "INTERNALDATE", "BODY.PEEK[]"])
        for uid in batch:
            data = answer[uid]
            body = data[b"BODY[]"] or b""
            yield StoredMessage(
                sha256=hashlib.sha256(body).hexdigest(),
                flags=frozenset(
                    flag.decode("latin-1").lower()
                    for flag in data[b"FLAGS"]
                    if flag.lower() != b"\\recent"
                ),
                received=data[b"INTERNALDATE"].astimezone(UTC),
                label=_label(body),
                size=len(body),
            )


def _label(body: bytes) -> str:
    head = body[:4000].lower()
    start = head.find(b"subject:")
    return body[start : start + 60].split(b"\n")[0].decode("latin-1").strip() if start >= 0 else ""


def _batches(things: Sequence[T], sizes: Sequence[int]) -> Iterator[list[T]]:
    batch: list[T] = []
    weight = 0
    for thing, size in zip(things, sizes, strict=True):
        if batch and (len(batch) >= BATCH_MESSAGES or weight + size > BATCH_BYTES):
            yield batch
            batch, weight = [], 0
        batch.append(thing)
        weight += size
    if batch:
        yield batch


def _append_together(client: IMAPClient, name: str, batch: Sequence[Message]) -> bool:
    messages = []
    for message in batch:
        if not message.body:
            return False
        item: dict[str, object] = {"msg": message.body, "flags": sorted(message.flags)}
        if message.received:
            item["date"] = message.received
        messages.append(item)
    try:
        status, _ = client.multiappend(name, messages)
    except IMAPClientError:
        return False
    return bool(status == "OK")


def _internal_date(when: datetime) -> str:
    return f'"{datetime_to_INTERNALDATE(when)}"'


def _namespace(client: IMAPClient) -> tuple[str, str]:
    if client.has_capability("NAMESPACE"):
        personal = client.namespace().personal
        if personal:
            return personal[0][0] or "", personal[0][1] or "/"
    return "", "/"


def _server_name(path: FolderPath, prefix: str, delimiter: str) -> str:
    return "INBOX" if path == ("INBOX",) else prefix + delimiter.join(path)


def _path(name: str, prefix: str, delimiter: str) -> FolderPath:
    if name.upper() == "INBOX":
        return ("INBOX",)
    name = name.removeprefix(prefix)
    return tuple(name.split(delimiter)) if delimiter else (name,)
