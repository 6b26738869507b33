"""Rules and the out-of-office reply in every written report, and on the pages."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from omm_desktop import language
from omm_desktop.cli.summary import summary
from omm_desktop.language import set_language
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.report import Fate, Grade, SettingResult
from omm_desktop.model.settings import SettingKind
from omm_desktop.report.as_csv import as_csv
from omm_desktop.report.as_html import as_html
from omm_desktop.report.as_json import as_json
from omm_desktop.report.headline import headline
from omm_desktop.report.setting_words import fate_words, setting_line
from omm_desktop.store import report_json
from omm_desktop.support.catalogue import catalogue
from omm_desktop.wizard.present.result import result

from .reports import failed_item, report

explain = catalogue().entry
GONE = Problem(ProblemId.RULE_FOLDER_MISSING, Place.DESTINATION, "", "Clients/2019")
OFF = Problem(ProblemId.REPLY_SWITCHED_OFF, Place.DESTINATION, "on")
SETTINGS = (
    SettingResult(SettingKind.OUT_OF_OFFICE, "", Fate.SWITCHED_OFF, OFF),
    SettingResult(SettingKind.RULES, "=rule <b>", Fate.MISSING, GONE),
    SettingResult(SettingKind.RULES, "plain", Fate.COPIED),
)
REPORT = replace(report(failed=()), settings=SETTINGS)


@pytest.fixture(autouse=True)
def _french() -> Iterator[None]:
    before = language.current()
    set_language("fr")
    yield
    set_language(before)


def test_json() -> None:
    settings = json.loads(as_json(REPORT, explain))["settings"]
    assert [(one["kind"], one["name"], one["fate"]) for one in settings] == [
        ("out-of-office", "", "switched-off"),
        ("rules", "=rule <b>", "missing"),
        ("rules", "plain", "copied"),
    ]
    assert (settings[1]["code"], settings[1]["concerns"]) == ("28-35", "Clients/2019")
    assert "code" not in settings[2]


def test_csv() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(REPORT, explain).decode("utf-8-sig")), delimiter=";"))
    assert len({len(row) for row in rows}) == 1
    about = [row for row in rows if row[0] == "réglage"]
    assert [row[3:6] for row in about] == [["1", "0", "0"], ["0", "0", "1"], ["1", "0", "0"]]
    assert [row[7] for row in about] == ["28-43", "28-35", ""]
    assert about[1][1] == "Règle «\u202f=rule <b>\u202f»"
    assert about[2][8] == "copiée"
    assert "Clients/2019" in about[1][-1]


def test_html_holds_whatever_a_rule_is_called() -> None:
    page = as_html(REPORT, explain)
    assert "Règle «\u202f=rule &lt;b&gt;\u202f»" in page
    assert "<td>Code 28-35 · Clients/2019</td>" in page
    assert "Réglages de la boîte" in page
    assert "Réglages de la boîte" not in as_html(report(), explain)


def test_lines_of_the_command() -> None:
    lines = summary(REPORT).splitlines()
    assert "Règle «\u202fplain\u202f»\u202f: copiée" in lines
    assert "28-35 · Une règle range dans un dossier qui n’est pas copié. (1)" in lines


def test_what_a_missing_setting_means_for_the_whole() -> None:
    assert headline(REPORT) == "Tout est copié sauf 1\u202fréglage de la boîte."
    more = replace(REPORT, failed=(failed_item("x"),))
    assert headline(more) == headline(replace(more, settings=()))
    noted = replace(REPORT, grade=Grade.COMPLETE_WITH_NOTES, settings=SETTINGS[:1])
    assert headline(noted) == "Tout est copié, avec 5\u202fremarques."
    assert REPORT.settings_missing == 1


def test_on_the_last_page() -> None:
    shown = result(REPORT, catalogue())
    assert [(group.title, group.lines) for group in shown.failures] == [
        (
            "Une règle range dans un dossier qui n’est pas copié.",
            ("Règle «\u202f=rule <b>\u202f» – Clients/2019",),
        )
    ]
    assert shown.notes[-1].lines == ("Réponse d’absence",)


def test_it_is_remembered_and_older_reports_have_none() -> None:
    text = report_json.to_json(REPORT)
    assert report_json.from_json(text) == REPORT
    older = json.loads(text)
    del older["settings"]
    assert report_json.from_json(json.dumps(older)) == replace(REPORT, settings=())


@pytest.mark.parametrize("fate", Fate)
def test_every_fate_has_its_words(fate: Fate) -> None:
    assert fate_words(fate)
    for kind in SettingKind:
        assert setting_line(SettingResult(kind, "", fate))
