"""IMAP as a destination, on real servers."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from omm_desktop.endpoints.convert.payload import MemoryPayload, whole
from omm_desktop.model.items import Folder, FolderRole
from omm_desktop.model.ports import Destination, Fidelity, FolderWish, Stored
from omm_desktop.model.problem import OwnerNeeded, ProblemId
from tests.servers.account import TestAccount
from tests.servers.mailbox import snapshot, subscriptions

from .conftest import SERVERS
from .letters import item, letters, put

OpenDestination = Callable[[TestAccount], Destination]
KEEP_NO_KEYWORDS = {"pymap"}
NESTED = ("Clients", "Été 2023", "Réunions")


def inbox_of(destination: Destination) -> Folder:
    return next(folder for folder in destination.folders() if folder.path == ("INBOX",))


def test_folders_are_made_once(mailbox: TestAccount, destination_of: OpenDestination) -> None:
    destination = destination_of(mailbox)
    wishes = [
        FolderWish(NESTED),
        FolderWish(("Brouillons",), FolderRole.DRAFTS),
        FolderWish(("R&D",), subscribe=False),
        FolderWish(("INBOX",)),
    ]
    made = destination.ensure_folders(wishes)
    assert [f.path for f in made if isinstance(f, Folder)] == [wish.path for wish in wishes]
    assert destination.ensure_folders(wishes) == made
    assert destination_of(mailbox).ensure_folders(wishes)[0] == made[0]
    assert {NESTED, ("Brouillons",)} <= subscriptions(mailbox)
    assert ("R&D",) not in subscriptions(mailbox)


def test_whether_labels_are_kept_is_known_before_anything_is_stored(
    mailbox: TestAccount, destination_of: OpenDestination, server: str
) -> None:
    destination = destination_of(mailbox)
    assert destination.keeps_keywords() is (server not in KEEP_NO_KEYWORDS)
    assert inbox_of(destination).count == 0


# pymap takes every name.
@pytest.mark.parametrize("server", sorted(SERVERS.keys() - {"pymap"}))
def test_a_folder_refused_under_its_name_gets_another(
    mailbox: TestAccount, destination_of: OpenDestination
) -> None:
    refused = FolderWish(("x" * 3000,))
    answers = destination_of(mailbox).ensure_folders([refused, FolderWish(("y",))])
    again = destination_of(mailbox).ensure_folders([refused])
    assert isinstance(answers[0], Folder)
    assert isinstance(answers[1], Folder)
    assert answers[0].name.startswith("xxx")
    assert isinstance(again[0], Folder)
    assert again[0].key == answers[0].key


@pytest.mark.parametrize(
    "path", [("a.b/c\\d",), ("50% * 2!",), ("  x  y ",), ("Œuvres & naïveté", "v1.2")]
)
def test_acceptable_names_are_accepted(
    path: tuple[str, ...], mailbox: TestAccount, destination_of: OpenDestination
) -> None:
    destination = destination_of(mailbox)
    acceptable = destination.delimiter_free(path)
    assert destination.delimiter_free(acceptable) == acceptable
    (folder,) = destination.ensure_folders([FolderWish(acceptable)])
    assert isinstance(folder, Folder)
    assert folder.path == acceptable


class Watched(MemoryPayload):
    """A payload of which can be told whether anybody still holds it."""

    __slots__ = ("__weakref__",)


def test_what_was_stored_is_not_held(mailbox: TestAccount, destination_of: OpenDestination) -> None:
    destination = destination_of(mailbox)
    key = inbox_of(destination).key
    held: list[weakref.ref[Watched]] = []
    for plain in letters(3):
        payload = Watched(whole(plain.payload))
        held.append(weakref.ref(payload))
        batch = [replace(plain, payload=payload, flags=frozenset({"\\Seen"}))]
        assert len(list(destination.store(key, batch))) == 1
        del batch, payload
    assert [one() for one in held] == [None] * 3


def test_a_batch_is_stored_as_it_is(mailbox: TestAccount, destination_of: OpenDestination) -> None:
    destination = destination_of(mailbox)
    key = inbox_of(destination).key
    moment = datetime(1999, 12, 31, 23, 59, 58, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    small = [*letters(50), item("dated", b"Subject: d\r\n\r\n.\r\n", {"\\Seen"}, moment)]
    large = item("large", b"Subject: l\r\n\r\n" + b"x" * 70 + b"\r\n" + b"y" * 100_000 + b"\r\n")
    before = destination.position(key)
    answers = put(destination, key, [*small, large])
    assert len(answers) == 52
    assert all(isinstance(a, Stored) and not a.adapted for a, _ in answers.values())
    after = destination.position(key)
    assert (before.count, after.count) == (0, 52)
    assert after.validity == before.validity
    seen = {one.key: one for window in destination.existing(key, None) for one in window}
    assert len(seen) == 52
    contents = dict(destination.contents(key, list(seen)))
    for answer, sent in answers.values():
        assert isinstance(answer, Stored)
        if answer.key is not None:
            assert answer.validity == after.validity
            assert seen[answer.key].fingerprint == sent.fingerprint
            assert contents[answer.key] == sent.content
    assert {one.fingerprint for one in seen.values()} == {
        s.fingerprint for _, s in answers.values()
    }
    assert set(contents.values()) == {s.content for _, s in answers.values()}
    stored = snapshot(mailbox)["INBOX",]
    dated = next(one for one in stored if one.received == moment.astimezone(UTC))
    assert dated.flags == {"\\seen"}


def test_what_came_later_is_listed_alone(
    mailbox: TestAccount, destination_of: OpenDestination
) -> None:
    destination, other = destination_of(mailbox), destination_of(mailbox)
    key = inbox_of(destination).key
    put(destination, key, letters(10))
    quiet = destination.position(key)
    put(other, key, letters(13)[10:])
    assert destination.position(key).count == 13
    assert destination.position(key) != quiet
    later = [one for window in destination.existing(key, quiet.next_key) for one in window]
    assert len(later) == 3
    assert quiet.next_key is not None
    assert all(int(one.key) >= quiet.next_key for one in later)
    end = destination.position(key).next_key
    assert list(destination.existing(key, end)) == []
    assert sum(map(len, destination.keys(key))) == 13


def test_a_key_that_is_gone_has_no_content(
    mailbox: TestAccount, destination_of: OpenDestination
) -> None:
    destination = destination_of(mailbox)
    key = inbox_of(destination).key
    put(destination, key, letters(1))
    (one,) = next(iter(destination.keys(key)))
    assert len(list(destination.contents(key, [one, "99"]))) == 1


def test_fidelity_is_learnt(mailbox: TestAccount, destination_of: OpenDestination) -> None:
    destination = destination_of(mailbox)
    key = inbox_of(destination).key
    (one, two) = letters(2)
    put(destination, key, [one])
    (stored,) = next(iter(destination.keys(key)))
    assert destination.fidelity(key, stored, one) is Fidelity.EXACT
    assert (
        destination.fidelity(key, stored, item("2", b"X: other\r\n\r\nText\r\n")) is Fidelity.BODY
    )
    assert destination.fidelity(key, stored, item("3", b"X: y\r\n\r\nZ\r\n")) is Fidelity.REBUILT
    assert destination.fidelity(key, "99", two) is Fidelity.UNKNOWN


def test_a_folder_just_read_takes_more(
    mailbox: TestAccount, destination_of: OpenDestination
) -> None:
    destination = destination_of(mailbox)
    key = inbox_of(destination).key
    put(destination, key, letters(1))
    (one,) = next(iter(destination.keys(key)))
    assert destination.fidelity(key, one, letters(1)[0]) is Fidelity.EXACT
    answers = put(destination, key, letters(3)[1:])
    assert all(isinstance(answer, Stored) for answer, _ in answers.values())
    assert destination.position(key).count == 3


def test_a_missing_folder_is_made_once(
    mailbox: TestAccount, destination_of: OpenDestination
) -> None:
    destination = destination_of(mailbox)
    (known,) = destination.ensure_folders([FolderWish(("Known",))])
    assert isinstance(known, Folder)
    key = known.key.replace("Known", "Forgotten")
    answers = put(destination, key, letters(5))
    assert all(isinstance(answer, Stored) for answer, _ in answers.values())
    assert destination.position(key).count == 5


@pytest.fixture
def dovecot_mailbox(new_dovecot_user: Callable[..., TestAccount]) -> TestAccount:
    return new_dovecot_user()


def test_flags_and_dates_a_server_refuses_are_dropped_and_told(
    dovecot_mailbox: TestAccount, destination_of: OpenDestination
) -> None:
    destination = destination_of(dovecot_mailbox)
    key = inbox_of(destination).key
    flagged = item("1", b"Subject: f\r\n\r\n.\r\n", {"\\Seen", "\\Recent", "\\XYZ", "$Kept"})
    ((answer, _),) = put(destination, key, [flagged]).values()
    assert isinstance(answer, Stored)
    assert [(p.id, p.detail) for p in answer.adapted] == [(ProblemId.FLAGS_DROPPED, "\\XYZ")]
    assert snapshot(dovecot_mailbox)["INBOX",][0].flags == {"\\seen", "$kept"}


@pytest.fixture
def strict_mailbox(request: pytest.FixtureRequest) -> TestAccount:
    """On Cyrus, which refuses bare newlines, NUL, bad headers and dates before 1970."""
    return request.getfixturevalue("new_cyrus_user")()  # type: ignore[no-any-return]


def test_only_what_was_refused_is_repaired(
    strict_mailbox: TestAccount, destination_of: OpenDestination
) -> None:
    destination = destination_of(strict_mailbox)
    key = inbox_of(destination).key
    old = datetime(1890, 1, 1, tzinfo=UTC)
    items = [
        *letters(20),
        item("bare", b"Subject: bare\n\nText\n"),
        item("nul", b"Subject: nul\r\n\r\na\0b\r\n"),
        item("headless", b"Only text\r\n"),
        item("old", b"Subject: old\r\n\r\n.\r\n", (), old),
        item("all", b"Subject: all\n\na\0\n", {"\\Seen"}, old),
    ]
    answers = put(destination, key, items)
    assert all(isinstance(answer, Stored) for answer, _ in answers.values())
    changed = {
        name: [p.detail.partition(";")[0] for p in sent.repairs]
        for name, (_, sent) in answers.items()
        if sent.repairs
    }
    assert changed == {
        "bare": ["line ends made CRLF"],
        "nul": ["NUL octets removed"],
        "headless": ["header made valid (RFC 5322, 2047)"],
        "all": ["line ends made CRLF", "NUL octets removed"],
    }
    undated = {
        name
        for name, (answer, _) in answers.items()
        if isinstance(answer, Stored) and answer.adapted
    }
    assert undated == {"old", "all"}
    seen = {one.key: one for window in destination.existing(key, None) for one in window}
    contents = dict(destination.contents(key, list(seen)))
    for answer, sent in answers.values():
        assert isinstance(answer, Stored)
        assert answer.key is not None
        assert seen[answer.key].fingerprint == sent.fingerprint
        assert contents[answer.key] == sent.content


@pytest.mark.parametrize("family", ["dovecot", "cyrus"])
def test_a_full_mailbox_stops_with_the_rest_unsent(
    family: str, request: pytest.FixtureRequest, destination_of: OpenDestination
) -> None:
    account: TestAccount = request.getfixturevalue(f"new_{family}_user")(quota_kib=200)
    destination = destination_of(account)
    space = destination.space()
    assert space.limit_bytes == 200 * 1024
    key = inbox_of(destination).key
    big = item("big", b"Subject: b\r\n\r\n" + (b"x" * 70 + b"\r\n") * 5000)
    with pytest.raises(OwnerNeeded) as caught:
        list(destination.store(key, [big]))
    assert caught.value.problem.id is ProblemId.MAILBOX_FULL
    assert destination.position(key).count == 0
    assert isinstance(put(destination, key, letters(1))["1"][0], Stored)


@pytest.mark.parametrize("server", ["dovecot", "dovecot-literal-plus", "dovecot-bare", "cyrus"])
def test_one_refused_original_does_not_take_others_with_it(
    mailbox: TestAccount, destination_of: OpenDestination
) -> None:
    """All three refuse an item of no octets at all; it arrives with a header of its own."""
    destination = destination_of(mailbox)
    key = inbox_of(destination).key
    answers = put(destination, key, [*letters(30), item("empty", b"")])
    assert all(isinstance(answer, Stored) for answer, _ in answers.values())
    assert {name for name, (_, sent) in answers.items() if sent.repairs} == {"empty"}
    assert destination.position(key).count == 31
