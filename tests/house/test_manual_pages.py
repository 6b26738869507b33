"""The manual's pages are what its texts make, and lead nowhere that is not there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from omm_desktop.guide.manual import manual
from omm_desktop.language import DATA_LANGUAGES, Language

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources" / "manual"


def fresh(language: str) -> bytes:
    code = f"import sys, manual; sys.path.insert(0, {str(ROOT)!r}); out = manual.page({language!r})"
    ended = subprocess.run(
        [sys.executable, "-c", f"{code}; sys.stdout.buffer.write(out)"],
        cwd=ROOT / "installer",
        capture_output=True,
        check=True,
    )
    return ended.stdout


@pytest.mark.parametrize("language", DATA_LANGUAGES)
def test_they_are_up_to_date(language: Language) -> None:
    assert (FOLDER / f"{language}.html").read_bytes() == fresh(language)


@pytest.mark.parametrize("language", DATA_LANGUAGES)
def test_every_link_leads_to_a_chapter(language: Language) -> None:
    text = (FOLDER / f"{language}.html").read_text("utf-8")
    links = re.findall(r'href="([^"]*)"', text)
    assert links == [f"#{chapter.id}" for chapter in manual().chapters]
    assert re.findall(r'<article id="([^"]*)"', text) == [link[1:] for link in links]
    assert f'<html lang="{language}">' in text


@pytest.mark.parametrize("language", DATA_LANGUAGES)
def test_every_picture_has_words(language: Language) -> None:
    text = (FOLDER / f"{language}.html").read_text("utf-8")
    pictures = re.findall(r'<img src="pictures/(\w\w)/([a-z-]+)\.png" alt="([^"]+)"', text)
    shown = [section.picture for chapter in manual().chapters for section in chapter.sections]
    assert [name for _language, name, _words in pictures] == [name for name in shown if name]
    assert {named for named, _name, _words in pictures} == {language}
