"""Mailbox names: decoding, splitting, roles, and what each server takes."""

from __future__ import annotations

import unicodedata

import pytest

from omm_desktop.endpoints.imap import names
from omm_desktop.endpoints.imap.creating import acceptable_path
from omm_desktop.endpoints.imap.folders import Hierarchy
from omm_desktop.endpoints.roles import role_by_attribute, role_by_name
from omm_desktop.model.items import FolderPath, FolderRole

SLASH, DOT = Hierarchy(b"/"), Hierarchy(b".")
COURIER = Hierarchy(b".", b"INBOX.")


@pytest.mark.parametrize(
    ("wire", "text"),
    [
        (b"Envoy&AOk-s", "Envoyés"),
        (b"R&-D", "R&D"),
        (b"R&D", "R&D"),
        (b"foo&", "foo&"),
        ("Envoyés".encode(), "Envoyés"),
        ("Envoyés".encode("latin-1"), "Envoyés"),
        (b"E&AwE-le", "\u00c9le"),
        (b"&ZeVnLIqe-", "日本語"),
    ],
)
def test_decoding(wire: bytes, text: str) -> None:
    assert names.decode(wire) == text


@pytest.mark.parametrize(
    ("wire", "delimiter", "prefix", "path"),
    [
        (b"inbox", b"/", b"", ("INBOX",)),
        (b"INBOX.Clients.A", b".", b"INBOX.", ("Clients", "A")),
        (b"INBOX/Clients", b"/", b"", ("INBOX", "Clients")),
        (b"Inbox/Clients", b"/", b"", ("INBOX", "Clients")),
        (b"a.b", b"/", b"", ("a.b",)),
        (b"flat", None, b"", ("flat",)),
    ],
)
def test_splitting(wire: bytes, delimiter: bytes, prefix: bytes, path: FolderPath) -> None:
    assert names.split(wire, delimiter, prefix) == path


@pytest.mark.parametrize(
    ("path", "hierarchy", "wire"),
    [
        (("INBOX",), COURIER, b"INBOX"),
        (("Été", "Juin"), COURIER, b"INBOX.&AMk-t&AOk-.Juin"),
        (("INBOX", "A"), SLASH, b"INBOX/A"),
        (("INBOX", "A"), COURIER, b"INBOX.A"),
        (("A", "B"), DOT, b"A.B"),
    ],
)
def test_joining(path: FolderPath, hierarchy: Hierarchy, wire: bytes) -> None:
    assert names.join(path, hierarchy.delimiter, hierarchy.prefix) == wire


def test_no_line_end_passes_into_a_command() -> None:
    assert names.quoted('a"b\\c') == b'"a\\"b\\\\c"'
    with pytest.raises(ValueError, match="line end"):
        names.quoted("a\r\nb DELETE INBOX")


@pytest.mark.parametrize(
    ("path", "hierarchy", "family", "expected"),
    [
        (("v1.2",), DOT, "dovecot", ("v1-2",)),
        (("v1.2",), SLASH, "dovecot", ("v1-2",)),
        (("v1.2",), SLASH, "cyrus", ("v1.2",)),
        (("50%", "a\\b!"), SLASH, "cyrus", ("50-", "a-b-")),
        (("50%",), DOT, "dovecot", ("50%",)),
        (("a/b",), COURIER, "courier", ("a-b",)),
        (("  a   b ",), SLASH, "", ("a b",)),
        (("a*b",), SLASH, "", ("a-b",)),
        (("..",), SLASH, "cyrus", ("-",)),
        (("INBOX", "A"), SLASH, "", ("INBOX", "A")),
        (("INBOX", "A"), COURIER, "courier", ("A",)),
        (("inbox",), COURIER, "courier", ("INBOX",)),
        (("A", "B"), Hierarchy(None), "", ("A - B",)),
        (("Été 2023", "Œuvres & naïveté"), SLASH, "cyrus", ("Été 2023", "Œuvres & naïveté")),
        ((unicodedata.normalize("NFD", "Été"),), SLASH, "", ("Été",)),
    ],
)
def test_names_as_servers_take_them(
    path: FolderPath, hierarchy: Hierarchy, family: str, expected: FolderPath
) -> None:
    once = acceptable_path(path, hierarchy, family)
    assert once == expected
    assert acceptable_path(once, hierarchy, family) == once


def test_long_names_stay_apart() -> None:
    one = acceptable_path(("é" * 300 + "1",), SLASH, "")
    two = acceptable_path(("é" * 300 + "2",), SLASH, "")
    assert one != two
    assert len(names.encode(one[0])) <= 200
    deep = acceptable_path(tuple("x" * 90 for _ in range(5)), SLASH, "")
    assert len(deep) == 5
    assert len(names.join(deep, b"/", b"")) <= 230


@pytest.mark.parametrize(
    ("path", "role"),
    [
        (("Inbox",), FolderRole.INBOX),
        (("Éléments envoyés",), FolderRole.SENT),
        ((unicodedata.normalize("NFD", "Éléments supprimés"),), FolderRole.TRASH),
        (("INBOX", "Brouillons"), FolderRole.DRAFTS),
        (("Gesendete Elemente",), FolderRole.SENT),
        (("Correo no deseado",), FolderRole.JUNK),
        (("Cestino",), FolderRole.TRASH),
        (("Rascunhos",), FolderRole.DRAFTS),
        (("Concepten",), FolderRole.DRAFTS),
        (("Wysłane",), FolderRole.SENT),
        (("Archives",), FolderRole.ARCHIVE),
        (("[Gmail]", "Sent Mail"), None),
        (("Clients", "Sent"), None),
        (("Factures",), None),
    ],
)
def test_roles_by_name(path: FolderPath, role: FolderRole | None) -> None:
    assert role_by_name(path) is role


def test_roles_by_attribute() -> None:
    assert role_by_attribute(["\\hasnochildren", "\\sent"]) is FolderRole.SENT
    assert role_by_attribute(["\\HasNoChildren", "\\Junk"]) is FolderRole.JUNK
    assert role_by_attribute(["\\noselect"]) is None
