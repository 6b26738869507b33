"""The language of everything a person reads: gettext, English in the source, switched live.

`mark` only makes a text known to the extraction, for tables that are translated when shown.
"""

from __future__ import annotations

import gettext
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from omm_desktop import paths

Language = Literal["en", "fr"]

LANGUAGES: tuple[Language, ...] = ("fr", "en")

_DOMAIN = "omm"
_WINDOWS_FRENCH = 0x0C
_WINDOWS_PRIMARY_LANGUAGE = 0x3FF

_current: Language = "en"


def set_language(language: Language) -> None:
    """Every later `translate` answers in this language, in every thread."""
    global _current
    if language not in LANGUAGES:
        raise ValueError(f"unknown language: {language}")
    _current = language


def current() -> Language:
    return _current


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


def system_language() -> Language:
    """French when the system says French, else English."""
    return "fr" if _system_says().lower().startswith("fr") else "en"


@cache
def _translations(language: Language) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(_DOMAIN, paths.resources() / "i18n", [language])


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
    locale = next((environment[name] for name in names if environment.get(name)), "")
    if locale.split(".")[0] in ("C", "POSIX"):
        return "en"
    return environment.get("LANGUAGE", "").split(":")[0] or locale


def _windows_says() -> str:
    import ctypes

    libraries: Any = vars(ctypes)["windll"]
    chosen = libraries.kernel32.GetUserDefaultUILanguage()
    return "fr" if chosen & _WINDOWS_PRIMARY_LANGUAGE == _WINDOWS_FRENCH else "en"


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
