"""What vCard and iCalendar call by names of their own, as a person reads it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import omm_desktop
from omm_desktop.language import set_language
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.report.explained import details
from omm_desktop.report.field_words import field_alone, field_words

ENDPOINTS = Path(omm_desktop.__file__).parent / "endpoints"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("EMAIL: zoe@x.test", "Adresse e-mail\u202f: zoe@x.test"),
        ("TEL (cell, work): 06 12", "Numéro de téléphone (mobile, travail)\u202f: 06 12"),
        ("ADR (Chez Zoé): 1 rue\n75000", "Adresse postale (Chez Zoé)\u202f: 1 rue\n75000"),
        ("RELATED (spouse): Al", "Personne liée (conjoint)\u202f: Al"),
        ("RRULE", "Récurrence"),
        ("ADR (Chez Zoé (l’été)): 1 rue", "Adresse postale (Chez Zoé (l’été))\u202f: 1 rue"),
        ("X-MADE-UP: 1", "X-MADE-UP: 1"),
        ("OK: done", "OK: done"),
    ],
)
def test_a_person_reads_words(told: str, said: str) -> None:
    set_language("fr")
    assert field_words(told) == said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("EMAIL: zoe@x.test", "Adresse e-mail"),
        ("TEL (cell, Chez Zoé, work): 06 12", "Numéro de téléphone (mobile, travail)"),
        ("ADR (Chez Zoé): 1 rue\n75000", "Adresse postale"),
        ("ADR (Chez Zoé (l’été)): 1 rue", "Adresse postale"),
        ("ADR (Zoé) (maison): 1 rue", "Adresse postale"),
        ("ADR (Zoé: maison): 1 rue", "Adresse postale"),
        ("X-MADE-UP (Zoé): 1", "X-MADE-UP"),
        ("X-NUMBER2 (Zoé): 1", "X-NUMBER2"),
        ("the program's own: Zoé", "the program's own"),
    ],
)
def test_a_masked_screen_shows_neither_values_nor_labels_of_persons(told: str, said: str) -> None:
    set_language("fr")
    assert field_alone(told) == said


def test_a_report_has_the_name_as_well() -> None:
    set_language("en")
    loss = "TEL (cell, work): 06 12 [number-kind]"
    told = details(Problem(ProblemId.FIELD_IN_NOTES, Place.DESTINATION, loss, "TEL"))
    assert told.startswith("Phone number (TEL, cell, work): 06 12 – A number has one kind")
    file = Problem(ProblemId.FIELD_NOT_KEPT, Place.SOURCE, "ATTACH: a.pdf", "ATTACH")
    assert details(file) == "Attached file (ATTACH): a.pdf"
    other = Problem(ProblemId.ITEM_REFUSED, Place.DESTINATION, "TEL: no", "")
    assert details(other) == "TEL: no"


def test_every_name_that_a_remark_begins_with_has_words() -> None:
    set_language("fr")
    told = re.compile(r'(?:Loss|lost|_tell|_not_kept|_one|_day)\((?:one, |begun, )?"([A-Z-]{2,})')
    names = {
        name
        for file in ENDPOINTS.rglob("*.py")
        for name in told.findall(file.read_text(encoding="utf-8"))
    }
    assert len(names) > 20
    assert {name for name in names if field_words(name) == name} == set()
