"""Nothing a person reads is left untranslated, and the compiled files are up to date."""

from __future__ import annotations

import ast
import gettext
import importlib.util
import re
import string
from collections.abc import Iterator
from dataclasses import astuple
from functools import cache
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message

from omm_desktop import language
from omm_desktop.support.catalogue import catalogue

MOST_WORDS, MOST_SENTENCES = 20, 3
SCRIPT = Path(__file__).parents[2] / "installer" / "compile_messages.py"


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("compile_messages", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


compile_messages = script()
ROOT = compile_messages.ROOT
POS = [po for name in compile_messages.languages() for po in compile_messages.po_files(name)]
CATALOGS = {f"{po.parts[-3]}-{po.stem}": compile_messages.read(po) for po in POS}
TEXTS_OF = {"_": 1, "mark": 1, "plural": 2, "in_context": 2}

every_catalog = pytest.mark.parametrize("catalog", CATALOGS.values(), ids=list(CATALOGS))
every_file = pytest.mark.parametrize("po", POS, ids=list(CATALOGS))


@cache
def templates() -> dict[str, Catalog]:
    """All texts there are, gathered once."""
    return compile_messages.templates()


def nodes_of_the_code() -> Iterator[tuple[str, ast.AST]]:
    for file in sorted((ROOT / "omm_desktop").rglob("*.py")):
        if file.name != "language.py":
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                yield file.name, node


def texts_in_code() -> Iterator[tuple[str, str]]:
    """Every literal given to a translating function, with its file; read from the syntax tree."""
    for file, node in nodes_of_the_code():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            for argument in node.args[: TEXTS_OF.get(node.func.id, 0)]:
                if isinstance(argument, ast.Constant):
                    yield file, argument.value


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def ids(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def fields(text: str) -> list[str]:
    return sorted(str(name) for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_the_extraction_sees_every_text_of_the_code() -> None:
    """It is blind inside f-strings: translate first, then format."""
    template = templates()["omm"]
    known = {text for message in template for text in (*ids(message), message.context)}
    missing = [(file, text) for file, text in texts_in_code() if text not in known]
    assert len(list(texts_in_code())) > 50
    assert not missing


def test_translate_is_always_imported_by_the_name_the_extraction_knows() -> None:
    imports = [
        (file, name.asname)
        for file, node in nodes_of_the_code()
        if isinstance(node, ast.ImportFrom) and node.module == "omm_desktop.language"
        for name in node.names
        if name.name == "translate"
    ]
    assert imports
    assert {alias for _, alias in imports} == {"_"}


@every_file
def test_every_text_is_in_the_file_and_nothing_else(po: Path) -> None:
    template = templates()[po.stem]
    wanted = {(message.context, str(message.id)) for message in template if message.id}
    assert {(one.context, str(one.id)) for one in compile_messages.read(po) if one.id} == wanted


def test_data_texts_are_found_wherever_both_languages_stand() -> None:
    problems, reference = templates()["problems"], templates()["reference"]
    assert problems.get("The new mailbox is full.").auto_comments == ["mailbox-full title"]
    assert reference.get("dot").auto_comments == ["signs ."]
    steps = reference.get("Account type: {protocol}.")
    assert steps.auto_comments == ["program outlook-simple add 4"]


@pytest.mark.parametrize("name", ["fr-omm", "de-omm", "de-problems", "de-reference"])
def test_nothing_is_unfinished(name: str) -> None:
    assert compile_messages.untranslated(CATALOGS[name]) == []


def test_no_translation_is_a_guess() -> None:
    unsure = [one.id for catalog in CATALOGS.values() for one in catalog if one.id and one.fuzzy]
    assert unsure == []


@pytest.fixture
def italian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a language that was just begun, with two texts of each kind."""
    monkeypatch.setattr(compile_messages, "I18N", tmp_path)
    compile_messages.begin("it")
    return tmp_path


def short() -> dict[str, Catalog]:
    """Texts enough for a try."""
    catalogs = {name: Catalog() for name in ("omm", "problems", "reference")}
    for name, catalog in catalogs.items():
        catalog.add(f"yes {name}")
        catalog.add(("one", "{} many"))
    return catalogs


def translate(po: Path) -> None:
    catalog = compile_messages.read(po)
    for message in catalog:
        if message.id:
            message.string = ("uno", "{} molti") if message.pluralizable else "si"
    po.write_bytes(compile_messages.po_bytes(catalog))


def test_a_language_is_offered_once_program_and_problems_are_complete(italian: Path) -> None:
    program, problems, reference = compile_messages.po_files("it")
    assert len(compile_messages.bring_up_to_date("it", short())[program]) == 2
    translate(program)
    compile_messages.bring_up_to_date("it", short())
    assert language.offered(italian) == ("fr", "en")
    translate(problems)
    missing = compile_messages.bring_up_to_date("it", short())
    assert [len(missing[po]) for po in (program, problems, reference)] == [0, 0, 2]
    assert language.offered(italian) == ("fr", "en", "it")
    with program.with_suffix(".mo").open("rb") as stream:
        assert gettext.GNUTranslations(stream).ngettext("one", "{} many", 3) == "{} molti"


def test_a_language_with_a_new_gap_is_offered_no_more(italian: Path) -> None:
    for po in compile_messages.po_files("it"):
        compile_messages.bring_up_to_date("it", short())
        translate(po)
    compile_messages.bring_up_to_date("it", short())
    assert "it" in language.offered(italian)
    more = short()
    more["omm"].add("a new text")
    compile_messages.bring_up_to_date("it", more)
    assert language.offered(italian) == ("fr", "en")
    assert list(italian.rglob("*.mo")) == []


def test_beginning_again_keeps_what_is_there(italian: Path) -> None:
    po = compile_messages.po_files("it")[0]
    compile_messages.bring_up_to_date("it", short())
    translate(po)
    before = po.read_bytes()
    compile_messages.begin("it")
    assert po.read_bytes() == before


@every_catalog
def test_placeholders_are_the_same_on_both_sides(catalog: Catalog) -> None:
    for message in catalog:
        if not message.id or message.context == "time pattern":
            continue
        allowed = [fields(text) for text in ids(message)]
        for form in filter(None, forms(message)):
            assert fields(form) in allowed, message.id


def test_french_typography() -> None:
    for message in CATALOGS["fr-omm"]:
        if not message.id or message.context == "time pattern":
            continue
        for form in forms(message):
            assert not re.search(r"\w'\w|(?!\d:\d)[^\u202f][;:?!»]|«[^\u202f]", form), form


def test_german_typography() -> None:
    wrong = re.compile(r"\w'\w|[“”](?=\w)|\S[ \u00a0][:;?!](?= |$)| %(?![(\w])")
    for name in ("de-omm", "de-problems", "de-reference"):
        for message in CATALOGS[name]:
            for form in forms(message) if message.id else ():
                assert not wrong.search(form), form
                assert form.count("„") == form.count("“"), form


def said() -> Iterator[str]:
    """Every text that a person reads, in every language."""
    for catalog in CATALOGS.values():
        for message in catalog:
            if message.id:
                yield from (*ids(message), *forms(message))
    problems = catalogue()
    for problem in problems.ids():
        for words in problems.describe(problem).words.values():
            yield from astuple(words)


def test_sentences_are_short_and_few_at_a_time() -> None:
    for text in said():
        sentences = re.split(r"(?<=\D[.!?…])\s+", text.strip())
        assert len(sentences) <= MOST_SENTENCES, text
        for sentence in sentences:
            words = [word for word in sentence.split() if any(map(str.isalpha, word))]
            assert len(words) <= MOST_WORDS, sentence


@every_file
def test_the_compiled_file_is_up_to_date(po: Path) -> None:
    with po.with_suffix(".mo").open("rb") as stream:
        committed = gettext.GNUTranslations(stream)
    fresh = gettext.GNUTranslations(BytesIO(compile_messages.mo_bytes(compile_messages.read(po))))
    assert vars(committed)["_catalog"] == vars(fresh)["_catalog"]


@every_file
def test_writing_the_file_again_changes_nothing(po: Path) -> None:
    assert compile_messages.po_bytes(compile_messages.read(po)) == po.read_bytes()
