"""What servers say when something is wrong, and lines that break: no guess, no second attempt."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from omm_desktop.endpoints.registry import open_destination, open_source
from omm_desktop.model.items import Folder, Item, ItemRef
from omm_desktop.model.ports import Destination, Refused, Source, Stored
from omm_desktop.model.problem import ItemError, OmmError, OwnerNeeded, ProblemId, TryAgain
from tests.servers.account import TestAccount
from tests.servers.scripted import HangUp, ScriptedServer

from .letters import item, letters, put

INBOX = Folder(("INBOX",), "INBOX", validity=1)
FAST = b"* CAPABILITY IMAP4rev1 LITERAL+ MULTIAPPEND UIDPLUS\r\n{tag} OK done\r\n"
SINGLE = b"* CAPABILITY IMAP4rev1 LITERAL+ UIDPLUS\r\n{tag} OK done\r\n"
OPENED = b"* 2 EXISTS\r\n* OK [UIDVALIDITY 1]\r\n* OK [UIDNEXT 9]\r\n{tag} OK [READ-ONLY]\r\n"
EXAMINE = (rb"EXAMINE .*", OPENED)
PLAIN = (rb"CAPABILITY", b"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n")
REFS = [ItemRef("INBOX", "5"), ItemRef("INBOX", "7")]


def source_at(account: TestAccount) -> Source:
    return open_source(account.as_account, account.secret)


def destination_at(account: TestAccount) -> Destination:
    return open_destination(account.as_account, account.secret)


def raised(act: Callable[[], object]) -> OmmError:
    with pytest.raises(OmmError) as caught:
        act()
    return caught.value


def test_a_short_listing_is_never_believed() -> None:
    with ScriptedServer(
        [PLAIN, EXAMINE, (rb"FETCH .*", b"* 2 FETCH (UID 7)\r\n{tag} OK\r\n")]
    ) as server:
        source = source_at(server.account)
        error = raised(lambda: list(source.refs(INBOX, None)))
        source.close()
        assert isinstance(error, ItemError)
        assert error.problem.id is ProblemId.FOLDER_UNREADABLE
        assert sum(command.startswith(b"FETCH") for command in server.commands) == 2


def test_a_listing_short_once_is_read_again() -> None:
    short = (rb"FETCH .*", b"* 2 FETCH (UID 7)\r\n{tag} OK\r\n")
    full = (rb"FETCH .*", b"* 1 FETCH (UID 5)\r\n* 2 FETCH (UID 7)\r\n{tag} OK\r\n")
    with ScriptedServer([PLAIN, EXAMINE, full], once=[short]) as server:
        source = source_at(server.account)
        refs = [ref.key for window in source.refs(INBOX, None) for ref in window]
        source.close()
    assert sorted(refs) == ["5", "7"]


@pytest.mark.parametrize(
    "body",
    [
        b"NIL",
        b'""',
        b"{0}\r\n",
        b"{93}\r\nSubject: x\r\n\r\nRetrieval using the IMAP4 protocol failed for the following"
        b" message: 5\r\n.......",
    ],
)
def test_a_body_that_is_none_is_never_copied(body: bytes) -> None:
    steps = [
        PLAIN,
        EXAMINE,
        (rb"UID FETCH .* \(UID\)", b"* 1 FETCH (UID 5)\r\n* 2 FETCH (UID 7)\r\n{tag} OK\r\n"),
        (
            rb"UID FETCH \d+ \(UID BODY.PEEK\[HEADER\]\)",
            b"* 1 FETCH (UID 5 BODY[HEADER] {14}\r\nSubject: lost\n)\r\n{tag} OK\r\n",
        ),
        (
            rb"UID FETCH .*",
            b"* 1 FETCH (UID 5 BODY[] " + body + b")\r\n* 2 FETCH (UID 7 BODY[] {2}\r\nok)\r\n"
            b"{tag} OK\r\n",
        ),
    ]
    with ScriptedServer(steps) as server:
        source = source_at(server.account)
        answers = {answer.ref.key: answer for answer in source.fetch(INBOX, REFS)}
        source.close()
    lost = answers["5"]
    assert isinstance(lost, Refused)
    assert lost.problem.id is ProblemId.ITEM_UNREADABLE
    assert lost.label.subject == "lost"
    assert isinstance(answers["7"], Item)


@pytest.mark.parametrize(
    ("words", "id", "after"),
    [
        (b"NO [LIMIT] UID FETCH Rate limit hit", ProblemId.ASKED_TO_SLOW_DOWN, 15.0),
        (
            b"NO Request is throttled. Suggested Backoff Time: 60000 milliseconds",
            ProblemId.ASKED_TO_SLOW_DOWN,
            60.0,
        ),
        (b"NO [SERVERBUG] later", ProblemId.ASKED_TO_SLOW_DOWN, 15.0),
    ],
)
def test_a_wish_for_time_is_passed_on(words: bytes, id: ProblemId, after: float) -> None:
    with ScriptedServer(
        [PLAIN, EXAMINE, (rb"UID FETCH .*", b"{tag} " + words + b"\r\n")]
    ) as server:
        source = source_at(server.account)
        error = raised(lambda: list(source.fetch(INBOX, REFS)))
        source.close()
    assert isinstance(error, TryAgain)
    assert (error.problem.id, error.after) == (id, after)


def test_an_answer_cut_off_is_an_unknown_outcome() -> None:
    def vanish(match: re.Match[bytes]) -> bytes:
        raise HangUp

    steps = [(rb"CAPABILITY", FAST), (rb"APPEND .*", vanish)]
    with ScriptedServer(steps) as server:
        destination = destination_at(server.account)
        error = raised(lambda: list(destination.store("INBOX", letters(3))))
        destination.close()
        assert isinstance(error, TryAgain)
        assert error.problem.id is ProblemId.CONNECTION_LOST
        assert sum(command.startswith(b"APPEND") for command in server.commands) == 1


def test_answers_before_the_cut_are_given() -> None:
    appended: list[int] = []

    def two_then_cut(match: re.Match[bytes]) -> bytes:
        appended.append(1)
        if len(appended) > 2:
            raise HangUp
        return b"{tag} OK [APPENDUID 1 %d]\r\n" % (100 + len(appended))

    with ScriptedServer([(rb"CAPABILITY", SINGLE), (rb"APPEND .*", two_then_cut)]) as server:
        destination = destination_at(server.account)
        answers: list[object] = []
        with pytest.raises(TryAgain):
            answers.extend(destination.store("INBOX", letters(5)))
        destination.close()
    keys = [answer.key for answer in answers if isinstance(answer, Stored)]
    assert keys == ["101", "102"]


@pytest.mark.parametrize(
    ("words", "id"),
    [
        (b"NO [TOOBIG] Message too large", ProblemId.ITEM_TOO_BIG),
        (b"NO Virus found", ProblemId.ITEM_LOOKS_HARMFUL),
        (b"NO because", ProblemId.ITEM_REFUSED),
    ],
)
def test_the_culprit_of_a_batch_is_found(words: bytes, id: ProblemId) -> None:
    def judge(match: re.Match[bytes]) -> bytes:
        return b"{tag} " + (words if b"<5@" in match[0] else b"OK") + b"\r\n"

    with ScriptedServer([(rb"CAPABILITY", FAST), (rb"APPEND .*", judge)]) as server:
        destination = destination_at(server.account)
        answers = put(destination, "INBOX", letters(8))
        destination.close()
    refused = {key: a.problem.id for key, (a, _) in answers.items() if isinstance(a, Refused)}
    assert refused == {"5": id}
    assert len(answers) == 8


@pytest.mark.parametrize(
    "words",
    [
        b"NO [OVERQUOTA] Quota exceeded",
        b"NO Over quota",
        b"NO [ALERT] You exceeded your mail quota.",
    ],
)
@pytest.mark.parametrize("capability", [FAST, SINGLE])
def test_a_full_mailbox_in_every_spelling(words: bytes, capability: bytes) -> None:
    steps = [(rb"CAPABILITY", capability), (rb"APPEND .*", b"{tag} " + words + b"\r\n")]
    with ScriptedServer(steps) as server:
        destination = destination_at(server.account)
        error = raised(lambda: list(destination.store("INBOX", letters(3))))
        destination.close()
    assert isinstance(error, OwnerNeeded)
    assert error.problem.id is ProblemId.MAILBOX_FULL


def test_keys_told_wrongly_are_not_believed() -> None:
    steps = [(rb"CAPABILITY", FAST), (rb"APPEND .*", b"{tag} OK [APPENDUID 1 5:9] done\r\n")]
    with ScriptedServer(steps) as server:
        destination = destination_at(server.account)
        for _ in range(3):
            stored = list(destination.store("INBOX", letters(2)))
            assert [a.key for a in stored if isinstance(a, Stored)] == [None, None]
        # After three lies even an answer of the right length counts for nothing.
        stored = list(destination.store("INBOX", letters(5)))
        destination.close()
    assert [a.key for a in stored if isinstance(a, Stored)] == [None] * 5


def test_an_announced_limit_spares_the_attempt() -> None:
    limited = b"* CAPABILITY IMAP4rev1 APPENDLIMIT=100\r\n{tag} OK done\r\n"
    with ScriptedServer([(rb"CAPABILITY", limited)]) as server:
        destination = destination_at(server.account)
        assert destination.limits.largest_item == 100
        assert (destination.limits.batch_items, destination.limits.connections) == (20, 16)
        answers = put(destination, "INBOX", [*letters(1), item("big", b"x" * 101)])
        destination.close()
        assert sum(command.startswith(b"APPEND") for command in server.commands) == 1
    refused = answers["big"][0]
    assert isinstance(refused, Refused)
    assert refused.problem.id is ProblemId.ITEM_TOO_BIG


def test_a_refused_date_is_dropped_for_that_item_alone() -> None:
    def judge(match: re.Match[bytes]) -> bytes:
        return b"{tag} BAD invalid date\r\n" if b"1890" in match[0] else b"{tag} OK\r\n"

    old = item("old", b"Subject: o\r\n\r\n.\r\n", (), datetime(1890, 1, 1, tzinfo=UTC))
    with ScriptedServer([(rb"CAPABILITY", SINGLE), (rb"APPEND .*", judge)]) as server:
        destination = destination_at(server.account)
        answers = put(destination, "INBOX", [*letters(2), old])
        destination.close()
    stored = {key: answer for key, (answer, _) in answers.items() if isinstance(answer, Stored)}
    adapted = {key: [p.id for p in answer.adapted] for key, answer in stored.items()}
    assert adapted == {"1": [], "2": [], "old": [ProblemId.DATE_DROPPED]}


@pytest.mark.parametrize("capability", [FAST, SINGLE])
def test_a_refusal_that_passes_costs_neither_flag_nor_date(capability: bytes) -> None:
    refused = (rb"APPEND .*", b"{tag} NO System I/O error\r\n")
    with ScriptedServer([(rb"CAPABILITY", capability)], once=[refused]) as server:
        destination = destination_at(server.account)
        dated = item("1", b"Subject: o\r\n\r\n.\r\n", ("Label",), datetime(2020, 1, 1, tzinfo=UTC))
        answers = put(destination, "INBOX", [dated])
        destination.close()
        first, second = (c for c in server.commands if c.startswith(b"APPEND"))
    assert first == second
    stored = answers["1"][0]
    assert isinstance(stored, Stored)
    assert not stored.adapted


class Forgetful:
    """Stores mail, tells its number, and forgets flags and dates given with APPEND."""

    def __init__(self, forgotten: bytes, *, lies: bool = False, refuses: bool = False) -> None:
        self.forgotten = forgotten
        self.refuses = refuses
        self.next = 900 if lies else 11
        self.stored: dict[int, tuple[bytes, bytes]] = {11: (b"", b"Subject: theirs\r\n\r\n")}

    def append(self, match: re.Match[bytes]) -> bytes:
        found = re.search(rb"\(([^)]*)\)", match[0])
        assert found is not None
        kept = b" ".join(flag for flag in found[1].split() if flag != self.forgotten)
        if self.next < 900:
            self.stored[self.next] = (kept, match[0].partition(b"}\r\n")[2])
        told, self.next = min(self.next, 11) if self.next >= 900 else self.next, self.next + 1
        return b"{tag} OK [APPENDUID 1 %d] done\r\n" % told

    def fetch(self, match: re.Match[bytes]) -> bytes:
        rows = b""
        for number, (flags, message) in self.stored.items():
            rows += b'* 1 FETCH (UID %d FLAGS (%b) INTERNALDATE "21-Nov-2026 01:02:03 +0000"' % (
                number,
                flags,
            )
            rows += b" BODY[HEADER] {%d}\r\n%b)\r\n" % (len(message), message)
        return rows + b"{tag} OK\r\n"

    def store(self, match: re.Match[bytes]) -> bytes:
        return b"{tag} NO never\r\n" if self.refuses else b"{tag} OK\r\n"

    def server(self) -> ScriptedServer:
        return ScriptedServer(
            [
                (rb"CAPABILITY", SINGLE),
                (rb"APPEND .*", self.append),
                (rb"UID FETCH .*", self.fetch),
                (rb"UID STORE .*", self.store),
            ]
        )


def flagged(*flags: tuple[str, ...]) -> list[Item]:
    return [
        item(str(number), b"Subject: %d\r\n\r\n.\r\n" % number, these)
        for number, these in enumerate(flags)
    ]


def stored_flags(forgetful: Forgetful, *batches: list[Item]) -> tuple[list[bytes], list[Stored]]:
    """What was set again, and the answers."""
    answers: list[Stored] = []
    with forgetful.server() as server:
        destination = destination_at(server.account)
        for batch in batches:
            answers += (a for a in destination.store("INBOX", batch) if isinstance(a, Stored))
        destination.close()
        return [c for c in server.commands if c.startswith(b"UID STORE")], answers


def test_flags_a_server_forgets_are_set_again_once_for_each_set() -> None:
    star, both = ("\\Flagged",), ("\\Flagged", "\\Seen")
    commands, answers = stored_flags(
        Forgetful(b"\\Flagged"), flagged(("\\Seen",), star, both, star), flagged(star, ("\\Seen",))
    )
    assert commands == [
        b"UID STORE 12,14 +FLAGS.SILENT (\\Flagged)",
        b"UID STORE 13 +FLAGS.SILENT (\\Flagged \\Seen)",
        b"UID STORE 15 +FLAGS.SILENT (\\Flagged)",
    ]
    assert [answer.adapted for answer in answers] == [()] * 6


def test_flags_that_cannot_be_set_again_are_told() -> None:
    forgetful = Forgetful(b"\\Flagged", refuses=True)
    _, answers = stored_flags(forgetful, flagged(("\\Seen",), ("\\Flagged", "\\Seen")))
    told = [[(p.id, p.detail) for p in answer.adapted] for answer in answers]
    assert told == [[], [(ProblemId.FLAGS_DROPPED, "\\Flagged")]]


def test_flags_that_are_kept_are_looked_at_once() -> None:
    forgetful = Forgetful(b"nothing")
    with forgetful.server() as server:
        destination = destination_at(server.account)
        for _ in range(3):
            list(destination.store("INBOX", flagged(("\\Seen",), ("\\Seen",))))
        destination.close()
        assert sum(command.startswith(b"UID FETCH") for command in server.commands) == 1
        assert not any(command.startswith((b"SELECT", b"UID STORE")) for command in server.commands)


def test_the_mail_of_others_is_never_touched_when_numbers_are_told_wrongly() -> None:
    commands, answers = stored_flags(
        Forgetful(b"\\Flagged", lies=True), flagged(("\\Flagged",)), flagged(("\\Flagged",))
    )
    assert commands == []
    assert len(answers) == 2


def test_dates_a_server_does_not_keep_are_told_once() -> None:
    old = [
        item(str(n), b"Subject: o\r\n\r\n.\r\n", (), datetime(2003, 4, 5, tzinfo=UTC)) for n in "12"
    ]
    _, answers = stored_flags(Forgetful(b"nothing"), old, old)
    told = [problem.id for answer in answers for problem in answer.adapted]
    assert told == [ProblemId.DATES_NOT_KEPT]
