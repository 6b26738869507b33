"""Mail a server takes in no form of its own: re-encoded, or carried by a mail of ours."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from omm_desktop.endpoints.convert import attaching
from omm_desktop.endpoints.registry import open_destination
from omm_desktop.model.items import Folder, Item
from omm_desktop.model.ports import FolderWish, Stored
from omm_desktop.model.problem import Problem, ProblemId
from tests.servers.account import TestAccount
from tests.servers.scripted import ScriptedServer, Step

from .letters import item, put

FAST: Step = (
    rb"CAPABILITY",
    b"* CAPABILITY IMAP4rev1 LITERAL+ UIDPLUS\r\n{tag} OK done\r\n",
)
LONG = item("1", b"Subject: x\r\n\r\n" + b"y" * 3000 + b"\r\n")
ODD = item("1", b"From: a@b.fr\r\nSubject: x\r\nX-Odd: 1\r\n\r\nBonjour\r\n")
NUL = item("1", b"From: a@b.fr\r\nSubject: x\r\nX-Odd: 1\r\n\r\nBon\0jour\n")


def refusing(pattern: bytes, words: bytes) -> Step:
    """Answers every APPEND: with `words` where the mail has the pattern."""

    def answer(match: re.Match[bytes]) -> bytes:
        if re.search(pattern, match[0], re.DOTALL):
            return b"{tag} " + words + b"\r\n"
        return b"{tag} OK [APPENDUID 1 7] done\r\n"

    return rb"APPEND .*", answer


def sent_by(step: Step, one: Item) -> Item:
    """The item as it was stored in the end."""
    with ScriptedServer([FAST, step]) as server:
        destination = open_destination(server.account.as_account, server.account.secret)
        answers = put(destination, "INBOX", [one])
        destination.close()
    answer, sent = answers["1"]
    assert isinstance(answer, Stored)
    return sent


def repairs_of(sent: Item) -> list[tuple[ProblemId, str]]:
    return [(problem.id, problem.detail.partition(";")[0]) for problem in sent.repairs]


RECEIPT = b"Disposition-Notification-To: a@b.fr\r\nSubject: x\r\n\r\nx\r\n"
EXCHANGE = b"\\Seen \\Answered \\Flagged \\Deleted \\Draft $MDNSent"


@pytest.mark.parametrize(
    ("permanent", "message", "flags", "sent"),
    [
        (EXCHANGE, RECEIPT, ["\\Seen"], b"$MDNSent \\Seen"),
        (EXCHANGE, RECEIPT, [], b""),
        (EXCHANGE, b"Subject: x\r\n\r\nx\r\n", ["\\Seen"], b"\\Seen"),
        (b"\\Seen $MDNSent \\*", RECEIPT, ["\\Seen"], b"\\Seen"),
        (b"\\Seen", RECEIPT, ["\\Seen"], b"\\Seen"),
    ],
)
def test_exchange_sends_no_receipt_for_mail_that_was_read_before(
    permanent: bytes, message: bytes, flags: list[str], sent: bytes
) -> None:
    told = b"* 0 EXISTS\r\n* OK [UIDVALIDITY 1]\r\n* OK [PERMANENTFLAGS (" + permanent + b")]\r\n"
    steps = [FAST, (rb"SELECT .*", told + b"{tag} OK done\r\n"), refusing(rb"(?!)", b"")]
    with ScriptedServer(steps) as server:
        destination = open_destination(server.account.as_account, server.account.secret)
        put(destination, "INBOX", [item("1", message, flags)])
        destination.close()
        appended = next(one for one in server.commands if one.startswith(b"APPEND"))
    assert appended.startswith(b'APPEND "INBOX" (' + sent + b") ")
    assert appended.rstrip().endswith(message.rstrip())


@pytest.mark.parametrize("words", [b"BAD Command Argument Error. 11", b"NO Line too long"])
def test_a_long_line_is_re_encoded_once_it_was_refused(words: bytes) -> None:
    sent = sent_by(refusing(rb"[^\r\n]{999}", words), LONG)
    assert repairs_of(sent) == [(ProblemId.ITEM_REPAIRED, "long lines re-encoded (RFC 2045)")]
    assert sent.original is LONG.payload


def test_where_no_repair_helps_the_mail_is_attached() -> None:
    sent = sent_by(refusing(rb"APPEND [^\n]*\n(?:[^\r\n]+\r\n)*X-Odd", b"NO never"), ODD)
    assert repairs_of(sent) == [
        (ProblemId.ITEM_ATTACHED, "attached to a mail of ours (message/rfc822)")
    ]


def test_a_server_that_looks_into_attachments_gets_a_file() -> None:
    sent = sent_by(refusing(rb"X-Odd", b"NO never"), NUL)
    assert repairs_of(sent) == [(ProblemId.ITEM_ATTACHED, "attached to a mail of ours, as a file")]


def test_the_mail_of_ours_is_taken_by_a_strict_server(
    new_cyrus_user: Callable[[], TestAccount],
) -> None:
    account = new_cyrus_user()
    destination = open_destination(account.as_account, account.secret)
    raw = b"".join(NUL.payload.pieces())
    covers = [
        item("1", attaching.as_message(raw.replace(b"\0", b"").replace(b"\n", b"\r\n"))),
        item("2", attaching.as_file(raw)),
    ]
    answers = put(destination, "INBOX", covers)
    keys = [answer.key for answer, _ in answers.values() if isinstance(answer, Stored)]
    contents = dict(destination.contents("INBOX", [key for key in keys if key]))
    destination.close()
    assert [sent.repairs for _, sent in answers.values()] == [(), ()]
    assert set(contents.values()) == {cover.content for cover in covers}


def listing(*names: bytes) -> bytes:
    rows = (b'* LIST () "/" "' + name + b'"\r\n' for name in (b"INBOX", *names))
    return b"".join(rows) + b"{tag} OK done\r\n"


@pytest.mark.parametrize(
    ("path", "made"),
    [(("Files",), b"Files (2)"), (("Files", "2019"), b"Files - 2019"), (("clients",), None)],
)
def test_a_folder_the_server_refuses_gets_another_name(
    path: tuple[str, ...], made: bytes | None
) -> None:
    created: list[bytes] = [b"Clients"]

    def create(match: re.Match[bytes]) -> bytes:
        if match[1].lower() in (b"files", b"files/2019", b"clients") or made is None:
            return b"{tag} NO Folder name is reserved\r\n"
        created.append(match[1])
        return b"{tag} OK done\r\n"

    steps: list[Step] = [
        (rb'CREATE "(.*)"', create),
        (rb'LIST "" "\*"', lambda match: listing(*created)),
    ]
    with ScriptedServer([FAST, *steps]) as server:
        destination = open_destination(server.account.as_account, server.account.secret)
        (answer,) = destination.ensure_folders([FolderWish(path)])
        destination.close()
    if made is None:
        assert isinstance(answer, Problem)
        assert (answer.id, answer.subject) == (ProblemId.FOLDER_NOT_CREATED, "clients")
    else:
        assert isinstance(answer, Folder)
        assert answer.key == made.decode()


def test_a_server_that_does_not_tell_capitals_apart_gets_a_number() -> None:
    created: list[bytes] = []

    def create(match: re.Match[bytes]) -> bytes:
        if match[1].lower() in map(bytes.lower, created):
            return b"{tag} NO [ALREADYEXISTS] Mailbox exists\r\n"
        created.append(match[1])
        return b"{tag} OK done\r\n"

    steps: list[Step] = [
        (rb'CREATE "(.*)"', create),
        (rb'LIST "" "\*"', lambda match: listing(*created)),
    ]
    with ScriptedServer([FAST, *steps]) as server:
        destination = open_destination(server.account.as_account, server.account.secret)
        made = destination.ensure_folders([FolderWish(("Clients",)), FolderWish(("clients",))])
        destination.close()
    assert [isinstance(one, Folder) and one.key for one in made] == ["Clients", "clients (2)"]
