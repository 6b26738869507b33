"""Nothing a person reads is left untranslated, and the compiled files are up to date."""

from __future__ import annotations

import ast
import gettext
import importlib.util
import re
import string
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message

SCRIPT = Path(__file__).parents[2] / "installer" / "compile_messages.py"


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("compile_messages", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


compile_messages = script()
CATALOGS = {po.parent.parent.name: compile_messages.read(po) for po in compile_messages.po_files()}
ROOT = compile_messages.ROOT
TEXTS_OF = {"_": 1, "mark": 1, "plural": 2, "in_context": 2}

every_language = pytest.mark.parametrize("catalog", CATALOGS.values(), ids=list(CATALOGS))


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
    template = compile_messages.texts_of_the_code()
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


@every_language
def test_every_text_of_the_code_is_in_the_file_and_nothing_else(catalog: Catalog) -> None:
    template = compile_messages.texts_of_the_code()
    wanted = {(message.context, str(message.id)) for message in template if message.id}
    assert {(one.context, str(one.id)) for one in catalog if one.id} == wanted


@every_language
def test_nothing_is_unfinished(catalog: Catalog) -> None:
    assert compile_messages.untranslated(catalog) == []
    assert not [message.id for message in catalog if message.id and message.fuzzy]


@every_language
def test_placeholders_are_the_same_on_both_sides(catalog: Catalog) -> None:
    for message in catalog:
        if not message.id or message.context == "time pattern":
            continue
        allowed = [fields(text) for text in ids(message)]
        for form in forms(message):
            assert fields(form) in allowed, message.id


def test_french_typography() -> None:
    for message in CATALOGS["fr"]:
        if not message.id or message.context == "time pattern":
            continue
        for form in forms(message):
            assert not re.search(r"\w'\w|(?!\d:\d)[^\u202f][;:?!»]|«[^\u202f]", form), form


@every_language
def test_the_compiled_file_is_up_to_date(catalog: Catalog) -> None:
    compiled = ROOT / f"resources/i18n/{catalog.locale}/LC_MESSAGES/omm.mo"
    with compiled.open("rb") as stream:
        committed = gettext.GNUTranslations(stream)
    fresh = gettext.GNUTranslations(BytesIO(compile_messages.mo_bytes(catalog)))
    assert vars(committed)["_catalog"] == vars(fresh)["_catalog"]


def test_writing_the_file_again_changes_nothing(tmp_path: Path) -> None:
    for po in compile_messages.po_files():
        assert compile_messages.po_bytes(compile_messages.read(po)) == po.read_bytes()
