"""Languages: switched live, chosen from the system."""

from __future__ import annotations

import pytest

from omm_desktop.language import (
    LANGUAGES,
    after,
    data_text,
    in_context,
    own_name,
    plural,
    set_language,
    system_language,
    translate,
    windows_name,
)

NAMES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def test_a_text_follows_the_language() -> None:
    set_language("en")
    assert translate("Everything is copied.") == "Everything is copied."
    set_language("fr")
    assert translate("Everything is copied.") == "Tout est copié."
    set_language("de")
    assert translate("Everything is copied.") == "Alles ist kopiert."


def test_plurals_follow_the_grammar_of_the_language() -> None:
    set_language("en")
    assert [plural("{} byte", "{} bytes", n) for n in (0, 1, 2)] == [
        "{} bytes",
        "{} byte",
        "{} bytes",
    ]
    set_language("fr")
    assert [plural("{} byte", "{} bytes", n) for n in (0, 1, 2)] == [
        "{}\u202foctet",
        "{}\u202foctet",
        "{}\u202foctets",
    ]
    set_language("de")
    assert [plural("{} message", "{} messages", n) for n in (0, 1, 2)] == [
        "{} Nachrichten",
        "{} Nachricht",
        "{} Nachrichten",
    ]


def test_a_context_tells_meanings_apart() -> None:
    set_language("fr")
    assert in_context("phase", "Copying") == "Copie"
    assert in_context("nowhere", "Copying") == "Copying"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="tlh"):
        set_language("tlh")


def test_each_language_is_offered_by_its_own_name() -> None:
    assert [own_name(language) for language in LANGUAGES] == ["Français", "English", "Deutsch"]


def test_one_comes_after_another_and_the_first_after_the_last() -> None:
    shown = [LANGUAGES[0]]
    while len(shown) <= len(LANGUAGES):
        shown.append(after(shown[-1]))
    assert shown == [*LANGUAGES, LANGUAGES[0]]


def test_a_text_of_the_data_is_english_where_nobody_has_translated_it() -> None:
    assert data_text("oui", "yes", "fr") == "oui"
    assert data_text("oui", "yes", "en") == data_text("oui", "yes", "de") == "yes"
    assert data_text("arobase", "at", "de") == "Klammeraffe"
    set_language("de")
    assert data_text("arobase", "at") == "Klammeraffe"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_CA.UTF-8"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de"}, "de"),
        ({"LANG": "den_CA.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:en"}, "fr"),
        ({"LC_ALL": "C.UTF-8", "LANGUAGE": "fr"}, "en"),
    ],
)
def test_the_system_says_which(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert system_language() == expected


@pytest.mark.parametrize(
    ("identifier", "name"),
    [(0x040C, "fr_FR"), (0x0C0C, "fr_CA"), (0x0407, "de_DE"), (0x0807, "de_CH"), (0x0409, "en_US")],
)
def test_windows_says_which(identifier: int, name: str) -> None:
    assert windows_name(identifier) == name


def test_windows_names_a_language_of_an_unlisted_country() -> None:
    french_of_cameroon, nobody = 0x2C0C, 0x03FF
    assert windows_name(french_of_cameroon).startswith("fr_")
    assert windows_name(nobody) == ""
