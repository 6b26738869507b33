"""Signing in, folders, access, versions, Autodiscover, limits and faults of the EWS server."""

from __future__ import annotations

import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
import requests
from exchangelib import (
    BASIC,
    IMPERSONATION,
    Account,
    Configuration,
    Credentials,
    Folder,
    Message,
)
from exchangelib.autodiscover.protocol import AutodiscoverProtocol
from exchangelib.errors import (
    ErrorAccessDenied,
    ErrorFolderExists,
    ErrorImpersonateUserDenied,
    ErrorInvalidSyncStateData,
    ErrorNonExistentMailbox,
    UnauthorizedError,
)
from exchangelib.folders import Calendar, Contacts, Tasks

from .certificates import Authority
from .ews import EXCHANGE_2010, EXCHANGE_2013, EXCHANGE_SE, EwsServer
from .ews.client import account, ask
from .ews.versions import ExchangeVersion

ANNA = "anna@exchange.test"
BOB = "bob@exchange.test"
POX = """<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
<Request><EMailAddress>{}</EMailAddress><AcceptableResponseSchema>x</AcceptableResponseSchema></Request>
</Autodiscover>"""
_names = count()


def save(anna: Account) -> Message:
    name = f"message {next(_names)}"
    message: Message = Message(account=anna, folder=anna.inbox, subject=name, body="b").save()
    return message


def subfolder(parent: Folder, name: str, **more: object) -> Folder:
    folder: Folder = Folder(parent=parent, name=name, **more).save()
    return folder


# Signing in


def test_a_wrong_password_is_refused(exchange: EwsServer) -> None:
    with account(exchange, ANNA, password="wrong") as anna, pytest.raises(UnauthorizedError):
        anna.inbox.refresh()
    assert exchange.journal.entries[-1].status == 401


@pytest.mark.parametrize("login", [ANNA, ANNA.upper(), f"EXCHANGE\\{ANNA}", "EXCHANGE\\anna"])
def test_forms_of_a_login(exchange: EwsServer, login: str) -> None:
    with account(exchange, ANNA, login=login) as anna:
        assert anna.inbox.name == "Inbox"


def test_the_way_to_sign_in_is_found(exchange: EwsServer) -> None:
    with account(exchange, ANNA, auth_type=None) as anna:
        assert anna.inbox.name == "Inbox"
        assert anna.protocol.auth_type == BASIC


def test_another_way_to_sign_in_is_offered(exchange: EwsServer) -> None:
    exchange.schemes = ("Negotiate", "NTLM", 'Basic realm="x"')
    answer = requests.post(exchange.url, data=b"", timeout=5)
    assert answer.headers["WWW-Authenticate"].startswith("Negotiate, NTLM, Basic")


def test_passwords_are_not_in_the_journal(exchange: EwsServer, anna: Account) -> None:
    anna.inbox.refresh()
    assert exchange.journal.entries[-1].user == ANNA
    assert all("Authorization" not in entry.headers for entry in exchange.journal.entries)


def test_tls_with_the_authority_of_the_tests(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EwsServer(authority.good()) as server:
        server.add_mailbox(ANNA)
        assert server.url.startswith("https://localhost:")
        options = {"auth": (ANNA, "secret"), "timeout": 5, "data": b"<x/>"}
        answer = requests.post(server.url, verify=str(authority.path), **options)
        assert answer.status_code == 400
        with pytest.raises(requests.exceptions.SSLError):
            requests.post(server.url, **options)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.path))
        with account(server, ANNA) as anna:
            assert anna.inbox.name == "Inbox"


# Versions


@pytest.mark.parametrize("version", [EXCHANGE_2010, EXCHANGE_2013, EXCHANGE_SE])
def test_the_version_is_found_out(version: ExchangeVersion) -> None:
    with EwsServer(version=version) as server:
        server.add_mailbox(ANNA)
        with account(server, ANNA) as anna:
            build = anna.version.build
            assert (build.major_version, build.minor_version) == version.build[:2]
            assert anna.inbox.name == "Inbox"
            save(anna)
            assert anna.inbox.all().count() == 1


# Folders


def test_the_tree(anna: Account) -> None:
    top = anna.root.tois
    assert {folder.name for folder in top.children} >= {"Inbox", "Sent Items", "Calendar"}
    assert isinstance(anna.calendar, Calendar)
    assert isinstance(anna.contacts, Contacts)
    assert isinstance(anna.tasks, Tasks)


def test_names_with_slashes_and_accents(exchange: EwsServer, anna: Account) -> None:
    outer = subfolder(anna.inbox, "a/b")
    subfolder(outer, "Été 日本")
    mailbox = exchange.store.mailbox(ANNA)
    assert mailbox.distinguished("inbox").at("a/b", "Été 日本").folder_class == "IPF.Note"
    found = anna.inbox.walk()
    assert {folder.name for folder in found} == {"a/b", "Été 日本"}


def test_a_name_is_taken_once_whatever_its_case(anna: Account) -> None:
    subfolder(anna.inbox, "Work")
    with pytest.raises(ErrorFolderExists):
        subfolder(anna.inbox, "WORK")


def test_classes_of_folders(exchange: EwsServer, anna: Account) -> None:
    Calendar(parent=anna.calendar, name="Team").save()
    Contacts(parent=anna.contacts, name="Clients").save()
    subfolder(anna.inbox, "Yellow", folder_class="IPF.StickyNote")
    mailbox = exchange.store.mailbox(ANNA)
    assert mailbox.distinguished("inbox").at("Yellow").folder_class == "IPF.StickyNote"
    assert mailbox.distinguished("calendar").at("Team").folder_class == "IPF.Appointment"
    assert mailbox.distinguished("contacts").at("Clients").folder_class == "IPF.Contact"


def test_folders_are_renamed_and_deleted(anna: Account) -> None:
    folder = subfolder(anna.inbox, "Old")
    folder.name = "New"
    folder.save(update_fields=["name"])
    anna.root.clear_cache()
    assert [one.name for one in anna.inbox.children] == ["New"]
    folder.delete()
    anna.root.clear_cache()
    assert list(anna.inbox.children) == []


def test_counts(anna: Account) -> None:
    save(anna)
    message = save(anna)
    message.is_read = True
    message.save(update_fields=["is_read"])
    anna.inbox.refresh()
    assert (anna.inbox.total_count, anna.inbox.unread_count) == (2, 1)


def test_the_tree_is_followed(anna: Account) -> None:
    top = anna.root.tois
    assert {verb for verb, _ in top.sync_hierarchy()} == {"create"}
    folder = subfolder(anna.inbox, "New")
    assert [(verb, one.name) for verb, one in top.sync_hierarchy()] == [("create", "New")]
    folder.delete()
    assert [verb for verb, _ in top.sync_hierarchy()] == ["delete"]
    with pytest.raises(ErrorInvalidSyncStateData):
        list(top.sync_hierarchy(sync_state="bogus"))


# Other people's mailboxes


def test_a_delegate_opens_what_is_allowed(exchange: EwsServer) -> None:
    exchange.add_mailbox(BOB)
    with account(exchange, BOB, login=ANNA) as bob, pytest.raises(ErrorAccessDenied):
        save(bob)
    exchange.allow(ANNA, BOB)
    with account(exchange, BOB, login=ANNA) as bob:
        save(bob)
    assert len(exchange.store.mailbox(BOB).distinguished("inbox").items) == 1
    assert len(exchange.store.mailbox(ANNA).distinguished("inbox").items) == 0


def test_a_mailbox_that_is_not_there(exchange: EwsServer) -> None:
    with (
        account(exchange, "nobody@exchange.test", login=ANNA) as nobody,
        pytest.raises(ErrorNonExistentMailbox),
    ):
        save(nobody)


def test_an_administrator_acts_as_another(exchange: EwsServer) -> None:
    exchange.add_mailbox(BOB)
    with (
        account(exchange, BOB, login=ANNA, access=IMPERSONATION) as bob,
        pytest.raises(ErrorImpersonateUserDenied),
    ):
        save(bob)
    exchange.allow_impersonation(ANNA)
    with account(exchange, BOB, login=ANNA, access=IMPERSONATION) as bob:
        save(bob)
    assert len(exchange.store.mailbox(BOB).distinguished("inbox").items) == 1
    with (
        account(exchange, "nobody@exchange.test", login=ANNA, access=IMPERSONATION) as nobody,
        pytest.raises(ErrorNonExistentMailbox),
    ):
        save(nobody)


def test_two_mailboxes_are_open_side_by_side(exchange: EwsServer, anna: Account) -> None:
    exchange.add_mailbox(BOB)
    with account(exchange, BOB) as bob:
        save(anna)
        save(bob)
        assert (anna.inbox.all().count(), bob.inbox.all().count()) == (1, 1)
    save(anna)
    assert anna.inbox.all().count() == 2


def test_names_are_resolved(exchange: EwsServer, anna: Account) -> None:
    exchange.add_mailbox(BOB, name="Robert Martin")
    assert anna.protocol.version
    (found,) = anna.protocol.resolve_names(["martin"])
    assert found.email_address == BOB


def test_time_zones_are_listed(anna: Account) -> None:
    names = {zone.id for zone in anna.protocol.get_timezones()}
    assert {"Romance Standard Time", "UTC"} <= names


# Autodiscover


def test_autodiscover_by_soap(exchange: EwsServer) -> None:
    protocol = AutodiscoverProtocol(
        Configuration(
            service_endpoint=f"{exchange.root}/autodiscover/autodiscover.svc",
            credentials=Credentials(ANNA, "secret"),
            auth_type=BASIC,
        )
    )
    try:
        settings = protocol.get_user_settings(user=ANNA)
        assert settings.autodiscover_smtp_address == ANNA
        assert settings.ews_url == exchange.url
        assert protocol.get_user_settings(user="nobody@x.test").error_code == "InvalidUser"
        exchange.store.redirects = {BOB: "bob@other.test"}
        assert protocol.get_user_settings(user=BOB).redirect_address == "bob@other.test"
    finally:
        protocol.close()


def test_autodiscover_by_pox(exchange: EwsServer) -> None:
    url = f"{exchange.root}/Autodiscover/Autodiscover.xml"
    options = {"auth": (ANNA, "secret"), "timeout": 5}
    known = requests.post(url, data=POX.format(ANNA).encode(), **options)
    assert f"<EwsUrl>{exchange.url}</EwsUrl>" in known.text
    unknown = requests.post(url, data=POX.format("nobody@x.test").encode(), **options)
    assert "<ErrorCode>500</ErrorCode>" in unknown.text
    assert requests.post(url, data=b"<x/>", timeout=5).status_code == 401


def test_autodiscover_leads_elsewhere(exchange: EwsServer) -> None:
    exchange.store.redirects = {ANNA: "anna@other.test", BOB: "https://other.test/x.xml"}
    url = f"{exchange.root}/autodiscover/autodiscover.xml"
    options = {"auth": (ANNA, "secret"), "timeout": 5}
    to_address = requests.post(url, data=POX.format(ANNA).encode(), **options).text
    assert "<Action>redirectAddr</Action><RedirectAddr>anna@other.test<" in to_address
    to_url = requests.post(url, data=POX.format(BOB).encode(), **options).text
    assert "<Action>redirectUrl</Action><RedirectUrl>https://other.test/x.xml<" in to_url
    exchange.discovered_elsewhere = "https://other.test/y.xml"
    answer = requests.get(url, allow_redirects=False, timeout=5)
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://other.test/y.xml")


def test_it_runs_as_a_process_of_its_own() -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.servers.ews", ANNA],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        url = child.stdout.readline().strip()
        assert ask(url, ANNA).status_code == 200
        child.communicate()
    assert child.returncode == 0
