"""Every problem has its codes and its words, in both languages."""

from __future__ import annotations

import re

import pytest

from omm_desktop import paths
from omm_desktop.language import DATA_LANGUAGES, LANGUAGES, Language
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.support.catalogue import Catalogue, Reaction

CATALOGUE = Catalogue.load(paths.resources() / "problems.toml")
FIRST_DIGIT = {Place.SOURCE: "1", Place.DESTINATION: "2", Place.COMPUTER: "4", Place.PROGRAM: "5"}
NOT_SAID = re.compile(
    r"\b(timeout|endpoint|token|UID\w*|IMAP4|serveur distant|veuillez|erreur fatale|"
    r"valider|soumettre)\b|!",
    re.IGNORECASE,
)


OF_FILES_AS_WELL = (
    ProblemId.FOLDER_NOT_CREATED, ProblemId.FOLDER_RENAMED, ProblemId.ITEM_REFUSED,
    ProblemId.ITEM_GONE, ProblemId.ITEM_NOT_FOUND_AFTER, ProblemId.ITEM_TWICE,
    ProblemId.ITEM_UNSURE, ProblemId.ITEM_EDITED, ProblemId.ITEM_UPDATED,
    ProblemId.ITEM_OTHER_VERSION, ProblemId.ITEM_RESCUED, ProblemId.ITEMS_REMOVED_SINCE,
    ProblemId.FLAGS_DROPPED,
)  # fmt: skip
"""Either end may be files or a folder on this computer."""


def texts(language: Language) -> list[tuple[ProblemId, str]]:
    return [
        (problem, text)
        for problem in CATALOGUE.ids()
        for words in (CATALOGUE.describe(problem).words[language],)
        for text in (words.title, words.cause, words.remedy)
    ]


def test_every_problem_has_an_entry_and_nothing_else_has() -> None:
    assert CATALOGUE.ids() == set(ProblemId)


def test_codes_are_unique_pairs_of_digits_that_can_be_said_by_phone() -> None:
    codes = [code for one in CATALOGUE.ids() for code in CATALOGUE.describe(one).codes.values()]
    assert len(codes) == len(set(codes))
    for code in codes:
        assert re.fullmatch(r"\d\d-\d\d", code)
        assert all(int(pair) <= 59 for pair in code.split("-"))


@pytest.mark.parametrize("problem", ProblemId)
def test_the_first_digit_is_the_place_and_the_cause_keeps_the_others(problem: ProblemId) -> None:
    codes = CATALOGUE.describe(problem).codes
    assert all(code[0] == FIRST_DIGIT[place] for place, code in codes.items())
    assert len({code[1:] for code in codes.values()}) == 1


def test_codes_already_given_stay() -> None:
    given = {
        "11-01": ProblemId.SIGN_IN_REFUSED,
        "22-04": ProblemId.CONNECTION_LOST,
        "13-03": ProblemId.CERTIFICATE_EXPIRED,
        "24-03": ProblemId.FOLDER_NOT_CREATED,
        "25-07": ProblemId.ITEM_TWICE,
        "26-01": ProblemId.MAILBOX_FULL,
        "28-05": ProblemId.SAME_MAILBOX,
        "41-01": ProblemId.NO_SAFE_PLACE,
        "45-01": ProblemId.RECORDS_DAMAGED,
        "48-02": ProblemId.RECORDS_NEWER,
        "51-01": ProblemId.UNEXPECTED,
    }
    for code, problem in given.items():
        found = CATALOGUE.find(code)
        assert found is not None
        assert found.id is problem


def test_the_code_follows_the_place() -> None:
    refused = ProblemId.SIGN_IN_REFUSED
    assert CATALOGUE.entry(Problem(refused, Place.SOURCE)).code == "11-01"
    assert CATALOGUE.entry(Problem(refused, Place.DESTINATION)).code == "21-01"
    assert CATALOGUE.entry(Problem(ProblemId.MAILBOX_FULL, Place.SOURCE)).code == "26-01"


def test_the_words_follow_the_language() -> None:
    problem = Problem(ProblemId.MAILBOX_FULL, Place.DESTINATION)
    assert CATALOGUE.entry(problem, "fr").title == "La nouvelle boîte est pleine."
    assert CATALOGUE.entry(problem, "en").title == "The new mailbox is full."


@pytest.mark.parametrize("spoken", ["26-01", "26 01", "2601", " 26–01 "])
def test_a_code_is_found_however_it_is_typed(spoken: str) -> None:
    found = CATALOGUE.find(spoken, "en")
    assert found is not None
    assert found.id is ProblemId.MAILBOX_FULL
    assert found.reactions == (Reaction.STOP,)


def test_an_unknown_code_is_not_found() -> None:
    assert CATALOGUE.find("99-99") is None
    assert CATALOGUE.find("") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_reading_load(language: Language) -> None:
    for problem in CATALOGUE.ids():
        assert len(CATALOGUE.describe(problem).words[language].title) <= 60, problem
    for problem, text in texts(language):
        assert text.strip() == text, problem
        assert text.endswith("."), problem
        assert not NOT_SAID.search(text), (problem, text)
        sentences = re.split(r"(?<=[.?])\s+", text)
        assert len(sentences) <= 3, problem
        assert all(len(sentence.split()) <= 20 for sentence in sentences), (problem, text)


@pytest.mark.parametrize("language", DATA_LANGUAGES)
def test_nobody_is_told_of_a_mailbox_who_copies_files(language: Language) -> None:
    mailbox = re.compile(r"boîte|mailbox", re.IGNORECASE)
    neither = re.compile(r"\b(destination|source)\b", re.IGNORECASE)
    for problem, text in texts(language):
        assert not neither.search(text), text
        assert problem not in OF_FILES_AS_WELL or not mailbox.search(text), text


def test_french_typography() -> None:
    for problem, text in texts("fr"):
        assert not re.search(r"\bitems?\b", text, re.IGNORECASE), problem
        assert "'" not in text, problem
        assert not re.search(r"[^\u202f][;:?!»]|«[^\u202f]", text), (problem, text)


def test_an_entry_with_an_unknown_key_is_refused(tmp_path) -> None:
    bad = tmp_path / "problems.toml"
    bad.write_text('[unexpected]\ncodes = {program = "51-01"}\nreactions = []\nlink = "x"\n')
    with pytest.raises(ValueError, match="link"):
        Catalogue.load(bad)


@pytest.mark.parametrize(
    ("typed", "meant"), [("11-0", "11-01"), ("10-11", "11-01"), ("11-09", "11-01"), ("2", "21-01")]
)
def test_near_codes_are_offered(typed: str, meant: str) -> None:
    assert meant in CATALOGUE.near(typed)
    assert len(CATALOGUE.near(typed)) <= 6


def test_nothing_is_near_to_what_is_no_code() -> None:
    assert CATALOGUE.near("") == CATALOGUE.near("passe") == CATALOGUE.near("123456") == []
