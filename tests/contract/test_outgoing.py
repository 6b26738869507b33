"""One short mail through outgoing servers as they are, good and bad."""

from __future__ import annotations

import ssl
from email.message import EmailMessage

import pytest

from omm_desktop import notices
from omm_desktop.endpoints import outgoing
from omm_desktop.language import Language, set_language
from omm_desktop.model.account import Security, Server
from omm_desktop.model.plan import Notices
from omm_desktop.model.problem import OmmError, Place, ProblemId
from omm_desktop.model.report import Grade
from omm_desktop.model.secret import Secret
from tests.servers.certificates import Authority
from tests.servers.line_server import LineServer
from tests.servers.smtp_server import SmtpServer
from tests.unit.reports import report

LOGIN, PASSWORD = "moi@exemple.fr", Secret("pâsse \"mot' \\")


def mail(to: str = "ailleurs@exemple.net") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = LOGIN, to, "Essai"
    message.set_content("Tout va bien.\n")
    return message


@pytest.fixture
def trusting(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority.path))


def server(security: Security, authority: Authority, **more: object) -> SmtpServer:
    return SmtpServer(security, authority.good(), LOGIN, PASSWORD.reveal(), **more)  # type: ignore[arg-type]


def signing_in_by(ways: bytes) -> LineServer:
    """A server in plain text that offers nothing else."""
    ehlo = b"250-there\r\n250 AUTH %b\r\n" % ways
    answers = {b"EHLO": ehlo, b"ehlo": ehlo, b"quit": b"221 bye\r\n"}
    return LineServer(b"220 there ESMTP\r\n", answers)


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_protected_server_takes_it_after_a_sign_in(
    authority: Authority, trusting: ssl.SSLContext, security: Security
) -> None:
    with server(security, authority) as there:
        outgoing.send(mail(), there.server(), LOGIN, PASSWORD, ssl_context=trusting)
    (taken,) = there.taken
    assert (taken["Subject"], taken.get_content().strip()) == ("Essai", "Tout va bien.")


def test_on_this_computer_it_may_go_unprotected_and_without_a_sign_in() -> None:
    with SmtpServer(Security.NONE) as there:
        outgoing.send(mail(), there.server(), LOGIN, PASSWORD)
    assert len(there.taken) == 1


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_wrong_password_and_a_stranger_are_told_apart(
    authority: Authority, trusting: ssl.SSLContext, security: Security
) -> None:
    with server(security, authority) as there:
        with pytest.raises(OmmError) as refused:
            outgoing.send(mail(), there.server(), LOGIN, Secret("faux"), ssl_context=trusting)
        with pytest.raises(OmmError) as stranger:
            outgoing.send(mail(), there.server(), LOGIN, PASSWORD)
    assert refused.value.problem.id is ProblemId.SIGN_IN_REFUSED
    assert refused.value.problem.place is Place.DESTINATION
    assert stranger.value.problem.id is ProblemId.CERTIFICATE_UNTRUSTED
    assert there.taken == []


def test_without_starttls_no_password_is_sent(authority: Authority) -> None:
    with signing_in_by(b"PLAIN LOGIN") as there:
        where = Server("localhost", there.port, Security.STARTTLS)
        with pytest.raises(OmmError) as refused:
            outgoing.send(mail(), where, LOGIN, PASSWORD)
    assert refused.value.problem.id is ProblemId.ENCRYPTION_MISSING
    assert not any(b"AUTH" in line for line in there.heard)


def test_nothing_leaves_this_computer_unprotected() -> None:
    with pytest.raises(OmmError) as refused:
        outgoing.send(mail(), Server("192.0.2.1", 25, Security.NONE), LOGIN, PASSWORD)
    assert refused.value.problem.id is ProblemId.ENCRYPTION_MISSING


def test_a_server_that_knows_another_way_to_sign_in_alone() -> None:
    with signing_in_by(b"XOAUTH2") as there:
        where = Server("localhost", there.port, Security.NONE)
        with pytest.raises(OmmError) as refused:
            outgoing.send(mail(), where, LOGIN, PASSWORD)
    assert refused.value.problem.id is ProblemId.SIGN_IN_METHOD_UNAVAILABLE


def test_a_silent_server_takes_as_long_as_it_may_and_no_longer() -> None:
    with LineServer(b"") as there:
        where = Server("localhost", there.port, Security.NONE)
        with pytest.raises(OmmError) as silent:
            outgoing.send(mail(), where, LOGIN, PASSWORD, seconds=0.2)
    assert silent.value.problem.id is ProblemId.SERVER_SILENT


def test_a_refused_recipient_is_told_in_the_servers_words() -> None:
    with (
        SmtpServer(Security.NONE, refused=frozenset({"personne@exemple.net"})) as there,
        pytest.raises(OmmError) as refused,
    ):
        outgoing.send(mail("personne@exemple.net"), there.server(), LOGIN, PASSWORD)
    assert refused.value.problem.id is ProblemId.NOTICE_NOT_SENT
    assert "is not known here" in refused.value.problem.detail


def test_a_password_that_was_corrected_meanwhile_serves_the_mails_as_well(
    authority: Authority, trusting: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "default_context", lambda: trusting)
    with server(Security.TLS, authority) as there:
        told = Notices("ailleurs@exemple.net", there.server(), LOGIN, LOGIN)
        mails = notices.NoticeMails(told, Secret("ancien"))
        mails.use(PASSWORD)
        assert mails.conclude(report(Grade.COMPLETE)) is None
    assert len(there.taken) == 1


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("fr", "OMM Desktop\u202f: un essai"),
        ("en", "OMM Desktop: a trial"),
        ("de", "OMM Desktop: ein Test"),
    ],
)
def test_a_trial_in_every_language(language: Language, subject: str) -> None:
    set_language(language)
    with SmtpServer(Security.NONE) as there:
        told = Notices("ailleurs@exemple.net", there.server(), LOGIN, LOGIN)
        notices.trial(told, PASSWORD)
    (taken,) = there.taken
    assert (taken["Subject"], taken["To"]) == (subject, "ailleurs@exemple.net")
    assert taken["Auto-Submitted"] == "auto-generated"
