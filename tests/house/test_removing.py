"""Undo alone removes: nothing else in the program can ask a mailbox to take anything out.

Forbidden are the words of the protocols, wherever they stand; what is allowed is named here, with
the reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2] / "omm_desktop"
REMOVING = re.compile(
    rb"\bEXPUNGE\b|\bUID MOVE\b|\\Deleted\b|\bDELETE |\bDELE\b"
    rb"|m:DeleteItem\b|m:MoveItem\b|m:DeleteFolder\b|m:EmptyFolder\b|m:SendItem\b"
    rb"|\bHardDelete\b|\bSoftDelete\b|\bMoveToDeletedItems\b"
)
ALLOWED = {
    # Undo itself.
    "endpoints/imap/removing.py": {b"EXPUNGE", b"UID MOVE", b"\\Deleted", b"DELETE "},
    "endpoints/ews/removing.py": {b"m:DeleteFolder", b"MoveToDeletedItems"},
    # The request of undo, and one for further appointments and occurrences of an event of ours that
    # a copy itself has just made or makes anew.
    "endpoints/ews/items/write_requests.py": {
        b"m:DeleteItem",
        b"MoveToDeletedItems",
        b"HardDelete",
    },
    # Answers of servers, and a flag that is copied as it is.
    "endpoints/imap/connection.py": {b"EXPUNGE"},
    "endpoints/imap/flags.py": {b"\\Deleted"},
}
FLAGS_OF_FILES = re.compile(r"endpoints/files/")
RECORDS = re.compile(r"store/")
"""SQL has a DELETE of its own, and takes rows out of the records alone."""


@cache
def sources() -> dict[str, str]:
    """What every module of the program says, by its name."""
    files = sorted(ROOT.rglob("*.py"))
    return {one.relative_to(ROOT).as_posix(): one.read_text(encoding="utf-8") for one in files}


def words_of(source: str) -> Iterator[bytes]:
    """The removing words in the texts of the code, without its docstrings."""
    if not REMOVING.search(source.replace("\\\\", "\\").encode()):
        return
    tree = ast.parse(source)
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in told:
            text = node.value
            octets = text.encode(errors="replace") if isinstance(text, str) else text
            if isinstance(octets, bytes):
                yield from (found[0] for found in REMOVING.finditer(octets))


def test_no_other_words_of_removing_are_anywhere() -> None:
    found: dict[str, set[bytes]] = {}
    for name, source in sources().items():
        words = set(words_of(source))
        if RECORDS.match(name):
            words.discard(b"DELETE ")
        if FLAGS_OF_FILES.match(name):
            words.discard(b"\\Deleted")
        if words:
            found[name] = words
    assert found == ALLOWED


def importers(name: str) -> set[str]:
    """The modules whose code speaks of that name."""
    word = re.compile(rf"\b{name}\b")
    return {
        module
        for module, source in sources().items()
        if word.search(source)
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.Attribute) and node.attr == name)
        or (isinstance(node, ast.alias) and node.name == name)
    }


def test_what_can_remove_is_opened_by_undo_alone() -> None:
    assert importers("open_remover") == {"copies.py", "engine/undo.py"}
    assert importers("Undo") & {"engine/run.py", "engine/writing.py", "engine/updating.py"} == set()
    assert importers("to_trash") == {"endpoints/ews/removing.py"}
    for kind in ("ImapRemover", "EwsRemover", "open_file_remover"):
        assert importers(kind) == {"endpoints/registry.py"}
