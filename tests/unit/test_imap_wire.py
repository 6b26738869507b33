"""Commands in one flight over one connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from omm_desktop.endpoints.imap.connection import Connection
from omm_desktop.model.problem import Place, ProblemId, TryAgain
from tests.servers.scripted import ScriptedServer, stay_silent

STEPS = [
    (rb"CAPABILITY", b"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n"),
    (rb"ONE", b"* 1 EXISTS\r\n{tag} OK one\r\n"),
    (rb"LITERALS", b"* LIST () NIL {3}\r\na}b {2}\r\nxy z\r\n{tag} OK two\r\n"),
    (rb"REFUSED", b"{tag} NO [TRYCREATE] not here\r\n"),
    (rb"LATE", b""),
    (rb"EARLY", b"O999 OK nobody asked\r\n"),
    (rb"BYE", b"* BYE Autologout\r\n"),
    (rb"SILENCE", stay_silent),
    (rb"NOTE .*", b"* NOTE " + b"x" * 4_000 + b"\r\n{tag} OK noted\r\n"),
]


@pytest.fixture
def connection() -> Iterator[Connection]:
    with ScriptedServer(STEPS) as server:
        account = server.account
        connection = Connection.open(account.as_account, account.secret, Place.SOURCE)
        yield connection
        connection.abort()
        connection.close()


def test_answers_come_in_the_order_of_the_commands(connection: Connection) -> None:
    one, two, refused = connection.wire.ask_all([b"ONE", b"LITERALS", b"REFUSED"])
    assert (one.status, one.text, one.untagged[0].text) == ("OK", b"one", b"* 1 EXISTS")
    assert two.untagged[0].text == b"* LIST () NIL {3} {2} z"
    assert [b"".join(p.pieces()) for p in two.untagged[0].literals] == [b"a}b", b"xy"]
    assert (refused.ok, refused.text) == (False, b"[TRYCREATE] not here")


def test_a_server_that_reads_on_only_when_it_is_read_gets_any_number(
    connection: Connection,
) -> None:
    # Far more, both ways, than lies between two ends of a line.
    answers = connection.wire.ask_all([b"NOTE " + b"y" * 4_000] * 8_000)
    assert len(answers) == 8_000
    assert all(answer.text == b"noted" and len(answer.untagged) == 1 for answer in answers)
    assert connection.wire.ask_all([]) == []


def test_what_nobody_reads_is_out_of_the_way(connection: Connection) -> None:
    abandoned = connection.wire.start(b"LITERALS")
    assert connection.wire.ask(b"ONE").text == b"one"
    with pytest.raises(RuntimeError):
        connection.wire.collect(abandoned)


@pytest.mark.parametrize("command", [b"BYE", b"EARLY"])
def test_a_goodbye_and_nonsense_end_the_connection(connection: Connection, command: bytes) -> None:
    with pytest.raises(TryAgain) as caught:
        connection.wire.ask(command)
    assert caught.value.problem.id is ProblemId.CONNECTION_LOST


def test_abort_frees_a_reader(connection: Connection) -> None:
    outcome: list[object] = []

    def read() -> None:
        try:
            connection.wire.ask(b"SILENCE")
        except TryAgain as error:
            outcome.append(error.problem.id)

    reader = threading.Thread(target=read)
    reader.start()
    connection.abort()
    reader.join(5)
    assert not reader.is_alive()
    assert outcome == [ProblemId.CONNECTION_LOST]
