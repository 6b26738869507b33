"""Files as they come, and a mailbox saved in a folder, by the command line."""

from __future__ import annotations

import hashlib
import mailbox
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from omm_desktop.endpoints.registry import open_source
from omm_desktop.model.account import EndpointKind
from omm_desktop.model.items import ItemKind
from tests.contract.entries import calendar, card
from tests.outlook_file.everything import Read, read_file
from tests.pst.collection import unpacked_files
from tests.servers.account import TestAccount
from tests.servers.corpus import peculiar_messages
from tests.servers.ews import EwsServer
from tests.servers.ews.reached import mailbox_of as reached
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, Message, compare, load, snapshot

from .command import CommandLine, End, Ended, OnDisk
from .letters import letters
from .untouched import untouched

ANNA = "anna@exchange.test"
FULL = "Aspose.Email-for-.NET__Outlook.pst"
DYING = (sys.executable, "-m", "tests.faults.dying")
DEATHS = (9, 14)
"""Commits of the records, each in the life after the one before."""


@pytest.fixture(scope="session")
def outlook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An Outlook file with items of every kind."""
    return unpacked_files(tmp_path_factory.mktemp("outlook"))[FULL]


@pytest.fixture
def anna(exchange: EwsServer) -> Iterator[TestAccount]:
    yield reached(exchange, ANNA)
    exchange.journal.assert_nothing_sent()


def event(number: int, title: str = "") -> bytes:
    return calendar(
        f"UID:event-{number}",
        "DTSTAMP:20260101T000000Z",
        f"DTSTART:202603{number:02}T090000Z",
        f"DTEND:202603{number:02}T100000Z",
        f"SUMMARY:{title or f'Event {number}'}",
    )


def person(number: int) -> bytes:
    return card(f"FN:Person {number}", f"N:{number};Person;;;", f"EMAIL:p{number}@a.test")


def mbox(path: Path, messages: Sequence[Message]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        b"".join(
            b"From zoe@example.test Mon May  6 07:08:09 2019\n"
            + one.body.replace(b"\r\n", b"\n")
            + b"\n"
            for one in messages
        )
    )
    return path


def digests(messages: Sequence[Message]) -> Counter[str]:
    return Counter(hashlib.sha256(one.body).hexdigest() for one in messages)


def mail_in(account: TestAccount) -> dict[tuple[str, ...], Counter[str]]:
    return {
        path: Counter(one.sha256 for one in found)
        for path, found in snapshot(account).items()
        if found
    }


def known_there(account: TestAccount, kind: ItemKind) -> Counter[bytes]:
    """What is in a mailbox on Exchange, by what each is known by."""
    source = open_source(account.as_account, account.secret)
    found: Counter[bytes] = Counter()
    try:
        for folder in source.folders():
            if folder.kind is kind:
                refs = [ref for window in source.refs(folder, None) for ref in window]
                found += Counter(one.fingerprint for one in source.fetch(folder, refs))  # type: ignore[union-attr]
    finally:
        source.close()
    return found


def known(read: Read, kind: ItemKind) -> Counter[bytes]:
    return Counter(item.fingerprint for item in read.of(kind))


def died_and_lived(
    command: CommandLine, source: End | Sequence[End], destination: End, **options: object
) -> Ended:
    """Killed in several lives at different places, then run to the end."""
    options = {"settle_seconds": 0.2, **options}
    for at in DEATHS:
        program = (*DYING, str(at), "before" if at % 2 else "after")
        life = replace(command, program=program).migrate(source, destination, **options)
        assert life.status == -signal.SIGKILL
    return command.migrate(source, destination, **options)


# -- Outlook files --------------------------------------------------------------------------


def test_an_outlook_file_to_imap_killed_again_and_again(
    command: CommandLine, outlook: Path, new_account: TestAccount
) -> None:
    read = read_file(outlook)
    expected = Counter(
        hashlib.sha256(data).hexdigest()
        for (_, kind, _), data in read.data().items()
        if kind is ItemKind.MAIL
    )
    source = OnDisk(outlook, EndpointKind.PST)
    ended = died_and_lived(command, source, new_account)
    assert (ended.status, ended.totals["failed"]) == (0, 0)
    assert sum(mail_in(new_account).values(), Counter()) == expected
    assert len(read.of(ItemKind.MAIL)) == sum(expected.values()) > 10
    again = command.migrate(source, new_account)
    assert (again.status, again.totals["copied"]) == (0, 0)


def test_an_outlook_file_to_exchange_with_all_it_holds(
    command: CommandLine, outlook: Path, anna: TestAccount
) -> None:
    read = read_file(outlook)
    ended = died_and_lived(command, OnDisk(outlook), anna, kinds=None)
    assert (ended.status, ended.totals["failed"]) == (0, 0)
    for kind in ItemKind:
        assert ended.report["kinds"].get(kind, {"listed": 0})["listed"] == len(read.of(kind))
    for kind in (ItemKind.CONTACTS, ItemKind.EVENTS, ItemKind.TASKS):
        assert known_there(anna, kind) == known(read, kind)
    again = command.migrate(OnDisk(outlook), anna, kinds=None)
    assert (again.status, again.totals["copied"]) == (0, 0)


# -- A mailbox and files in one run ---------------------------------------------------------


def test_a_mailbox_with_its_calendar_and_contacts_to_exchange(
    command: CommandLine, old_account: TestAccount, anna: TestAccount, tmp_path: Path
) -> None:
    """The one run of somebody who leaves Gmail; what is in two files arrives once."""
    load(old_account, [MailFolder(("INBOX",), letters(0, 12))])
    events = [event(number) for number in range(1, 16)]
    (tmp_path / "agenda.ics").write_bytes(b"".join(events))
    (tmp_path / "older.ics").write_bytes(b"".join([*events[:5], event(20, "More")]))
    (tmp_path / "people.vcf").write_bytes(b"".join(map(person, range(9))))
    mbox(tmp_path / "INBOX.mbox", letters(10, 5))
    names = ("agenda.ics", "older.ics", "people.vcf", "INBOX.mbox")
    sources = [*(OnDisk(tmp_path / name) for name in names), old_account]
    with untouched(old_account):
        ended = died_and_lived(command, sources, anna, kinds=None)
    assert ended.status == 0, ended.report["failed"]
    assert ended.report["source"] == f"{old_account.login}, {', '.join(names)}"
    assert known_there(anna, ItemKind.EVENTS).total() == 16
    assert known_there(anna, ItemKind.CONTACTS).total() == 9
    # The letters of the file have other line ends; Exchange has but one kind.
    assert known_there(anna, ItemKind.MAIL).total() == 15
    again = command.migrate(sources, anna, kinds=None)
    assert (again.status, again.totals["copied"]) == (0, 0)
    assert again.totals["present"] == again.totals["listed"] == 47


def test_mail_of_every_format_to_imap(
    command: CommandLine, new_account: TestAccount, tmp_path: Path
) -> None:
    mbox(tmp_path / "Archives.mbox", letters(0, 5))
    single = tmp_path / "Single"
    single.mkdir()
    for number, one in enumerate(letters(5, 4)):
        (single / f"{number}.eml").write_bytes(one.body)
    maildir = mailbox.Maildir(tmp_path / "Maildir")
    for one in letters(9, 3):
        maildir.add(one.body.replace(b"\r\n", b"\n"))
    maildir.close()
    sources = [
        OnDisk(tmp_path / "Archives.mbox", EndpointKind.MBOX),
        OnDisk(single, EndpointKind.EML),
        OnDisk(tmp_path / "Maildir", EndpointKind.MAILDIR),
    ]
    ended = died_and_lived(command, sources, new_account)
    assert (ended.status, ended.totals["listed"]) == (0, 12)
    assert mail_in(new_account) == {
        ("Archives",): digests(letters(0, 5)),
        ("Single",): digests(letters(5, 4)),
        ("INBOX",): digests(letters(9, 3)),
    }


def test_a_file_and_the_mailbox_it_was_made_of_make_one(
    command: CommandLine, old_account: TestAccount, new_account: TestAccount, tmp_path: Path
) -> None:
    """Saved, then read with the mailbox itself, which has two letters more by then."""
    load(old_account, [MailFolder(("INBOX",), letters(0, 6)), MailFolder(("Amis",), letters(6, 6))])
    saved = tmp_path / "saved"
    assert command.migrate(old_account, OnDisk(saved, EndpointKind.FILES)).status == 0
    load(old_account, [MailFolder(("INBOX",), letters(12, 2))])
    ended = died_and_lived(command, [OnDisk(saved), old_account], new_account)
    assert (ended.status, ended.totals["listed"]) == (0, 26)
    assert not compare(snapshot(old_account), snapshot(new_account))
    alone = command.migrate(OnDisk(saved / "mail" / "Amis.mbox"), new_account)
    assert (alone.status, alone.totals["copied"], alone.totals["present"]) == (0, 0, 6)


# -- Saved and brought back -----------------------------------------------------------------


@pytest.mark.parametrize("mail_format", ["mbox", "eml"])
def test_a_mailbox_saved_and_brought_back_is_the_same(
    command: CommandLine,
    old_account: TestAccount,
    new_account: TestAccount,
    tmp_path: Path,
    mail_format: str,
) -> None:
    peculiar = peculiar_messages()
    load(
        old_account,
        [
            MailFolder(("INBOX",), [*letters(0, 10), *letters(0, 2)]),
            MailFolder(("Été", "Œuvres"), letters(10, 4)),
            MailFolder(("Peculiar",), peculiar),
        ],
    )
    saved = OnDisk(tmp_path / "saved", EndpointKind.FILES, mail_format)
    with untouched(old_account):
        ended = died_and_lived(command, old_account, saved)
    assert ended.status == 0, ended.report["failed"]
    back = died_and_lived(command, OnDisk(saved.path), new_account)
    assert back.status == 0, back.report["failed"]
    assert mail_in(new_account) == mail_in(old_account)
    if mail_format == "mbox":
        there = {path: found for path, found in snapshot(new_account).items() if found}
        before = {path: found for path, found in snapshot(old_account).items() if found}
        assert not compare(before, there)
    again = command.migrate(old_account, saved)
    assert (again.status, again.totals["copied"]) == (0, 0)


def test_all_of_exchange_saved_and_brought_to_another(
    command: CommandLine, exchange: EwsServer, anna: TestAccount, tmp_path: Path
) -> None:
    people, agenda = tmp_path / "p.vcf", tmp_path / "c.ics"
    people.write_bytes(b"".join(map(person, range(5))))
    agenda.write_bytes(b"".join(map(event, range(1, 8))))
    assert command.migrate([OnDisk(people), OnDisk(agenda)], anna, kinds=None).status == 0
    saved = tmp_path / "saved"
    ended = died_and_lived(command, anna, OnDisk(saved, EndpointKind.FILES), kinds=None)
    assert (ended.status, ended.totals["copied"] + ended.totals["present"]) == (0, 12)
    assert {one.relative_to(saved).as_posix() for one in saved.rglob("*.[iv]c[sf]")} >= {
        "contacts/Contacts.vcf",
        "calendars/Calendar.ics",
    }
    exchange.add_mailbox("boris@exchange.test")
    boris = reached(exchange, "boris@exchange.test")
    assert command.migrate(OnDisk(saved), boris, kinds=None).status == 0
    for kind in (ItemKind.CONTACTS, ItemKind.EVENTS):
        assert known_there(boris, kind) == known_there(anna, kind)


# -- What is told ---------------------------------------------------------------------------


def test_a_file_that_changed_is_told_and_only_what_is_new_is_added(
    command: CommandLine, new_account: TestAccount, tmp_path: Path
) -> None:
    file = mbox(tmp_path / "Amis.mbox", letters(0, 5))
    assert command.migrate(OnDisk(file), new_account).status == 0
    mbox(file, letters(4, 4)[::-1])
    ended = command.migrate(OnDisk(file), new_account)
    assert (ended.status, ended.totals["copied"], ended.totals["present"]) == (0, 3, 1)
    assert ("file-changed", "Amis.mbox") in {
        (note["problem"], note["concerns"]) for note in ended.report["notes"]
    }
    lines = ended.errors.splitlines()
    told = next(n for n, line in enumerate(lines) if line.startswith("Amis.mbox · "))
    assert told < lines.index("Copying")
    assert mail_in(new_account) == {("Amis",): digests(letters(0, 8))}


def test_a_file_that_was_renamed_or_moved_since_adds_nothing(
    command: CommandLine, new_account: TestAccount, tmp_path: Path
) -> None:
    file = mbox(tmp_path / "Amis.mbox", letters(0, 5))
    assert command.migrate(OnDisk(file), new_account).status == 0
    (tmp_path / "old").mkdir()
    moved = file.rename(tmp_path / "old" / "Friends of 2019.mbox")
    ended = command.migrate(OnDisk(moved), new_account)
    assert (ended.status, ended.totals["copied"], ended.totals["present"]) == (0, 0, 5)
    assert mail_in(new_account) == {("Amis",): digests(letters(0, 5))}


def test_nothing_begins_with_a_file_that_is_not_there_or_says_nothing(
    command: CommandLine, new_account: TestAccount, old_account: TestAccount, tmp_path: Path
) -> None:
    (tmp_path / "photo.pst").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(9000))
    (tmp_path / "empty").mkdir()
    load(old_account, [MailFolder(("INBOX",), letters(0, 2))])
    for name, code in (("gone.vcf", "12-06"), ("photo.pst", "12-07"), ("empty", "12-07")):
        ended = command.migrate([old_account, OnDisk(tmp_path / name)], new_account)
        assert (ended.status, ended.code, ended.report["grade"]) == (4, code, "not-started")
        assert name in ended.errors
    assert not mail_in(new_account)


def test_nothing_begins_where_nothing_can_be_saved(
    command: CommandLine, old_account: TestAccount, tmp_path: Path
) -> None:
    load(old_account, [MailFolder(("INBOX",), letters(0, 2))])
    (tmp_path / "file").write_bytes(b"")
    for path, code in ((tmp_path / "disk" / "saved", "46-02"), (tmp_path / "file", "46-03")):
        ended = command.migrate(old_account, OnDisk(path, EndpointKind.FILES))
        assert (ended.status, ended.code) == (4, code)
    assert not (tmp_path / "disk").exists()


def test_of_a_folder_what_is_broken_is_named_and_the_rest_arrives(
    command: CommandLine, anna: TestAccount, outlook: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "exports"
    mbox(folder / "Amis.mbox", letters(0, 3))
    (folder / "deep").mkdir()
    (folder / "deep" / "agenda.ics").write_bytes(event(1) + b"BEGIN:VEVENT\r\nUID:torn")
    (folder / "people.vcf").write_bytes(person(1) + person(2)[:40])
    (folder / "Outlook.pst").write_bytes(outlook.read_bytes()[:6000])
    (folder / "notes.txt").write_bytes(b"Nothing of ours\n")
    ended = command.migrate(OnDisk(folder), anna, kinds=None)
    assert (ended.status, ended.report["grade"]) == (1, "incomplete")
    assert {(one["folder"], one["code"]) for one in ended.report["failed"]} == {
        ("Outlook", "15-42"),
        ("agenda", "25-02"),
    }
    assert known_there(anna, ItemKind.MAIL).total() == 3
    assert known_there(anna, ItemKind.EVENTS).total() >= 1
    assert known_there(anna, ItemKind.CONTACTS).total() >= 1


def test_without_passwords_nothing_is_read_from_standard_input(
    command: CommandLine, new_dovecot_user: NewUser, tmp_path: Path
) -> None:
    file = mbox(tmp_path / "Amis.mbox", letters(0, 3))
    ended = command.migrate(OnDisk(file), OnDisk(tmp_path / "saved", EndpointKind.FILES))
    assert (ended.status, ended.totals["copied"]) == (0, 3)
    back = command.migrate(OnDisk(tmp_path / "saved"), new_dovecot_user())
    assert (back.status, back.totals["copied"]) == (0, 3)
