"""The servers are what the other tests believe them to be."""

from __future__ import annotations

import imaplib
import socket
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from .account import TestAccount
from .certificates import Authority, ServerCertificate
from .corpus import mailbox_of, split_mbox
from .cyrus import Cyrus, CyrusOptions
from .dovecot import Dovecot, DovecotOptions
from .fixtures import NewUser
from .mailbox import MailFolder, Message, Snapshot, compare, load, snapshot, subscriptions
from .pymap_server import PymapServer
from .relay import Relay, Traffic
from .scripted import ScriptedServer, Step, hang_up, stay_silent

WHEN = datetime(2003, 2, 1, 4, 5, 6, tzinfo=timezone(timedelta(hours=-7)))
LETTER = b"From: a@example.test\r\nSubject: One\r\n\r\nBody\r\n"
MAILBOX = [
    MailFolder(("INBOX",), [Message(LETTER, frozenset({"\\Seen", "$Forwarded"}), WHEN)] * 2),
    MailFolder(("Büro", "会議"), [Message(LETTER + b"\0", frozenset({"\\Flagged"}), WHEN)]),
    MailFolder(("Vide",), [], subscribed=False),
]


def test_what_is_loaded_comes_back(old_account: TestAccount) -> None:
    assert load(old_account, MAILBOX) == []
    found = snapshot(old_account)
    assert {path: len(messages) for path, messages in found.items() if path != ("Büro",)} == {
        ("INBOX",): 2,
        ("Büro", "会議"): 1,
        ("Vide",): 0,
    }
    assert found["INBOX",][0].flags == {"\\seen", "$forwarded"}
    assert found["INBOX",][0].received == WHEN.astimezone(UTC)
    assert subscriptions(old_account) == {("INBOX",), ("Büro", "会議")}


def test_compare_finds_every_kind_of_difference(
    old_account: TestAccount, new_account: TestAccount
) -> None:
    load(old_account, MAILBOX)
    other = Message(LETTER + b"changed", frozenset(), WHEN)
    load(
        new_account,
        [
            MailFolder(("INBOX",), [Message(LETTER, frozenset({"\\Seen"}), WHEN), other]),
            MailFolder(("Büro", "会議"), MAILBOX[1].messages),
            MailFolder(("Surplus",)),
        ],
    )
    before = snapshot(old_account)
    differences = compare(before, snapshot(new_account))
    assert [text.split(":")[0:2] for text in differences] == [
        ["INBOX", " flags or date differ"],
        ["INBOX", " missing or changed"],
        ["INBOX", " not expected"],
        ["Surplus", " folder not expected (0 messages)"],
        ["Vide", " folder missing (0 messages)"],
    ]
    assert compare(before, before) == []


def test_compare_follows_the_mapping() -> None:
    source: Snapshot = {("Sent",): [], ("Old",): []}
    assert compare(source, {("Envoyés",): []}, dict.fromkeys(source, ("Envoyés",))) == []


def test_reading_changes_nothing_and_is_recorded(
    dovecot: Dovecot, old_account: TestAccount
) -> None:
    load(old_account, MAILBOX)
    loaded = len(dovecot.commands(old_account.login))
    assert snapshot(old_account) == snapshot(old_account)
    verbs = {line.split()[1] for line in dovecot.commands(old_account.login)[loaded:] if line}
    assert "EXAMINE" in verbs
    assert not verbs & {"SELECT", "STORE"}


def test_dovecot_refuses_a_wrong_password_at_once(old_account: TestAccount) -> None:
    wrong = TestAccount(old_account.host, old_account.port, old_account.login, "wrong")
    for _ in range(3):
        with pytest.raises(LoginError), wrong.client():
            pass
    with old_account.client():
        pass


def test_dovecot_says_overquota(new_dovecot_user: NewUser) -> None:
    full = new_dovecot_user(quota_kib=20)
    big = Message(LETTER + b"x" * 30_000)
    refused = load(full, [MailFolder(("INBOX",), [Message(LETTER), big])])
    assert [one.message for one in refused] == [big]
    assert refused[0].answer.startswith("[OVERQUOTA]")


def test_dovecot_can_hide_capabilities_and_restart(
    start_dovecot: Callable[[DovecotOptions], Dovecot],
) -> None:
    server = start_dovecot(DovecotOptions(capability="IMAP4rev1 UIDPLUS NAMESPACE CHILDREN"))
    account = server.add_user("someone")
    assert load(account, MAILBOX) == []
    before = snapshot(account)
    with account.client() as client:
        assert not client.has_capability("MULTIAPPEND")
        assert not client.has_capability("LITERAL+")
    server.restart(DovecotOptions(read_only=True))
    assert snapshot(account) == before
    with account.client() as client:
        assert client.has_capability("MULTIAPPEND")
    with pytest.raises(imaplib.IMAP4.readonly), account.client() as client:
        client.select_folder("INBOX")


def test_dovecot_has_namespaces_and_special_folders(
    start_dovecot: Callable[[DovecotOptions], Dovecot],
) -> None:
    server = start_dovecot(
        DovecotOptions(prefix="INBOX/", separator="/", special_folders={"Gesendet": "\\Sent"})
    )
    account = server.add_user("someone")
    load(account, [MailFolder(("A", "B"), [Message(LETTER)])])
    assert len(snapshot(account)["A", "B"]) == 1
    with account.client() as client:
        assert client.namespace().personal == (("INBOX/", "/"),)
        assert client.find_special_folder(b"\\Sent") == "INBOX/Gesendet"


def test_dovecot_limits_connections(start_dovecot: Callable[[DovecotOptions], Dovecot]) -> None:
    account = start_dovecot(DovecotOptions(connections=1)).add_user("someone")
    with account.client(), pytest.raises(LoginError, match="Maximum number"), account.client():
        pass


def test_certificates_are_good_and_bad(
    dovecot: Dovecot,
    start_dovecot: Callable[[DovecotOptions], Dovecot],
    authority: Authority,
    other_authority: Authority,
) -> None:
    def reason(server: Dovecot) -> str:
        context = ssl.create_default_context(cafile=str(authority.path))
        with socket.create_connection((server.host, server.tls_port), 5) as connection:
            secured = context.wrap_socket(
                connection, server_hostname="localhost", do_handshake_on_connect=False
            )
            try:
                with secured:
                    secured.do_handshake()
                    return "" if secured.recv(4) == b"* OK" else "no greeting"
            except ssl.SSLCertVerificationError as error:
                return str(error.verify_message)

    def bad(certificate: ServerCertificate) -> str:
        return reason(start_dovecot(DovecotOptions(certificate=certificate)))

    assert reason(dovecot) == ""
    assert "expired" in bad(authority.expired())
    assert "not valid for 'localhost'" in bad(authority.wrong_name())
    assert "unable to get local issuer" in bad(other_authority.good())


def test_cyrus_stores_and_refuses(new_cyrus_user: NewUser) -> None:
    account = new_cyrus_user()
    refused = load(account, [*MAILBOX, MailFolder(("Bare",), [Message(b"A: b\n\n")])])
    assert [(one.path, one.answer) for one in refused] == [
        (("Büro", "会議"), "Message contains NUL characters"),
        (("Bare",), "Message contains bare newlines"),
    ]
    assert len(snapshot(account)["INBOX",]) == 2
    with account.client() as client:
        assert client.has_capability("LITERAL+")
        assert client.has_capability("MULTIAPPEND")


def test_cyrus_says_over_quota_without_a_code(new_cyrus_user: NewUser) -> None:
    big = Message(LETTER + b"x\r\n" * 10_000)
    refused = load(new_cyrus_user(quota_kib=20), [MailFolder(("INBOX",), [big])])
    assert [one.answer for one in refused] == ["Over quota"]


def test_cyrus_can_hide_capabilities_and_use_inbox_as_prefix(
    needs_cyrus: None,
) -> None:
    options = CyrusOptions(
        hidden=("LITERAL+", "MULTIAPPEND"),
        internal_namespace=True,
        special_folders={"Gesendet": "\\Sent"},
    )
    with Cyrus(options) as server:
        account = server.add_user("someone")
        load(account, [MailFolder(("A", "B"), [Message(LETTER)])])
        before = snapshot(account)
        assert len(before["A", "B"]) == 1
        with account.client() as client:
            assert client.namespace().personal == (("INBOX.", "."),)
            assert not client.has_capability("MULTIAPPEND")
            assert any(b"\\sent" in flags for flags, _, _ in client.list_folders())
        server.restart()
        assert snapshot(account) == before


def test_courier_has_few_extensions_and_keeps_nul(new_courier_user: NewUser) -> None:
    account = new_courier_user()
    assert load(account, MAILBOX) == []
    assert len(snapshot(account)["Büro", "会議"]) == 1
    with account.client() as client:
        assert not client.has_capability("MULTIAPPEND")
        assert not client.has_capability("LITERAL+")
        assert client.namespace().personal == (("INBOX.", "."),)


def test_pymap_stores_and_gives_back(pymap: PymapServer) -> None:
    folders = [MailFolder(("INBOX",), MAILBOX[0].messages), MailFolder(("Büro", "会議"))]
    assert load(pymap.account, folders) == []
    found = snapshot(pymap.account)
    assert [message.received for message in found["INBOX",]] == [WHEN.astimezone(UTC)] * 2
    assert ("Büro", "会議") in found


def test_the_collection_fits_into_dovecot(
    corpus: list[Message], old_account: TestAccount, new_account: TestAccount
) -> None:
    mailbox = mailbox_of(corpus)
    assert load(old_account, mailbox) == []
    assert load(new_account, mailbox_of(corpus)) == []
    found = snapshot(old_account)
    assert sum(map(len, found.values())) == len(corpus) + 12
    assert compare(found, snapshot(new_account)) == []
    assert max(Counter(found["Peculiar",]).values()) == 2


def test_mbox_is_split_and_unquoted() -> None:
    content = b"From a\nS: 1\n\n>From here\nFrom there\n\nFrom b\nS: 2\n\nend\n"
    assert list(split_mbox(content)) == [
        b"S: 1\n\nFrom here\nFrom there\n",
        b"S: 2\n\nend\n",
    ]


BROKEN = (imaplib.IMAP4.abort, OSError)


def test_scripted_server_answers_hangs_up_and_falls_silent() -> None:
    steps: list[Step] = [
        (rb"NOOP", b"{tag} NO [UNAVAILABLE] later\r\n"),
        (rb"SELECT .*", hang_up),
        (rb"STATUS .*", stay_silent),
    ]
    with ScriptedServer(steps, once=[(rb"APPEND .*", b"{tag} NO full\r\n")]) as server:
        with server.account.client() as client:
            assert client._imap.noop() == ("NO", [b"[UNAVAILABLE] later"])
            assert client._imap.append("A", "", None, b"text") == ("NO", [b"full"])
            assert client._imap.append("A", "", None, b"text")[0] == "OK"
        assert server.commands.count(b"APPEND A {4}\r\ntext") == 2
        with pytest.raises(BROKEN), server.account.client() as client:
            client.select_folder("INBOX")
        with pytest.raises(TimeoutError), impatient(server.account) as client:
            client.folder_status("INBOX")


@contextmanager
def impatient(account: TestAccount) -> Iterator[IMAPClient]:
    with account.client() as client:
        client.socket().settimeout(0.05)
        yield client


@pytest.fixture
def relay(dovecot: Dovecot) -> Iterator[Relay]:
    with Relay(dovecot.port) as running:
        yield running


def test_relay_passes_everything_on(relay: Relay, old_account: TestAccount) -> None:
    load(old_account, MAILBOX)
    before = snapshot(old_account)
    assert snapshot(old_account.through(relay.port)) == before
    traffic = relay.traffic()
    assert traffic.connections == 1
    assert traffic.down > 500


def test_relay_is_late_and_slow(relay: Relay, old_account: TestAccount) -> None:
    with old_account.through(relay.port).client() as client:
        relay.change(rtt=0.1)
        # The quickest of several: the machine may have other work, the line has none.
        assert 0.1 <= min(seconds(client.noop) for _ in range(5)) < 2
        relay.change(rtt=0, speed=100_000)
        letters = [LETTER + b"x" * 30_000]
        assert 0.25 <= min(seconds(client.multiappend, "INBOX", letters) for _ in range(3)) < 3


def seconds(call: Callable[..., object], *arguments: object) -> float:
    began = time.monotonic()
    call(*arguments)
    return time.monotonic() - began


def test_relay_cuts_at_the_very_byte(relay: Relay, old_account: TestAccount) -> None:
    with pytest.raises(BROKEN), old_account.through(relay.port).client() as client:
        append_through_a_cut(relay, client)
    assert len(snapshot(old_account)["INBOX",]) == 0


def append_through_a_cut(relay: Relay, client: IMAPClient) -> None:
    before = relay.traffic()
    relay.cut_after(1000, "up")
    try:
        client.multiappend("INBOX", [LETTER + b"x" * 30_000])
    finally:
        assert relay.traffic() == Traffic(1, before.up + 1000, before.down)


def test_relay_kills_refuses_and_recovers(relay: Relay, old_account: TestAccount) -> None:
    through = old_account.through(relay.port)
    with pytest.raises(BROKEN), through.client() as client:
        kill_and_ask(relay, client)
    relay.change(refusing=True)
    with pytest.raises(BROKEN), through.client():
        pass
    relay.change(refusing=False)
    with through.client() as client:
        assert client.folder_status("INBOX")[b"MESSAGES"] == 0


def kill_and_ask(relay: Relay, client: IMAPClient) -> None:
    relay.kill()
    client.noop()
