"""Brings the translations up to date: texts of the code -> .po -> .mo.

New texts enter the .po empty; a test fails until somebody has translated them. French may be
typed with plain spaces and apostrophes: the typographic ones are put in here.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

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


def texts_of_the_code() -> Catalog:
    """Every text that the program marks for translation, with the files it stands in."""
    catalog = Catalog(project="OMM Desktop", fuzzy=False)
    found = extract_from_dir(
        ROOT / "omm_desktop", keywords=KEYWORDS, comment_tags=("Translators:",)
    )
    for name, _line, message, comments, context in sorted(found, key=lambda one: one[:2]):
        file = (Path("omm_desktop") / name).as_posix()
        catalog.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalog


def po_files() -> list[Path]:
    return sorted(I18N.glob("*/LC_MESSAGES/omm.po"))


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


def _forms(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(form or "" for form in string)


def main() -> None:
    template = texts_of_the_code()
    for po in po_files():
        catalog = read(po)
        catalog.update(template, no_fuzzy_matching=True)
        if str(catalog.locale) == "fr":
            set_french(catalog)
        po.write_bytes(po_bytes(catalog))
        po.with_suffix(".mo").write_bytes(mo_bytes(catalog))
        missing = untranslated(catalog)
        sys.stdout.write(f"{po.relative_to(ROOT)}: {len(catalog)} texts\n")
        sys.stdout.writelines(f"  to translate: {text}\n" for text in missing)


if __name__ == "__main__":
    main()
