"""What other servers say in other words, or proxies in between, is understood all the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from omm_desktop.endpoints.registry import open_destination, open_source
from omm_desktop.model.items import Folder, FolderRole, Item
from omm_desktop.model.ports import Destination, Refused, Source
from omm_desktop.model.problem import ItemError, NotNow, OmmError, ProblemId, TryAgain
from tests.servers.ews import EwsServer, Fault, FaultKind
from tests.servers.ews.journal import Entry
from tests.servers.ews.reached import mailbox_of
from tests.servers.ews.server import Answer
from tests.servers.ews.soap import make

from .letters import item, letters

ANNA = "anna@exchange.test"
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
Opened = tuple[Source, Destination]


@pytest.fixture
def both(exchange: EwsServer) -> Iterator[Opened]:
    """The same mailbox, to read and to add to."""
    account = mailbox_of(exchange, ANNA)
    with ExitStack() as stack:
        source = open_source(account.as_account, account.secret)
        stack.callback(source.close)
        destination = open_destination(account.as_account, account.secret)
        stack.callback(destination.close)
        yield source, destination


def inbox_of(endpoint: Source | Destination) -> Folder:
    return next(f for f in endpoint.folders() if f.role is FolderRole.INBOX)


def fill(exchange: EwsServer, number: int) -> None:
    inbox = exchange.store.mailboxes[ANNA].distinguished("inbox")
    for day in range(number):
        body = b"From: bob@far.test\r\nSubject: Letter %d\r\n\r\nhello\r\n" % day
        exchange.deliver(inbox, body, received=FIRST + timedelta(days=day), read=day % 2 == 0)


def read(source: Source) -> list[Item]:
    inbox = inbox_of(source)
    refs = [ref for window in source.refs(inbox, None) for ref in window]
    answers = list(source.fetch(inbox, refs))
    assert all(isinstance(answer, Item) for answer in answers), answers
    return [answer for answer in answers if isinstance(answer, Item)]


# -- the same said otherwise -----------------------------------------------------------------


def other_prefixes(reply: bytes) -> bytes:
    for ours, theirs in ((b"s", b"SOAP-ENV"), (b"m", b"ns.1"), (b"t", b"ns-2"), (b"e", b"x")):
        reply = re.sub(rb"(</?)%b:" % ours, rb"\1%b:" % theirs, reply)
        reply = reply.replace(b"xmlns:%b=" % ours, b"xmlns:%b=" % theirs)
    return reply


def byte_order_mark(reply: bytes) -> bytes:
    """In front, and a line's end behind."""
    return b"\xef\xbb\xbf" + reply + b"\r\n"


def more_elements(reply: bytes) -> bytes:
    """Comments, blanks, what XML forbids, and elements that nobody asked for."""
    reply = re.sub(rb"(<t:(?:Message|Folder)>)", rb"\1<!-- x -->\n  <t:New>&#x1;</t:New>", reply)
    return re.sub(rb"(<m:ResponseCode>)", rb"<m:Extra a='>'/>\1", reply)


def longer_dates(reply: bytes) -> bytes:
    """With nine digits, and without a zone."""
    return re.sub(rb"(<t:DateTimeReceived>[\dT:-]+)Z", rb"\1.123456789", reply)


def without_last_page(reply: bytes) -> bytes:
    return re.sub(rb' (?:IncludesLastItemInRange|IndexedPagingOffset)="\w+"', b"", reply)


@pytest.mark.parametrize(
    "habit", [byte_order_mark, other_prefixes, more_elements, longer_dates, without_last_page]
)
def test_a_mailbox_is_read_and_filled(
    exchange: EwsServer, both: Opened, habit: Callable[[bytes], bytes]
) -> None:
    source, destination = both
    fill(exchange, 8)
    exchange.service.most_found = 3
    exchange.rewrite = lambda operation, reply: habit(reply)
    found = read(source)
    assert {one.received and one.received.replace(microsecond=0) for one in found} == {
        FIRST + timedelta(days=day) for day in range(8)
    }
    assert sum("\\Seen" in one.flags for one in found) == 4
    assert len(list(destination.store(inbox_of(destination).key, letters(3)))) == 3
    assert (
        len([s for window in destination.existing(inbox_of(source).key, None) for s in window])
        == 11
    )


def test_a_fault_with_other_prefixes(exchange: EwsServer, both: Opened) -> None:
    exchange.rewrite = lambda operation, reply: other_prefixes(reply)
    exchange.instead = lambda entry: (
        500,
        {},
        b'<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/">'
        b"<SOAP-ENV:Body><SOAP-ENV:Fault><faultcode>a:ErrorServerBusy</faultcode>"
        b"</SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>",
    )
    with pytest.raises(NotNow):
        both[0].folders()


@pytest.mark.parametrize("compresses", [False, True])
def test_replies_in_chunks(exchange: EwsServer, both: Opened, compresses: bool) -> None:
    exchange.chunked, exchange.compresses = True, compresses
    fill(exchange, 8)
    assert len(read(both[0])) == 8
    exchange.faults.plan(Fault(FaultKind.CUT, "GetItem"))
    with pytest.raises(TryAgain):
        read(both[0])
    assert len(read(both[0])) == 8


def test_pages_that_never_end(exchange: EwsServer, both: Opened) -> None:
    """From a server that gives the first one whatever it is asked for."""
    fill(exchange, 3)
    pages: list[bytes] = []

    def first_page(operation: str, reply: bytes) -> bytes:
        pages.append(reply.replace(b'InRange="true"', b'InRange="false"'))
        return pages[0]

    inbox = inbox_of(both[0])
    exchange.rewrite = first_page
    with pytest.raises(ItemError) as caught:
        list(both[0].refs(inbox, None))
    assert caught.value.problem.id is ProblemId.FOLDER_UNREADABLE


# -- replies that break off unnoticed --------------------------------------------------------


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_half_a_reply_is_no_reply(exchange: EwsServer, both: Opened, share: float) -> None:
    """Without a length nothing but its end says that it is whole."""
    fill(exchange, 3)
    exchange.rewrite = lambda operation, reply: reply[: int(len(reply) * share)]
    with pytest.raises(TryAgain):
        both[0].folders()


def test_half_a_mail_is_no_mail(exchange: EwsServer, both: Opened) -> None:
    source, _ = both
    fill(exchange, 1)
    inbox = inbox_of(source)
    refs = [ref for window in source.refs(inbox, None) for ref in window]
    exchange.rewrite = lambda operation, reply: reply[: reply.index(b"</t:MimeContent>") + 20]
    with pytest.raises(TryAgain):
        list(source.fetch(inbox, refs))


# -- HTTP in between -------------------------------------------------------------------------


def in_a_minute() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)


def test_patience_until_a_date(exchange: EwsServer, both: Opened) -> None:
    exchange.instead = lambda entry: (503, {"Retry-After": in_a_minute()}, b"")
    with pytest.raises(NotNow) as caught:
        both[0].folders()
    assert 50 < caught.value.after <= 60


@pytest.mark.parametrize("status", [301, 302, 307, 451])
def test_nobody_is_followed_to_another_host(exchange: EwsServer, both: Opened, status: int) -> None:
    """The password is for this one alone; where it leads is told."""
    target = "https://elsewhere.test/EWS/Exchange.asmx?x=1"
    exchange.instead = lambda entry: (status, {"Location": target}, b"")
    with pytest.raises(OmmError) as caught:
        both[0].folders()
    assert caught.value.problem.id is ProblemId.NOT_A_MAIL_SERVER
    assert "elsewhere.test" in caught.value.problem.detail


@pytest.mark.parametrize("status", [400, 404, 413])
def test_too_large_in_the_words_of_iis(exchange: EwsServer, both: Opened, status: int) -> None:
    """Its filter says 404, WCF 400: both of a mail that Exchange never saw."""
    _, destination = both
    large = item("large", b"Subject: large\r\n\r\n" + b"x" * (9 << 20))
    key = inbox_of(destination).key

    def filtered(entry: Entry) -> Answer | None:
        return (status, {}, b"") if entry.size > 10 << 20 else None

    exchange.instead = filtered
    (answer,) = destination.store(key, [large])
    assert isinstance(answer, Refused)
    assert answer.problem.id is ProblemId.ITEM_TOO_BIG


def test_the_server_behind_a_balancer_is_kept(exchange: EwsServer, both: Opened) -> None:
    """By the cookies it gives, and by whose mailbox it is about."""
    source, _ = both
    seen: list[str] = []

    def balanced(entry: Entry) -> None:
        seen.append(entry.headers.get("Cookie", ""))

    exchange.instead = balanced
    exchange.cookies = ("X-BackEndCookie=abc; path=/EWS; HttpOnly", "exchangecookie=1; path=/")
    source.folders()
    assert "X-BackEndCookie=abc" in seen[-1]
    assert exchange.journal.entries[-1].headers["X-AnchorMailbox"] == ANNA


# -- odd mailboxes ---------------------------------------------------------------------------


def test_a_folder_that_is_called_inbox_beside_the_inbox(exchange: EwsServer, both: Opened) -> None:
    mailbox = exchange.store.mailboxes[ANNA]
    mailbox.distinguished("inbox").name = "Posteingang"
    other = mailbox.add_folder(mailbox.distinguished("msgfolderroot"), "INBOX", "IPF.Note")
    source, destination = both
    for endpoint in (source, destination):
        paths = {folder.key: folder.path for folder in endpoint.folders()}
        assert paths[mailbox.distinguished("inbox").id] == ("INBOX",)
        assert paths[other.id] == ("INBOX (2)",)


def test_parents_by_another_id_than_their_own(exchange: EwsServer, both: Opened) -> None:
    mailbox = exchange.store.mailboxes[ANNA]
    top = mailbox.distinguished("msgfolderroot")
    mailbox.add_folder(mailbox.add_folder(top, "Clients", "IPF.Note"), "2019", "IPF.Note")
    before = both[0].folders()
    assert {("INBOX",), ("Clients", "2019")} <= {folder.path for folder in before}

    def otherwise(operation: str, reply: bytes) -> bytes:
        elsewhere = operation == "FindFolder"
        return reply.replace(top.id.encode(), b"elsewhere") if elsewhere else reply

    exchange.rewrite = otherwise
    assert both[0].folders() == before


@pytest.mark.parametrize(
    "item_class", ["IPM.Sharing", "IPM.Document.txtfile", "IPM.Own.Form", "IPM.TaskRequest"]
)
def test_mail_of_every_class(exchange: EwsServer, both: Opened, item_class: str) -> None:
    inbox = exchange.store.mailboxes[ANNA].distinguished("inbox")
    subject = make("t:Subject", "hello")
    put = exchange.put(inbox, make("t:Message", make("t:ItemClass", item_class), subject))
    assert [one.ref.key for one in read(both[0])] == [put.id]


def test_ids_with_every_sign(exchange: EwsServer, both: Opened) -> None:
    """What is no letter of base64 may stand in them elsewhere."""
    source, _ = both
    fill(exchange, 2)
    odd = [f"a&b<\"'>/+= é{number}" for number in range(2)]
    mailbox = exchange.store.mailboxes[ANNA]
    for one, id in zip(list(mailbox.items()), odd, strict=True):
        exchange.store.items[id] = exchange.store.items.pop(one.id)
        folder = one.folder
        folder.items[id] = folder.items.pop(one.id)
        one.id = id
    assert {one.ref.key for one in read(source)} == set(odd)


def test_a_fault_for_one_request_spoils_no_other(exchange: EwsServer, both: Opened) -> None:
    exchange.faults.plan(Fault(FaultKind.CUT, "FindFolder"))
    with pytest.raises(TryAgain):
        both[0].folders()
    assert both[0].folders()
