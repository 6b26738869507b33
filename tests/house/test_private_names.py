"""Names of people reach a text through `wizard.present.person` alone, so that the mask hides them.

The type of a name is that of any text, since engine, records and servers need it as it is. So what
is checked is who reads it: on the way to a window only the files below, each for a reason that is
no text on the screen.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parents[2] / "omm_desktop"
PRIVATE = {"login", "mailbox", "sender", "subject", "detail"}
"""Attributes of accounts, labels, problems and plans that nothing else is called by."""

ALSO = {
    "account.address",
    "account.name",
    "account.place",
    "account.path",
    "plan.origin",
    "notice.address",
    "notices.address",
}

READERS = {
    "wizard/present/person.py": PRIVATE | ALSO,  # the mask
    "wizard/present/accounts.py": {"mailbox", "account.address"},  # handed to person
    "wizard/present/review.py": {"account.place", "notices.address"},  # handed to person
    "wizard/present/result.py": {"sender", "subject", "detail"},  # whether there is one
    "ui/orphaned_passwords.py": {"login"},  # compared, shown nowhere
    "ui/pages/account_page.py": {"account.address"},  # to a search; whether it is empty
    "ui/pages/destination.py": {"account.address"},  # to a search
    "ui/pages/result.py": {"account.path"},  # opened by the system
    "ui/pages/source.py": {"mailbox"},  # a button
    "ui/widgets/account_form.py": {"account.address", "login"},  # to its field, which shows dots
    "ui/widgets/mail_notice.py": {"notice.address"},  # likewise
    "ui/widgets/other_mailbox.py": {"mailbox"},  # likewise
    "ui/widgets/save_folder.py": {"account.path"},  # likewise
    "ui/widgets/server_settings.py": {"login"},  # likewise
    "ui/reference/printing.py": {"login"},  # how a service wants it, nobody's
    "ui/reference/sheet_view.py": {"login"},  # likewise
}


def read(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            owner = ast.unparse(node.value).lstrip("_").rpartition(".")[2].lstrip("_")
            if node.attr in PRIVATE:
                yield node.attr
            elif f"{owner}.{node.attr}" in ALSO:
                yield f"{owner}.{node.attr}"


def test_only_these_read_what_is_private() -> None:
    found: dict[str, set[str]] = {}
    for room in ("ui", "wizard/present"):
        for file in (HOUSE / room).rglob("*.py"):
            names = set(read(ast.parse(file.read_text("utf-8"))))
            if names:
                found[file.relative_to(HOUSE).as_posix()] = names
    too_many = {
        file: names - READERS.get(file, set())
        for file, names in found.items()
        if names - READERS.get(file, set())
    }
    assert not too_many
    assert not set(READERS) - set(found), "these read nothing private any more"


def test_files_are_chosen_in_one_place() -> None:
    """It warns before names of files are shown."""
    users = [
        file.relative_to(HOUSE).as_posix()
        for file in (HOUSE / "ui").rglob("*.py")
        if "QFileDialog" in file.read_text("utf-8")
    ]
    assert users == ["ui/file_dialogs.py"]
