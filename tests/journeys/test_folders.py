"""Folders on the way: namespaces, separators, roles, odd names, subscriptions, a choice of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from omm_desktop.model.items import FolderPath
from tests.servers.account import TestAccount
from tests.servers.cyrus import Cyrus, CyrusOptions
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, compare, load, snapshot, subscriptions

from .command import CommandLine
from .letters import FIRST_DAY, letter, letters
from .untouched import untouched

StartDovecot = Callable[[DovecotOptions], Dovecot]

NESTED = (
    MailFolder(("INBOX",), letters(0, 3)),
    MailFolder(("Archives", "2019", "Été"), letters(10, 3)),
    MailFolder(("Œuvres & naïveté",), letters(20, 2)),
    MailFolder(("Vide",)),
)
INTERNAL = DovecotOptions(prefix="INBOX.", separator=".")
SLASHES = DovecotOptions(prefix="", separator="/")
INTERNAL_SLASHES = DovecotOptions(prefix="INBOX/", separator="/")


@pytest.mark.parametrize(
    ("old", "new"),
    [(INTERNAL, SLASHES), (SLASHES, INTERNAL), (INTERNAL_SLASHES, INTERNAL)],
    ids=["to slashes", "to dots", "to other dots"],
)
def test_namespaces_and_separators(
    command: CommandLine, start_dovecot: StartDovecot, old: DovecotOptions, new: DovecotOptions
) -> None:
    source = start_dovecot(old).add_user("old")
    destination = start_dovecot(new).add_user("new")
    assert load(source, NESTED) == []
    with untouched(source) as before:
        assert command.migrate(source, destination).status == 0
    assert compare(before, snapshot(destination)) == []
    assert subscriptions(destination) >= subscriptions(source)


def test_the_namespace_of_cyrus(command: CommandLine, needs_cyrus: None) -> None:
    with Cyrus(CyrusOptions(internal_namespace=True)) as internal, Cyrus() as usual:
        source, destination = internal.add_user("old"), usual.add_user("new")
        assert load(source, NESTED) == []
        with untouched(source) as before:
            assert command.migrate(source, destination).status == 0
        assert compare(before, snapshot(destination)) == []


FRENCH = ("Envoyés", "Brouillons", "Corbeille", "Indésirables")
ROLES = {"Sent": "\\Sent", "Drafts": "\\Drafts", "Trash": "\\Trash", "Junk": "\\Junk"}


def test_french_names_go_to_the_folders_of_their_role(
    command: CommandLine, old_account: TestAccount, start_dovecot: StartDovecot
) -> None:
    new_account = start_dovecot(DovecotOptions(special_folders=ROLES)).add_user("new")
    folders = [MailFolder((name,), letters(10 * n, 2)) for n, name in enumerate(FRENCH)]
    load(old_account, [*folders, MailFolder(("Envoyés", "2019"), letters(90, 2))])
    mapping: dict[FolderPath, FolderPath] = {
        (french,): (name,) for french, name in zip(FRENCH, ROLES, strict=True)
    }
    mapping["Envoyés", "2019"] = ("Sent", "2019")
    with untouched(old_account) as before:
        ended = command.migrate(old_account, new_account)
    assert ended.status == 0
    assert compare(before, snapshot(new_account), {("INBOX",): ("INBOX",), **mapping}) == []


def test_a_role_comes_before_a_name(
    command: CommandLine, start_dovecot: StartDovecot, cyrus: Cyrus
) -> None:
    """What the old server calls \\Sent is so on the new one too, which had no such folder."""
    roles = {"Gesendet": "\\Sent", "Alt": "\\Archive"}
    source = start_dovecot(DovecotOptions(special_folders=roles)).add_user("old")
    destination = cyrus.add_user("roles")
    load(source, [MailFolder((name,), letters(n, 2)) for n, name in enumerate(roles)])
    with untouched(source) as before:
        assert command.migrate(source, destination).status == 0
    assert compare(before, snapshot(destination)) == []
    with destination.client() as client:
        assert client.find_special_folder(b"\\Sent") == "Gesendet"


ODD_NAMES = (
    *("R&D", "A&-B", "100 %", "a*b", "peter~", 'so "quoted"', "back\\slash", "📁 dossier"),
    *("42", "(2)", "NIL", "a;b", "<x>", "x^y", "`x", "{12}", "x|y", "!"),
)


def test_odd_names_on_like_servers(
    command: CommandLine, old_account: TestAccount, new_account: TestAccount
) -> None:
    folders = [MailFolder((name,), letters(10 * n, 2)) for n, name in enumerate(ODD_NAMES)]
    assert load(old_account, folders) == []
    with untouched(old_account) as before:
        assert command.migrate(old_account, new_account).status == 0
    assert compare(before, snapshot(new_account)) == []


def test_odd_names_on_a_stricter_server(
    command: CommandLine, old_account: TestAccount, new_cyrus_user: NewUser
) -> None:
    """A name that Cyrus does not take is changed, and the report says to what."""
    new_account = new_cyrus_user()
    folders = [MailFolder((name,), letters(10 * n, 2)) for n, name in enumerate(ODD_NAMES)]
    assert load(old_account, folders) == []
    with untouched(old_account) as before:
        ended = command.migrate(old_account, new_account)
    assert ended.status == 0
    mapping = {
        tuple(folder["folder"].split("/")): tuple(folder["destination"].split("/"))
        for folder in ended.report["folders"]
    }
    assert compare(before, snapshot(new_account), mapping) == []
    changed = {"/".join(old) for old, new in mapping.items() if old != new}
    assert changed
    before_copying = ended.errors.partition("\nCopying")[0]
    assert all(f"\n    {folder} → " in before_copying for folder in changed)
    assert {note["folder"] for note in ended.report["notes"]} == changed
    assert {note["problem"] for note in ended.report["notes"]} == {"folder-renamed"}


def test_a_separator_inside_a_name(
    command: CommandLine, new_cyrus_user: NewUser, new_account: TestAccount
) -> None:
    source = new_cyrus_user()
    folders = [
        MailFolder(("Projets", "v1.2"), letters(0, 2)),
        MailFolder(("Projets", "v1", "2"), letters(10, 2)),
    ]
    assert load(source, folders) == []
    with untouched(source) as before:
        ended = command.migrate(source, new_account)
    assert ended.status == 0
    (note,) = ended.report["notes"]
    assert (note["code"], note["folder"]) == ("24-05", "Projets/v1.2")
    renamed = tuple(note["detail"].rpartition(" -> ")[2].split("/"))
    assert "." not in "".join(renamed)
    there = snapshot(new_account)
    assert (
        compare(
            {("Projets", "v1.2"): before["Projets", "v1.2"]},
            {renamed: there[renamed]},
            {("Projets", "v1.2"): renamed},
        )
        == []
    )
    assert there["Projets", "v1", "2"] == before["Projets", "v1", "2"]


def test_a_choice_of_folders(
    command: CommandLine, old_account: TestAccount, new_account: TestAccount
) -> None:
    load(old_account, [*NESTED, MailFolder(("Archives", "2020"), letters(30, 2))])
    with untouched(old_account) as before:
        ended = command.migrate(old_account, new_account, include=["inbox", "Archives/20*"])
    assert ended.status == 0
    chosen = {path: mail for path, mail in before.items() if path[0] in ("INBOX", "Archives")}
    assert compare(chosen, snapshot(new_account)) == []


def test_mail_since_a_day(
    command: CommandLine, old_account: TestAccount, new_account: TestAccount
) -> None:
    day = (FIRST_DAY + timedelta(days=15)).date()
    load(old_account, [MailFolder(("INBOX",), [letter(n) for n in (0, 14, 15, 16, 40)])])
    with untouched(old_account) as before:
        ended = command.migrate(old_account, new_account, since=day)
        assert (ended.status, ended.totals["copied"]) == (0, 3)
        recent = {p: [m for m in mail if m.received.date() >= day] for p, mail in before.items()}
        assert compare(recent, snapshot(new_account)) == []
        assert command.migrate(old_account, new_account).totals["copied"] == 2
        assert compare(before, snapshot(new_account)) == []
