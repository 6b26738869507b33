"""The language of everything a person reads: gettext, English in the source, switched live.

`mark` only makes a text known to the extraction, for tables that are translated when shown.
A language is there when its compiled files are: resources/i18n holds one folder for each.
"""

from __future__ import annotations

import gettext
import locale
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from babel import Locale

from omm_desktop import paths

Language = str
"""ISO 639-1, as the folders are named: "fr"."""

Domain = Literal["omm", "problems", "reference"]
"""Which texts: of the code, of the problem catalogue, of all other data files."""

DATA_LANGUAGES: tuple[Language, ...] = ("fr", "en")
"""Those that stand in each entry of the data files."""

_WINDOWS_PRIMARY_LANGUAGE = 0x3FF


def offered(folder: Path) -> tuple[Language, ...]:
    """French and English, then every other language that `folder` holds compiled."""
    found = {compiled.parts[-3] for compiled in folder.glob("*/LC_MESSAGES/omm.mo")}
    return (*DATA_LANGUAGES, *sorted(found.difference(DATA_LANGUAGES)))


_FOLDER = paths.resources() / "i18n"
LANGUAGES = offered(_FOLDER)

_current: Language = "en"


def set_language(language: Language) -> None:
    """Every later `translate` answers in this language, in every thread."""
    global _current
    if language not in LANGUAGES:
        raise ValueError(f"unknown language: {language}")
    _current = language


def current() -> Language:
    return _current


def locale_name(language: Language | None = None) -> str:
    """As Babel and Qt know a language with its country, the current one when none is named.

    English is that of Britain, not what the system says: a day stands before its month as in most
    countries, and person and help desk read the same to each other wherever they are.
    """
    wanted = language or _current
    return {"en": "en_GB"}.get(wanted, wanted)


def after(language: Language) -> Language:
    """The next one, for a button that shows one after another."""
    return LANGUAGES[(LANGUAGES.index(language) + 1) % len(LANGUAGES)]


def own_name(language: Language) -> str:
    """As its speakers call it: "Français", "English"."""
    return (Locale.parse(language).get_language_name(language) or language).capitalize()


def translate(text: str) -> str:
    """The text in the current language; imported as `_` where it is used."""
    return _translations(_current).gettext(text)


def plural(singular: str, several: str, n: int) -> str:
    """The form that goes with `n`; French takes the singular for 0 and 1."""
    return _translations(_current).ngettext(singular, several, n)


def in_context(context: str, text: str) -> str:
    """The text where one English word has several meanings ("Copy": the step, the button)."""
    return _translations(_current).pgettext(context, text)


def mark(text: str) -> str:
    """The text unchanged: found by the extraction, translated later."""
    return text


def data_text(french: str, english: str, language: Language | None = None) -> str:
    """The text of a data file in a language, the current one when none is named.

    English where nobody has translated the reference yet.
    """
    wanted = language or _current
    return french if wanted == "fr" else translate_data(english, "reference", wanted)


def translate_data(english: str, domain: Domain, language: Language) -> str:
    """The translation of a text that a data file holds in French and English alone."""
    return _translations(language, domain).gettext(english)


def system_language() -> Language:
    """The system's own when it is offered, else English."""
    said = re.match("[a-z]+", _system_says().lower())
    return said[0] if said and said[0] in LANGUAGES else "en"


@cache
def _translations(language: Language, domain: Domain = "omm") -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(domain, _FOLDER, [language], fallback=domain == "reference")


def _system_says() -> str:
    named = _environment_says(os.environ)
    if named:
        return named
    if sys.platform == "win32":
        return _windows_says()
    if sys.platform == "darwin":
        return _mac_says()
    return ""


def _environment_says(environment: Mapping[str, str]) -> str:
    """As gettext reads it: LANGUAGE counts unless the locale is plain C."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    told = next((environment[name] for name in names if environment.get(name)), "")
    if told.split(".")[0] in ("C", "POSIX"):
        return "en"
    return environment.get("LANGUAGE", "").split(":")[0] or told


def _windows_says() -> str:
    import ctypes

    libraries: Any = vars(ctypes)["windll"]
    return windows_name(libraries.kernel32.GetUserDefaultUILanguage())


def windows_name(identifier: int) -> str:
    """A language identifier of Windows as the name of a locale: 0x040C is "fr_FR".

    Of a country that is not in the list, the language alone counts.
    """
    exact = locale.windows_locale.get(identifier)
    primary = identifier & _WINDOWS_PRIMARY_LANGUAGE
    alike = (
        name
        for known, name in locale.windows_locale.items()
        if known & _WINDOWS_PRIMARY_LANGUAGE == primary
    )
    return exact or next(alike, "")


def _mac_says() -> str:
    """A program opened from the Finder has no LANG; the preferences hold a list of languages."""
    try:
        answer = subprocess.run(
            ["/usr/bin/defaults", "read", "-g", "AppleLanguages"],
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip('( \n"')
