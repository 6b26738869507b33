"""Exchange counts errors and hangs up at the tenth; its refusals do not say why."""

from __future__ import annotations

import re

import pytest

from omm_desktop.endpoints.registry import open_destination
from omm_desktop.model.items import Item
from omm_desktop.model.ports import Refused, Stored
from omm_desktop.model.problem import ProblemId
from tests.servers.scripted import HangUp, ScriptedServer, Step

from .letters import item, letters, put

GREETING = b"* OK The Microsoft Exchange IMAP4 service is ready.\r\n"
ERRORS = 10
SAYS_NOTHING = b"{tag} BAD Command Argument Error 11\r\n"
STORED = b"{tag} OK [APPENDUID 1 7] done\r\n"


class Exchange:
    """Refuses every mail that has the pattern, and hangs up at the tenth refusal in a row."""

    def __init__(self, pattern: bytes, *, literals: bytes = b"LITERAL+") -> None:
        self._pattern = pattern
        self._errors = 0
        self.hung_up = False
        self.refused = 0
        self.steps: list[Step] = [
            (
                rb"CAPABILITY",
                b"* CAPABILITY IMAP4rev1 UIDPLUS " + literals + b"\r\n{tag} OK done\r\n",
            ),
            (rb"LOGIN .*", self._sign_in),
            (rb"APPEND .*", self._append),
        ]

    def _sign_in(self, match: re.Match[bytes]) -> bytes:
        self._errors = 0
        return b"{tag} OK done\r\n"

    def _append(self, match: re.Match[bytes]) -> bytes:
        if not re.search(self._pattern, match[0], re.DOTALL):
            return STORED
        self._errors += 1
        self.refused += 1
        if self._errors >= ERRORS:
            self.hung_up = True
            raise HangUp
        return SAYS_NOTHING


def put_into(exchange: Exchange, *items: Item) -> tuple[dict[str, Stored | Refused], list[bytes]]:
    """The last answer for each key, and the commands the server got."""
    with ScriptedServer(exchange.steps, greeting=GREETING) as server:
        destination = open_destination(server.account.as_account, server.account.secret)
        answers = put(destination, "INBOX", items)
        destination.close()
    return {key: answer for key, (answer, _) in answers.items()}, server.commands


@pytest.mark.parametrize("literals", [b"LITERAL+", b""])
def test_a_new_connection_before_the_tenth_error(literals: bytes) -> None:
    exchange = Exchange(rb"\d*[02468]@example", literals=literals)
    answers, commands = put_into(exchange, *letters(40))
    assert not exchange.hung_up
    assert exchange.refused > 2 * ERRORS
    assert {key for key, answer in answers.items() if isinstance(answer, Stored)} == {
        str(number) for number in range(1, 41, 2)
    }
    signed_in = sum(command.startswith(b"LOGIN") for command in commands)
    signed_out = sum(command == b"LOGOUT" for command in commands)
    assert signed_in == signed_out > 2


def test_a_server_without_refusals_keeps_its_connection() -> None:
    answers, commands = put_into(Exchange(rb"(?!)"), *letters(40))
    assert len(answers) == 40
    assert sum(command.startswith(b"LOGIN") for command in commands) == 1


def test_a_refusal_that_says_nothing_of_a_large_mail_is_about_its_size() -> None:
    large = item("1", b"Subject: x\r\n\r\n" + b"x" * 70 * 150_000 + b"\r\n")
    exchange = Exchange(rb".")
    answers, _ = put_into(exchange, large)
    answer = answers["1"]
    assert isinstance(answer, Refused)
    assert answer.problem.id is ProblemId.ITEM_TOO_BIG
    assert exchange.refused == 1


def test_a_refusal_that_says_nothing_of_long_lines_is_about_these() -> None:
    """No other form is tried before: not without the flags, nor without the date."""
    long = item("1", b"Subject: x\r\n\r\n" + b"y" * 12_000 + b"\r\n", ["\\Seen", "Label"])
    exchange = Exchange(rb"y{9901}")
    answers, _ = put_into(exchange, long)
    assert isinstance(answers["1"], Stored)
    assert exchange.refused == 1
