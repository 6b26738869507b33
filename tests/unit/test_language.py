"""Languages: switched live, chosen from the system."""

from __future__ import annotations

import pytest

from omm_desktop.language import in_context, plural, set_language, system_language, translate

NAMES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def test_a_text_follows_the_language() -> None:
    set_language("en")
    assert translate("Everything is copied.") == "Everything is copied."
    set_language("fr")
    assert translate("Everything is copied.") == "Tout est copié."


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


def test_a_context_tells_meanings_apart() -> None:
    set_language("fr")
    assert in_context("phase", "Copying") == "Copie"
    assert in_context("nowhere", "Copying") == "Copying"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="de"):
        set_language("de")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_CA.UTF-8"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
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
