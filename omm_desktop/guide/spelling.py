"""Values as one reads them out over the phone, sign by sign (resources/spelling.toml)."""

from __future__ import annotations

import tomllib
from functools import cache

from omm_desktop import paths
from omm_desktop.guide.service import Wording
from omm_desktop.guide.services_file import refuse_unknown, wording
from omm_desktop.language import Language


def spell(text: str, *, names: bool = False, language: Language | None = None) -> str:
    """ "ssl0.ovh" as "s – s – l – 0 – point – o – v – h"; with names, "S Suzanne".

    The language is the current one when none is given.
    """
    signs, letters = _alphabet()
    said = []
    for sign in text:
        letter = letters.get(sign.lower())
        if sign in signs:
            said.append(signs[sign].text(language))
        elif names and letter is not None:
            said.append(f"{sign.upper()} {letter.text(language)}")
        else:
            said.append(sign)
    return " – ".join(said)


@cache
def _alphabet() -> tuple[dict[str, Wording], dict[str, Wording]]:
    with (paths.resources() / "spelling.toml").open("rb") as stream:
        data = tomllib.load(stream)
    refuse_unknown(data, {"signs", "letters"}, "spelling")
    return (
        {sign: wording(entry) for sign, entry in data["signs"].items()},
        {letter: wording(entry) for letter, entry in data["letters"].items()},
    )
