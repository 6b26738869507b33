"""One reply about many mails: each is believed, in whatever order good and bad news come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from omm_desktop.endpoints.registry import open_destination
from omm_desktop.model.items import FolderRole, Item, ItemKind
from omm_desktop.model.ports import Destination, Refused, Repaired, Stored
from omm_desktop.model.problem import NotNow, OmmError, OwnerNeeded, ProblemId, TryAgain
from tests.servers.ews import EwsServer
from tests.servers.ews.reached import mailbox_of

from .entries import entry, usual_folder
from .letters import letters

ANNA = "anna@exchange.test"


@pytest.fixture
def destination(exchange: EwsServer) -> Iterator[Destination]:
    account = mailbox_of(exchange, ANNA)
    with ExitStack() as stack:
        opened = open_destination(account.as_account, account.secret)
        stack.callback(opened.close)
        yield opened


@pytest.fixture
def inbox(destination: Destination) -> str:
    """Its key."""
    return next(f.key for f in destination.folders() if f.role is FolderRole.INBOX)


def refuse(exchange: EwsServer, codes: dict[int, str]) -> None:
    """Refuse the letters of these numbers so."""
    subjects = {b"Subject: %d\r\n" % number: code for number, code in codes.items()}
    exchange.store.mailboxes[ANNA].refuses = lambda mime: next(
        (code for subject, code in subjects.items() if subject in mime), None
    )


def stored(destination: Destination, inbox: str) -> tuple[list[str], OmmError]:
    """The letters that were told to be stored, and what was raised."""
    answers: list[Stored | Repaired | Refused] = []
    with pytest.raises(OmmError) as caught:
        answers.extend(destination.store(inbox, letters(6)))
    return [one.ref.key for one in answers if isinstance(one, Stored)], caught.value


@pytest.mark.parametrize(
    ("codes", "kind", "id"),
    [
        ({2: "ErrorQuotaExceeded"}, OwnerNeeded, ProblemId.MAILBOX_FULL),
        ({1: "ErrorServerBusy"}, NotNow, ProblemId.ASKED_TO_SLOW_DOWN),
        ({3: "ErrorMailboxMoveInProgress"}, TryAgain, ProblemId.SERVER_SILENT),
        # Of the second nobody knows whether it arrived: that comes first.
        (
            {1: "ErrorQuotaExceeded", 2: "ErrorTimeoutExpired"},
            TryAgain,
            ProblemId.SERVER_SILENT,
        ),
    ],
)
def test_what_is_stored_after_a_refusal_is_told(
    exchange: EwsServer,
    destination: Destination,
    inbox: str,
    codes: dict[int, str],
    kind: type[OmmError],
    id: ProblemId,
) -> None:
    refuse(exchange, codes)
    told, error = stored(destination, inbox)
    assert told == [str(number) for number in range(1, 7) if number not in codes]
    assert (type(error), error.problem.id) == (kind, id)
    assert destination.position(inbox).count == len(told)


def test_a_batch_that_was_stopped_is_continued_later(
    exchange: EwsServer, destination: Destination, inbox: str
) -> None:
    """Exchange warns of what it did not begin any more."""
    stop = "ErrorBatchProcessingStopped"
    refuse(exchange, {4: "ErrorItemSave", 5: stop, 6: stop})
    exchange.rewrite = lambda operation, reply: re.sub(
        rb'ResponseClass="Error"(>(?:(?!ResponseClass).)*%b)' % stop.encode(),
        rb'ResponseClass="Warning"\1',
        reply,
    )
    told, error = stored(destination, inbox)
    assert told == ["1", "2", "3"]
    assert isinstance(error, NotNow)


def test_how_long_to_wait_may_be_told_of_one_item(
    exchange: EwsServer, destination: Destination, inbox: str
) -> None:
    refuse(exchange, {1: "ErrorServerBusy"})
    exchange.rewrite = lambda operation, reply: reply.replace(
        b"</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>",
        b"</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey><m:MessageXml>"
        b'<t:Value Name="BackOffMilliseconds">7500</t:Value></m:MessageXml>',
    )
    _, error = stored(destination, inbox)
    assert isinstance(error, NotNow)
    assert error.after == 7.5


# -- contacts, of which some take more than one request --------------------------------------


def contact(number: int, *lines: str) -> Item:
    card = ("BEGIN:VCARD", "VERSION:3.0", f"FN:Zoé {number}", *lines, "END:VCARD", "")
    return entry(ItemKind.CONTACTS, str(number), "\r\n".join(card).encode())


@pytest.mark.parametrize(
    "large", ["NOTE:" + "x" * 200_000, "PHOTO;ENCODING=b;TYPE=JPEG:" + "A" * 200_000]
)
def test_a_full_mailbox_doubles_no_contact(
    exchange: EwsServer, destination: Destination, large: str
) -> None:
    """The same session goes on when there is room, and finishes what it began."""
    contacts = [contact(0), contact(1, large), contact(2)]
    folder = usual_folder(destination, ItemKind.CONTACTS).key
    exchange.store.mailboxes[ANNA].quota = 100_000
    answers: list[Stored | Repaired | Refused] = []
    with pytest.raises(OwnerNeeded) as caught:
        answers.extend(destination.store(folder, contacts))
    assert caught.value.problem.id is ProblemId.MAILBOX_FULL
    assert sorted(one.ref.key for one in answers) == ["0", "2"]
    exchange.store.mailboxes[ANNA].quota = None
    answers.extend(destination.store(folder, contacts[1:2]))
    assert [type(one) for one in answers] == [Stored] * 3
    assert destination.position(folder).count == 3
