"""`omm-desktop settings`: a table, one service, near ids, JSON; never a traceback."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from omm_desktop import language
from omm_desktop.cli import main as command_line
from omm_desktop.cli.main import is_command, main
from omm_desktop.cli.migrate import Console
from omm_desktop.cli.services import Services
from omm_desktop.guide.providers import providers
from omm_desktop.language import Language


class NoServices:
    """The reference needs no copy."""

    open_migration = None


def run(
    monkeypatch: pytest.MonkeyPatch, *arguments: str, speaks: Language = "en"
) -> tuple[int, str, str]:
    monkeypatch.setattr(command_line, "system_language", lambda: speaks)
    out, err = io.StringIO(), io.StringIO()
    services: Services = NoServices()  # type: ignore[assignment]
    status = main(["settings", *arguments], services, Console(io.StringIO(), out, err))
    return status, out.getvalue(), err.getvalue()


def test_without_an_id_all_services_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, err = run(monkeypatch)
    lines = out.splitlines()
    assert (status, err) == (0, "")
    assert [line.split()[0] for line in lines] == [one.id for one in providers().services]
    assert lines[0].endswith("OVHcloud MX Plan (Europe)")


def test_the_list_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, _ = run(monkeypatch, "--json")
    assert status == 0
    assert json.loads(out)[4] == {
        "id": "ovh-emailpro",
        "name": {"fr": "OVHcloud E-mail Pro", "en": "OVHcloud Email Pro"},
    }


def test_one_service_in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, _ = run(monkeypatch, "ovh-mxplan-eu", speaks="fr")
    assert status == 0
    for expected in (
        "Courrier entrant", "Courrier sortant", "Méthode de chiffrement", "imap.mail.ovh.net",
        "ssl0.ovh.net", "pop.mail.ovh.net", "smtp.mail.ovh.net", "993", "995", "465",
        "16 février 2024", "21 novembre 2026", "Paramètres du serveur", "SPA",
    ):  # fmt: skip
        assert expected in out, expected
    assert language.current() == "fr"


def test_what_is_inferred_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    _, out, _ = run(monkeypatch, "ionos-fr")
    assert "Server: smtp.ionos.fr (inferred)" in out
    assert "Server: imap.ionos.fr\n" in out


def test_how_to_get_an_app_password_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    _, out, _ = run(monkeypatch, "gmail", speaks="fr")
    assert "Comment l’obtenir" in out
    assert "myaccount.google.com/apppasswords" in out


@pytest.mark.parametrize("service", providers().services, ids=lambda one: one.id)
def test_every_service_as_text_and_as_json(
    service: object, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    id = request.node.callspec.id
    for speaks in language.LANGUAGES:
        status, out, err = run(monkeypatch, id, speaks=speaks)
        assert (status, err) == (0, "")
        assert f"[{id}]" in out
    status, out, _ = run(monkeypatch, id, "--json")
    told = json.loads(out)
    known = providers().by_id(id)
    assert status == 0
    assert told["id"] == id
    assert [one["host"] for one in told["imap"]] == [server.host for server in known.imap]
    has = [name for name in ("imap", "pop", "smtp", "ews") if told[name]]
    assert all(told["origins"][name]["source"]["name"]["fr"] for name in has)


def test_an_unknown_id_offers_near_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, err = run(monkeypatch, "ovh-mxplna-eu")
    assert (status, out) == (2, "")
    assert "ovh-mxplan-eu" in err


def test_nonsense_is_refused_shortly(monkeypatch: pytest.MonkeyPatch) -> None:
    status, _, err = run(monkeypatch, "xqzw")
    assert status == 2
    assert "Did you mean" not in err


def test_the_command_is_not_the_window() -> None:
    assert is_command(["settings"])


def test_a_reader_that_has_seen_enough_ends_it_quietly() -> None:
    command = [sys.executable, "-m", "omm_desktop", "settings", "gmail", "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()
        assert process.wait() == 0
    assert err == b""
