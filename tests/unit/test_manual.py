"""The manual: complete in both languages, short, and true to what the program shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from omm_desktop import paths
from omm_desktop.guide.manual import Chapter, manual, picture, read
from omm_desktop.guide.manual_page import page
from omm_desktop.guide.service import Wording
from omm_desktop.language import DATA_LANGUAGES, Language, set_language
from omm_desktop.support.catalogue import catalogue
from tests.house.test_translations import CATALOGS, forms, ids

CHAPTERS = manual().chapters
NOT_OF_THE_PROGRAM = {
    # Spoken on the phone, or written into the notes of an item.
    "[OMM Desktop]",
    "onze, zéro un",
    "eleven, zero one",
    "pour recommencer",
    "to start again",
    "copier",
    "copy",
    "ancienne boîte",
    "old mailbox",
    "nouvelle boîte",
    "new mailbox",
    "reprendre",
    "resume",
    "transférer",
    "transfer",
}
FORBIDDEN = {
    "fr": re.compile(r"\b(migrer|synchroniser|item|mailbox|timeout|endpoint)\b", re.IGNORECASE),
    "en": re.compile(r"\b(migrate|synchronise|endpoint|timeout)\b", re.IGNORECASE),
}


def wordings(chapter: Chapter) -> Iterator[Wording]:
    yield from (chapter.title, chapter.summary)
    for section in chapter.sections:
        yield section.title
        yield from (block.words for block in section.blocks)


def every_wording() -> Iterator[Wording]:
    shown = manual()
    yield from (shown.title, shown.promise, *(part.title for part in shown.parts))
    for chapter in CHAPTERS:
        yield from wordings(chapter)


def texts(language: Language) -> list[str]:
    return [wording.text(language) for wording in every_wording()]


def labels(language: Language) -> list[re.Pattern[str]]:
    """All that the window can show, whatever stands in its braces."""
    said = {
        text.replace("&", "")
        for message in CATALOGS["fr-omm"]
        if message.id
        for text in (forms(message) if language == "fr" else ids(message))
    }
    return [re.compile(re.sub(r"\\\{\w*\\\}", ".+", re.escape(text))) for text in said]


def test_there_is_something_to_read() -> None:
    assert len(CHAPTERS) > 15
    assert all(chapter.sections for chapter in CHAPTERS)
    assert all(section.blocks for chapter in CHAPTERS for section in chapter.sections)


def test_every_file_is_a_chapter() -> None:
    files = {path.stem for path in (paths.resources() / "manual").glob("*.toml")}
    assert files == {"contents", *(chapter.id for chapter in CHAPTERS)}


@pytest.mark.parametrize("language", DATA_LANGUAGES)
def test_reading_load(language: Language) -> None:
    for text in texts(language):
        assert text.strip() == text
        assert text
        sentences = re.split(r"(?<=[.?])\s+", text)
        assert len(sentences) <= 3, text
        for sentence in sentences:
            assert len(sentence.split()) <= 20, sentence
        assert "!" not in text, text
        assert not FORBIDDEN[language].search(re.sub(r"omm-desktop \w+|\w+\.\w+", "", text)), text


@pytest.mark.parametrize("language", DATA_LANGUAGES)
def test_titles_are_short(language: Language) -> None:
    for chapter in CHAPTERS:
        for title in (chapter.title, *(section.title for section in chapter.sections)):
            assert len(title.text(language)) <= 60, title


def test_french_typography() -> None:
    for text in texts("fr"):
        assert "'" not in text, text
        assert not re.search(r"[^\u202f][;:?!»]|«[^\u202f]", text), text


@pytest.mark.parametrize("language", DATA_LANGUAGES)
def test_what_is_quoted_is_what_the_program_shows(language: Language) -> None:
    marks = {"fr": r"«\u202f(.+?)\u202f»", "en": r"“(.+?)”"}[language]
    shown = labels(language)
    quoted = [found for text in texts(language) for found in re.findall(marks, text)]
    assert len(quoted) > 30
    for one in quoted:
        assert one in NOT_OF_THE_PROGRAM or any(label.fullmatch(one) for label in shown), one


@pytest.mark.parametrize("language", DATA_LANGUAGES)
def test_every_code_is_in_the_catalogue(language: Language) -> None:
    codes = {code for text in texts(language) for code in re.findall(r"\b\d\d-\d\d\b", text)}
    assert len(codes) > 15
    for code in codes:
        assert catalogue().find(code) is not None, code


def test_both_languages_tell_the_same_codes_and_commands() -> None:
    for wording in every_wording():
        told = [
            sorted(re.findall(r"\b\d\d-\d\d\b|--[a-z-]+|omm-desktop", text))
            for text in (wording.fr, wording.en)
        ]
        assert told[0] == told[1], wording


@pytest.mark.parametrize("language", DATA_LANGUAGES)
def test_what_is_typed_is_told_apart(language: Language) -> None:
    typed = re.compile(r"omm-desktop|--[a-z]|\b\w+\.(?:toml|txt|json|zip)\b")
    blocks = [one for chapter in CHAPTERS for part in chapter.sections for one in part.blocks]
    told = [piece for block in blocks for piece in block.pieces(language)]
    assert sum(is_typed for _, is_typed in told) > 30
    assert not [text for text, is_typed in told if typed.search(text) and not is_typed]
    assert not [text for text in texts(language) if text.count("`") % 2]


def test_a_page_tells_apart_what_is_typed() -> None:
    set_language("en")
    code = "<code>omm-desktop code 11-01</code>: title, cause and remedy. With"
    assert code in page()
    assert "`" not in page()


def test_what_is_unknown_is_refused(tmp_path: Path) -> None:
    (tmp_path / "contents.toml").write_text(
        'title = {fr = "a", en = "b"}\npromise = {fr = "a", en = "b"}\n'
        '[[part]]\ntitle = {fr = "a", en = "b"}\nchapters = ["one"]\n'
    )
    chapter = 'title = {fr = "a", en = "b"}\nsummary = {fr = "a", en = "b"}\n[[section]]\n'
    section = 'title = {fr = "a", en = "b"}\ntext = [{fr = "a", en = "b"}]\n'
    (tmp_path / "one.toml").write_text(f'{chapter}{section}opens = "nowhere"\n')
    with pytest.raises(ValueError, match="nowhere"):
        read(tmp_path)
    (tmp_path / "one.toml").write_text(f'{chapter}{section}link = "x"\n')
    with pytest.raises(ValueError, match="link"):
        read(tmp_path)


def test_a_picture_is_kept_for_each_language() -> None:
    assert picture("source", "fr").parts[-2:] == ("fr", "source.png")
    assert picture("source", "fr") != picture("source", "en")
    assert picture("source", "de") == picture("source", "en")
