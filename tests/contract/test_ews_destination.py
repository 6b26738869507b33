"""Exchange as a destination."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, timezone

import pytest

from omm_desktop.endpoints.registry import open_destination
from omm_desktop.model.items import FolderRole
from omm_desktop.model.ports import Destination, Fidelity, Refused, Repaired, Stored
from omm_desktop.model.problem import NotNow, OwnerNeeded, ProblemId, TryAgain
from tests.servers.ews import EwsServer, Fault, FaultKind
from tests.servers.ews import store as there
from tests.servers.ews.checks import at_most, mail_is_no_draft
from tests.servers.ews.journal import Entry
from tests.servers.ews.properties import read_path
from tests.servers.ews.reached import mailbox_of
from tests.servers.ews.soap import Element, children

from .letters import item, letters, put

ANNA = "anna@exchange.test"
JUNE = datetime(2019, 6, 7, 8, 9, 10, tzinfo=timezone(timedelta(hours=2)))
HEAD = b"From: bob@far.test\r\nDate: Mon, 01 Jan 2018 10:00:00 +0200\r\nSubject: one\r\n"


@pytest.fixture
def destination(exchange: EwsServer) -> Iterator[Destination]:
    exchange.journal.checks += [mail_is_no_draft, at_most(50, 6 << 20)]
    account = mailbox_of(exchange, ANNA)
    with ExitStack() as stack:
        opened = open_destination(account.as_account, account.secret)
        stack.callback(opened.close)
        yield opened
    exchange.journal.assert_nothing_sent()


@pytest.fixture
def inbox(destination: Destination) -> str:
    """Its key."""
    return next(f.key for f in destination.folders() if f.role is FolderRole.INBOX)


def only(exchange: EwsServer) -> there.Item:
    (found,) = exchange.store.mailboxes[ANNA].items()
    return found


# -- adding ----------------------------------------------------------------------------------


def test_flags_dates_and_what_exchange_does_not_take_from_mime(
    exchange: EwsServer, destination: Destination, inbox: str
) -> None:
    head = HEAD + b"Importance: High\r\nX-Priority: 5\r\nSensitivity: Company-Confidential\r\n"
    flags = {"\\Seen", "\\Flagged", "\\Answered", "$label1", "Travail", "\\Recent", "$MDNSent"}
    receipt = b"Disposition-Notification-To: bob@far.test\r\n"
    (answer,) = destination.store(
        inbox, [item("1", head + receipt + b"\r\nhello\r\n", flags, JUNE)]
    )
    assert isinstance(answer, Stored)
    assert answer.adapted == ()
    stored = only(exchange)
    assert stored.id == answer.key
    assert stored.text("item:DateTimeReceived") == "2019-06-07T06:09:10Z"
    assert stored.text("item:DateTimeSent") == "2018-01-01T08:00:00Z"
    assert stored.text("item:Importance") == "High"
    assert stored.text("item:Sensitivity") == "Confidential"
    assert stored.text("message:IsRead") == "true"
    assert stored.text("message:IsReadReceiptRequested") == "false"
    assert [one.text for one in children(stored.fields["item:Categories"])] == [
        "$label1",
        "Travail",
    ]
    tags = {tag: stored.properties.tag(tag) for tag in (0x0E07, 0x1090, 0x1081)}
    assert tags == {0x0E07: "1", 0x1090: "2", 0x1081: "102"}


@pytest.mark.parametrize(
    ("header", "importance", "sensitivity"),
    [
        (b"X-Priority: 1 (Highest)\r\n", "High", "Normal"),
        (b"Priority: non-urgent\r\n", "Low", "Normal"),
        (b"X-MSMail-Priority: Low\r\nSensitivity: private\r\n", "Low", "Private"),
        (b"importance: normal\r\nX-Priority: 1\r\n", "Normal", "Normal"),
        (b"Importance: ?\r\nSensitivity: none\r\n", "Normal", "Normal"),
    ],
)
def test_importance_in_every_spelling(
    exchange: EwsServer,
    destination: Destination,
    inbox: str,
    header: bytes,
    importance: str,
    sensitivity: str,
) -> None:
    assert len(put(destination, inbox, [item("1", HEAD + header + b"\r\nhello\r\n")])) == 1
    stored = only(exchange)
    assert stored.text("item:Importance") == importance
    assert stored.text("item:Sensitivity") == sensitivity


def test_flags_without_a_place_are_told(destination: Destination, inbox: str) -> None:
    flags = {"\\Deleted", "NonJunk", "\\Answered", "$Forwarded", "\\Seen"}
    (answer,) = destination.store(inbox, [item("1", HEAD + b"\r\nhello\r\n", flags)])
    assert isinstance(answer, Stored)
    (problem,) = answer.adapted
    assert problem.id is ProblemId.FLAGS_DROPPED
    assert set(problem.detail.split()) == {"\\Deleted", "NonJunk", "$Forwarded"}


@pytest.mark.parametrize(
    ("date", "received", "kept"),
    [
        (b"Mon, 01 Jan 2018 10:00:00 +0200", None, "2018-01-01T08:00:00Z"),
        (b"no date at all", JUNE, "2019-06-07T06:09:10Z"),
        (b"Mon, 01 Jan 2018 10:00:00 -0000", None, "2018-01-01T10:00:00Z"),
        (b"Mon, 01 Jan 1590 10:00:00 +0000", JUNE, "2019-06-07T06:09:10Z"),
    ],
)
def test_odd_dates(
    exchange: EwsServer,
    destination: Destination,
    inbox: str,
    date: bytes,
    received: datetime | None,
    kept: str,
) -> None:
    message = b"From: a@far.test\r\nDate: " + date + b"\r\n\r\nhello\r\n"
    (answer,) = destination.store(inbox, [item("1", message, (), received)])
    assert isinstance(answer, Stored)
    assert only(exchange).text("item:DateTimeReceived") == kept


def test_a_date_before_exchange_can_count_is_told(destination: Destination, inbox: str) -> None:
    early = datetime(1, 1, 2, tzinfo=UTC)
    (answer,) = destination.store(inbox, [item("1", HEAD + b"\r\nhello\r\n", (), early)])
    assert isinstance(answer, Stored)
    assert [problem.id for problem in answer.adapted] == [ProblemId.DATE_DROPPED]


def test_dates_that_are_not_kept_are_told_once(
    exchange: EwsServer, destination: Destination, inbox: str
) -> None:
    """As long as nothing is known of the server, one item of a batch is read again."""
    kept = put(destination, inbox, [item("1", HEAD + b"\r\nhello\r\n", (), JUNE)])
    assert kept["1"][0] == Stored(kept["1"][1].ref, only(exchange).id)
    assert len(exchange.journal.of("GetItem")) == 1
    put(destination, inbox, [item("2", HEAD + b"\r\nhello again\r\n", (), JUNE)])
    assert len(exchange.journal.of("GetItem")) == 1


def test_a_server_that_dates_mail_today(exchange: EwsServer, destination: Destination) -> None:
    drafts = next(f.key for f in destination.folders() if f.role is FolderRole.DRAFTS)

    def forget(entry: Entry, body: Element) -> list[str]:
        for one in list(body.iter("{*}ExtendedProperty")):
            if read_path(one[0]).tag == 0x0E06:
                one.getparent().remove(one)
        return []

    exchange.journal.checks[:] = [forget]
    sent = [item(str(n), HEAD + b"\r\nhello\r\n", (), JUNE) for n in range(3)]
    adapted = [answer.adapted for answer, _ in put(destination, drafts, sent).values()]  # type: ignore[union-attr]
    assert [problem.id for one in adapted for problem in one] == [ProblemId.DATES_NOT_KEPT]


def test_many_and_large_ones_in_requests_that_stay_small(
    exchange: EwsServer, destination: Destination, inbox: str
) -> None:
    large = [item(f"l{n}", HEAD + b"\r\n" + b"%d" % n * (3 << 20)) for n in range(2)]
    answers = put(destination, inbox, [*letters(120), *large])
    assert all(isinstance(answer, Stored) for answer, _ in answers.values())
    assert len(exchange.journal.of("CreateItem")) == 4
    bodies = {one.mime for one in exchange.store.mailboxes[ANNA].items()}
    assert {b"".join(one.payload.pieces()) for one in large} <= bodies


def test_a_request_that_is_too_large_is_halved(
    exchange: EwsServer, destination: Destination, inbox: str
) -> None:
    exchange.largest_request = 400_000
    items = letters(8)
    items.insert(3, item("large", HEAD + b"\r\n" + b"x" * 600_000))
    answers = put(destination, inbox, items)
    refused = [answer for answer, _ in answers.values() if isinstance(answer, Refused)]
    assert [answer.ref.key for answer in refused] == ["large"]
    assert refused[0].problem.id is ProblemId.ITEM_TOO_BIG
    assert refused[0].label.subject == "one"
    assert destination.position(inbox).count == 8


def test_one_item_too_large_for_the_mailbox(
    exchange: EwsServer, destination: Destination, inbox: str
) -> None:
    exchange.store.mailboxes[ANNA].largest_item = 10_000
    items = [*letters(3), item("large", HEAD + b"\r\n" + b"x" * 20_000)]
    answers = put(destination, inbox, items)
    answer = answers["large"][0]
    assert isinstance(answer, Refused)
    assert answer.problem.id is ProblemId.ITEM_TOO_BIG
    assert destination.position(inbox).count == 3


def test_a_full_mailbox_stops_with_what_was_stored_told(
    exchange: EwsServer, destination: Destination, inbox: str
) -> None:
    exchange.store.mailboxes[ANNA].quota = 5_000
    answers: list[Stored | Repaired | Refused] = []
    with pytest.raises(OwnerNeeded) as caught:
        answers.extend(destination.store(inbox, letters(30)))
    assert caught.value.problem.id is ProblemId.MAILBOX_FULL
    assert destination.position(inbox).count == len(answers) > 0


@pytest.mark.parametrize(
    ("code", "id"),
    [
        ("ErrorVirusDetected", ProblemId.ITEM_LOOKS_HARMFUL),
        ("ErrorSomethingNew", ProblemId.ITEM_REFUSED),
    ],
)
def test_a_refused_mail_is_alone_refused(
    exchange: EwsServer, destination: Destination, inbox: str, code: str, id: ProblemId
) -> None:
    mailbox = exchange.store.mailboxes[ANNA]
    mailbox.refuses = lambda mime: code if b"evil" in mime else None
    answers = put(destination, inbox, [*letters(2), item("bad", HEAD + b"\r\nevil\r\n")])
    assert {key: type(answer) for key, (answer, _) in answers.items()} == {
        "1": Stored,
        "2": Stored,
        "bad": Refused,
    }
    assert answers["bad"][0].problem.id is id  # type: ignore[union-attr]


def test_content_that_is_refused_is_mended_step_by_step(
    exchange: EwsServer, destination: Destination, inbox: str
) -> None:
    mailbox = exchange.store.mailboxes[ANNA]
    refusal = "ErrorMimeContentConversionFailed"
    mailbox.refuses = lambda mime: refusal if b"\n" in mime.replace(b"\r\n", b"") else None
    answer, sent = put(destination, inbox, [item("1", HEAD + b"\r\nbare\nline\r\n")])["1"]
    assert isinstance(answer, Stored)
    assert [problem.id for problem in sent.repairs] == [ProblemId.ITEM_REPAIRED]
    (seen,) = next(destination.existing(inbox, None))
    assert (seen.fingerprint, seen.content) == (sent.fingerprint, sent.content)


@pytest.mark.parametrize(
    ("fault", "kind", "arrived"),
    [
        (FaultKind.BUSY, NotNow, 0),
        (FaultKind.DROPPED, TryAgain, 0),
        (FaultKind.LOST, TryAgain, 20),
        (FaultKind.CUT, TryAgain, 20),
    ],
)
def test_a_lost_answer_is_repeated_by_nobody_here(
    exchange: EwsServer,
    destination: Destination,
    inbox: str,
    fault: FaultKind,
    kind: type[TryAgain],
    arrived: int,
) -> None:
    exchange.faults.plan(Fault(fault, "CreateItem"))
    with pytest.raises(TryAgain) as caught:
        list(destination.store(inbox, letters(20)))
    assert type(caught.value) is kind
    assert destination.position(inbox).count == arrived
    # What is there tells which of them arrived.
    seen = {one.fingerprint for window in destination.existing(inbox, None) for one in window}
    assert len(seen) == arrived


# -- what is there ---------------------------------------------------------------------------


def test_our_items_are_known_by_their_mark(
    exchange: EwsServer, destination: Destination, inbox: str
) -> None:
    sent = [item("1", HEAD + b"\r\n<p>caf\xe9", {"\\Seen"}, JUNE), *letters(3)[1:]]
    answers = put(destination, inbox, sent)
    keys = {one.fingerprint: answer.key for answer, one in answers.values()}  # type: ignore[union-attr]
    seen = [one for window in destination.existing(inbox, None) for one in window]
    assert {(one.key, one.fingerprint, one.content) for one in seen} == {
        (keys[one.fingerprint], one.fingerprint, one.content) for one in sent
    }
    assert next(one for one in seen if one.key == keys[sent[0].fingerprint]).received == JUNE
    assert dict(destination.contents(inbox, [one.key for one in seen])) == {
        one.key: one.content for one in seen
    }
    assert sorted(key for window in destination.keys(inbox) for key in window) == sorted(
        one.key for one in seen
    )
    key = keys[sent[0].fingerprint]
    assert key is not None
    assert destination.fidelity(inbox, key, sent[0]) is Fidelity.MARKED
    assert destination.fidelity(inbox, key, sent[1]) is Fidelity.REBUILT
    gone = exchange.store.items[key]
    exchange.store.remove(gone)
    assert destination.fidelity(inbox, key, sent[0]) is Fidelity.UNKNOWN
    assert dict(destination.contents(inbox, [key])) == {}


def test_mail_of_others_is_known_by_the_header_it_came_with(
    exchange: EwsServer, destination: Destination, inbox: str
) -> None:
    message = b"Received: from a by b; Mon, 1 Jan 2018 10:00:01 +0200\r\n" + HEAD + b"\r\nhello\r\n"
    folder = exchange.store.mailboxes[ANNA].distinguished("inbox")
    exchange.deliver(folder, message, received=JUNE)
    ((seen,),) = destination.existing(inbox, None)
    assert seen.fingerprint == item("1", message).fingerprint
    assert (seen.received, seen.content) == (JUNE, None)
    assert dict(destination.contents(inbox, [seen.key])) == {}


def test_a_listing_of_several_pages(
    exchange: EwsServer, destination: Destination, inbox: str
) -> None:
    exchange.service.most_found = 40
    put(destination, inbox, letters(130))
    assert len({key for window in destination.keys(inbox) for key in window}) == 130


def test_what_moves_while_it_is_listed_is_not_overlooked(
    exchange: EwsServer, destination: Destination, inbox: str
) -> None:
    exchange.service.most_found = 20
    put(destination, inbox, letters(50))
    keys: set[str] = set()
    windows: Iterator[list[str]] = destination.keys(inbox)
    keys.update(next(windows))
    for key in list(keys)[:5]:
        exchange.store.remove(exchange.store.items[key])
    for window in windows:
        keys.update(window)
    left = {one.id for one in exchange.store.mailboxes[ANNA].items()}
    assert left <= keys
    assert destination.position(inbox).count == 45


def test_an_item_the_server_chokes_on_is_alone_refused(
    exchange: EwsServer, destination: Destination, inbox: str
) -> None:
    mailbox = exchange.store.mailboxes[ANNA]
    mailbox.refuses = lambda mime: "ErrorInternalServerError" if b"evil" in mime else None
    answers = put(destination, inbox, [item("bad", HEAD + b"\r\nevil\r\n"), *letters(3)])
    refused = [key for key, (answer, _) in answers.items() if isinstance(answer, Refused)]
    assert refused in ([], ["bad"])
    assert destination.position(inbox).count == 4 - len(refused)
