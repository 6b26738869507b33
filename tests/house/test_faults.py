"""The demo's faults, as a mail program meets them, and as the manual tells of them."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import imapclient
import pytest
from imapclient.exceptions import IMAPClientError

from omm_desktop import app
from omm_desktop.demo import DemoServers, Fault
from omm_desktop.demo.faults import Busy, Full, Slow, Trouble, troubles
from omm_desktop.guide.manual import manual
from omm_desktop.language import LANGUAGES
from omm_desktop.model.account import Account
from omm_desktop.model.secret import Secret

LETTER = b"From: a@exemple.fr\r\nSubject: Lettre\r\n\r\nTexte\r\n"


@contextmanager
def signed_in(account: Account, password: Secret) -> Iterator[imapclient.IMAPClient]:
    with imapclient.IMAPClient(account.server.host, account.server.port, ssl=False) as client:
        client.login(account.login, password.reveal())
        client.select_folder("INBOX", readonly=False)
        yield client


def greeting(account: Account, seconds: float) -> bytes:
    """What a new connection is told first; empty when nothing came within this time."""
    with socket.create_connection((account.server.host, account.server.port)) as guest:
        guest.settimeout(seconds)
        try:
            return guest.recv(64)
        except TimeoutError:
            return b""


def test_without_a_fault_nobody_is_troubled() -> None:
    assert troubles(None) == (Trouble(), Trouble())


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_troubles_somebody(fault: Fault) -> None:
    assert fault.is_told_the_password or troubles(fault) != troubles(None)


@pytest.mark.parametrize("fault", Fault)
def test_the_manual_tells_of_every_fault(fault: Fault) -> None:
    training = manual().chapter("training")
    blocks = [block.words for section in training.sections for block in section.blocks]
    for language in LANGUAGES:
        told = [words.text(language) for words in blocks]
        assert any(text.replace("\u202f", "").startswith(f"`{fault}`:") for text in told), fault


def test_silent_to_the_first_who_comes() -> None:
    with DemoServers(Fault.SILENT) as demo:
        assert greeting(demo.destination, 0.3) == b""
        assert greeting(demo.destination, 10).startswith(b"* OK")
        assert greeting(demo.source, 10).startswith(b"* OK")


def test_slow_at_reading_alone() -> None:
    with DemoServers(Fault.SLOW) as demo, signed_in(demo.source, demo.password) as client:
        before = time.monotonic()
        client.fetch([1], ["FLAGS"])
        assert time.monotonic() - before >= Slow().seconds


def test_busy_for_a_while() -> None:
    with DemoServers(Fault.BUSY) as demo, signed_in(demo.destination, demo.password) as client:
        said = []
        for _ in range(Busy().after + Busy().times + 1):
            try:
                client.append("INBOX", LETTER)
            except IMAPClientError as error:
                said.append(str(error))
        assert len(said) == Busy().times
        assert all("[UNAVAILABLE]" in text for text in said)
        assert client.folder_status("INBOX", ["MESSAGES"])[b"MESSAGES"] == Busy().after + 1


def test_full_until_somebody_buys_more() -> None:
    with DemoServers(Fault.FULL) as demo, signed_in(demo.destination, demo.password) as client:
        for _ in range(Full().room):
            client.append("INBOX", LETTER)
        for _ in range(2):
            with pytest.raises(IMAPClientError, match="OVERQUOTA"):
                client.append("INBOX", LETTER)


def test_the_password_that_is_typed_does_not_fit_and_the_spoken_one_does() -> None:
    with DemoServers(Fault.APP_PASSWORD) as demo:
        with (
            pytest.raises(IMAPClientError, match="Application-specific"),
            signed_in(demo.source, demo.typed),
        ):
            pass
        with signed_in(demo.source, Secret("demo")):
            pass


def test_an_unknown_fault_names_those_that_are_known(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        app.window(["--demo=fire"])
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "fire" in told
    assert all(fault in told for fault in Fault)
