"""One old mailbox under two accounts: read by POP first and by IMAP later, or the other way."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.ports import Space
from omm_desktop.model.report import Grade, Report

from .memory import Mail, MemoryDestination
from .world import World

INBOX = ("INBOX",)


def old(kind: EndpointKind, host: str, login: str = "moi@exemple.fr") -> Account:
    return Account(
        kind, login, Server(host, {"imap": 993, "pop3": 995}[kind], Security.TLS), "moi@exemple.fr"
    )


POP = old(EndpointKind.POP3, "pop.exemple.fr")
IMAP = old(EndpointKind.IMAP, "imap.exemple.fr")
OTHER = old(EndpointKind.IMAP, "imap.exemple.fr", "toi@exemple.fr")


def mail(number: int) -> Mail:
    return Mail(b"Message-ID: %d" % number, b"body %d" % number)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1), mail(2), mail(2), mail(3))
    return world


def copied(world: World, source: Account) -> Report:
    world.old = source
    report, _ = world.run()
    world.let_all_arrive()
    assert report is not None
    assert report.grade in (Grade.COMPLETE, Grade.COMPLETE_WITH_NOTES)
    return report


def there(world: World) -> Counter[bytes]:
    return Counter(one.body for one in world.destination.boxes[INBOX].mails.values())


ONCE = Counter({b"body 1": 1, b"body 2": 2, b"body 3": 1})


@pytest.mark.parametrize(
    "sources",
    [
        (POP, IMAP),
        (IMAP, POP),
        (IMAP, old(EndpointKind.IMAP, "mail.exemple.fr")),
        (old(EndpointKind.POP3, "exemple.fr", "moi"), old(EndpointKind.IMAP, "exemple.fr", "moi")),
    ],
)
@pytest.mark.parametrize("tells_keys", [True, False])
@pytest.mark.parametrize("rewrites_headers", [True, False])
def test_what_one_account_brought_is_known_to_the_other(
    world: World, sources: tuple[Account, Account], tells_keys: bool, rewrites_headers: bool
) -> None:
    faults = world.destination.faults
    faults.tells_keys, faults.rewrites_headers = tells_keys, rewrites_headers
    first, second = sources
    assert copied(world, first).folders[0].copied == 4
    world.source.boxes[INBOX].renumber()
    assert copied(world, second).folders[0].present == 4
    world.source.put(INBOX, mail(2), mail(4))
    assert copied(world, first).folders[0].copied == 2
    assert copied(world, second).folders[0].present == 6
    assert there(world) == ONCE + Counter([b"body 2", b"body 4"])


def test_mail_that_is_new_or_more_often_there_is_copied(world: World) -> None:
    copied(world, POP)
    world.source.put(INBOX, mail(3), mail(4))
    assert copied(world, IMAP).folders[0].copied == 2
    assert there(world) == ONCE + Counter([b"body 3", b"body 4"])


def test_what_the_person_removed_since_is_not_believed_there(world: World) -> None:
    copied(world, POP)
    world.destination.boxes[INBOX].mails.popitem()
    assert copied(world, IMAP).folders[0].copied == 1
    assert there(world) == ONCE


def test_another_person_s_equal_mail_is_brought_as_well(world: World) -> None:
    copied(world, POP)
    assert copied(world, OTHER).folders[0].copied == 4
    assert there(world) == ONCE + ONCE


def test_equal_names_at_two_servers_are_two_mailboxes(world: World) -> None:
    copied(world, old(EndpointKind.POP3, "pop.exemple.fr", "info"))
    assert copied(world, old(EndpointKind.IMAP, "imap.exemple.com", "info")).folders[0].copied == 4
    assert there(world) == ONCE + ONCE


def test_a_copy_by_pop_that_died_is_taken_up_by_imap(world: World) -> None:
    faults = world.destination.faults
    faults.lose_answer_at, faults.store_before_loss, faults.late_by = 1, 2, 10.0
    world.old = POP
    world.die_when_an_answer_is_lost()
    faults.lose_answer_at = -1
    copied(world, IMAP)
    assert there(world) == ONCE


def test_a_full_mailbox_that_holds_it_all_is_no_obstacle(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied(world, POP)
    full = Space(used_bytes=100, limit_bytes=100, used_items=4, limit_items=4)
    monkeypatch.setattr(MemoryDestination, "space", lambda self: full)
    assert copied(world, IMAP).folders[0].present == 4
