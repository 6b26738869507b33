"""Brings the translations up to date: texts of the code and of the data -> .po -> .mo.

    python installer/compile_messages.py [LANGUAGE ...]    # a language named here is begun

New texts enter the .po empty. A language is compiled, and so offered, once its texts of the program
and of the problem catalogue are complete; the reference may follow, in English until then. French
is always there: it stands in the data files, and a test fails while its .po has gaps. It may be
typed with plain spaces and apostrophes: the typographic ones are put in here.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
I18N = ROOT / "resources" / "i18n"
KEYWORDS = {
    "_": None,
    "mark": None,
    "plural": (1, 2),
    "in_context": ((1, "c"), 2),
}
PASSING_HEADERS = (
    b'"Report-Msgid-Bugs-To',
    b'"POT-Creation-Date',
    b'"PO-Revision-Date',
    b'"Last-Translator',
    b'"Language-Team',
    b'"Generated-By',
)
REQUIRED = ("omm", "problems")
REFERENCE = ("services", "steps", "exports", "exchange_differences", "spelling")


def texts_of_the_code() -> Catalog:
    """Every text that the program marks for translation, with the files it stands in."""
    catalog = _empty()
    found = extract_from_dir(
        ROOT / "omm_desktop", keywords=KEYWORDS, comment_tags=("Translators:",)
    )
    for name, _line, message, comments, context in sorted(found, key=lambda one: one[:2]):
        file = (Path("omm_desktop") / name).as_posix()
        catalog.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalog


def texts_of_data(names: Sequence[str]) -> Catalog:
    """The English of these data files, each text with its place."""
    catalog = _empty()
    for name in names:
        file = f"resources/{name}.toml"
        for text, place in _english(tomllib.loads((ROOT / file).read_text(encoding="utf-8")), ()):
            catalog.add(text, locations=[(file, 0)], auto_comments=[" ".join(place)])
    return catalog


def templates() -> dict[str, Catalog]:
    """The texts of each .po file, by its name."""
    return {
        "omm": texts_of_the_code(),
        "problems": texts_of_data(["problems"]),
        "reference": texts_of_data(REFERENCE),
    }


def languages() -> list[str]:
    return sorted(folder.name for folder in I18N.iterdir())


def po_files(language: str) -> list[Path]:
    """What there is to translate into it; into French the code alone."""
    names = ("omm",) if language == "fr" else ("omm", "problems", "reference")
    return [I18N / language / "LC_MESSAGES" / f"{name}.po" for name in names]


def read(po: Path) -> Catalog:
    with po.open("rb") as stream:
        return read_po(stream, locale=po.parent.parent.name)


def po_bytes(catalog: Catalog) -> bytes:
    """The .po without the header lines that would change at every run."""
    out = BytesIO()
    write_po(out, catalog, width=100, ignore_obsolete=True)
    lines = out.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(PASSING_HEADERS))


def mo_bytes(catalog: Catalog) -> bytes:
    catalog.creation_date = catalog.revision_date = datetime.fromtimestamp(0, UTC)
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def french(text: str) -> str:
    """The text with narrow no-break spaces and curved apostrophes."""
    text = re.sub(r"(?<=\w)'(?=\w|\{)", "\u2019", text)
    text = re.sub(r"[ \u00a0\u202f]+(?=[;:?!»%])", "\u202f", text)
    return re.sub(r"(?<=«)[ \u00a0\u202f]+", "\u202f", text)


def set_french(catalog: Catalog) -> None:
    for message in catalog:
        if message.id and message.string:
            forms = tuple(french(form) for form in _forms(message))
            message.string = forms if message.pluralizable else forms[0]


def untranslated(catalog: Catalog) -> list[str]:
    return [str(one.id) for one in catalog if one.id and not all(_forms(one))]


def begin(language: str) -> None:
    """Empty .po files where there are none; UnknownLocaleError where Babel knows no such one."""
    Locale.parse(language)
    for po in po_files(language):
        if not po.exists():
            po.parent.mkdir(parents=True, exist_ok=True)
            po.write_text('msgid ""\nmsgstr ""\n"Project-Id-Version: OMM Desktop\\n"\n')


def bring_up_to_date(language: str, texts: dict[str, Catalog]) -> dict[Path, list[str]]:
    """Writes the .po files, and the .mo files or none; returns what is still to translate."""
    catalogs = {po: read(po) for po in po_files(language)}
    for po, catalog in catalogs.items():
        catalog.update(texts[po.stem], no_fuzzy_matching=True)
        if language == "fr":
            set_french(catalog)
        po.write_bytes(po_bytes(catalog))
    missing = {po: untranslated(catalog) for po, catalog in catalogs.items()}
    complete = not any(gaps for po, gaps in missing.items() if po.stem in REQUIRED)
    for po, catalog in catalogs.items():
        if complete or language == "fr":
            po.with_suffix(".mo").write_bytes(mo_bytes(catalog))
        else:
            po.with_suffix(".mo").unlink(missing_ok=True)
    return missing


def _empty() -> Catalog:
    return Catalog(project="OMM Desktop", fuzzy=False)


def _english(data: Any, place: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Wherever French and English stand side by side: the English texts, and their places."""
    if isinstance(data, list):
        for number, one in enumerate(data, 1):
            known = one.get("id") if isinstance(one, dict) else None
            yield from _english(one, (*place, known or str(number)))
    elif isinstance(data, dict) and {"fr", "en"} <= set(data):
        english = data["en"]
        yield from [(english, place)] if isinstance(english, str) else _inside(english, place)
    elif isinstance(data, dict):
        for key, one in data.items():
            yield from _english(one, (*place, key))


def _inside(texts: dict[str, str], place: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(text, (*place, name)) for name, text in texts.items()]


def _forms(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(form or "" for form in string)


def main(begun: Sequence[str]) -> None:
    for language in begun:
        begin(language)
    texts = templates()
    for language in languages():
        for po, missing in bring_up_to_date(language, texts).items():
            sys.stdout.write(f"{po.relative_to(ROOT)}: {len(texts[po.stem])} texts\n")
            if po.stem in REQUIRED:
                sys.stdout.writelines(f"  to translate: {text}\n" for text in missing)
            elif missing:
                sys.stdout.write(f"  in English so far: {len(missing)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
