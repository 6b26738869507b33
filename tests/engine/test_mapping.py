"""Where folders lead."""

from __future__ import annotations

import pytest

from omm_desktop.engine.mapping import routes
from omm_desktop.model.items import Folder, FolderPath, FolderRole, Holds, ItemKind
from omm_desktop.model.plan import FolderRule


def folder(*path: str, role: FolderRole | None = None) -> Folder:
    return Folder(path, "/".join(path), FolderRole.INBOX if path == ("INBOX",) else role)


def no_slash(path: FolderPath) -> FolderPath:
    return tuple(part.replace(".", "-") for part in path)


def map_all(
    sources: list[Folder], destinations: list[Folder], rules: tuple[FolderRule, ...] = ()
) -> dict[FolderPath, FolderPath]:
    found = routes(sources, destinations, rules, no_slash)
    return {route.source.path: route.destination for route in found}


SENT, DRAFTS, ARCHIVE = FolderRole.SENT, FolderRole.DRAFTS, FolderRole.ARCHIVE
INBOX = folder("INBOX")


def test_roles_win_over_names_and_subfolders_follow() -> None:
    sources = [INBOX, folder("Sent", role=SENT), folder("Sent", "2019"), folder("Sentier")]
    there = [INBOX, folder("Éléments envoyés", role=SENT)]
    assert map_all(sources, there) == {
        ("INBOX",): ("INBOX",),
        ("Sent",): ("Éléments envoyés",),
        ("Sent", "2019"): ("Éléments envoyés", "2019"),
        ("Sentier",): ("Sentier",),
    }


def test_two_folders_of_one_role_go_to_the_one_there_is() -> None:
    sources = [folder("Sent", role=SENT), folder("Gesendet", role=SENT)]
    assert set(map_all(sources, [folder("Sent", role=SENT)]).values()) == {("Sent",)}


def test_the_second_run_finds_what_the_first_created() -> None:
    sources = [folder("Archives", role=ARCHIVE), folder("Архив", role=ARCHIVE)]
    first = map_all(sources, [INBOX])
    created = [INBOX, folder("Архив", role=ARCHIVE), folder("Archives", role=ARCHIVE)]
    assert map_all(sources, created) == first
    assert map_all(sources, created[::-1]) == first


def test_the_inbox_of_any_case_is_the_inbox_and_its_children_stay() -> None:
    sources = [Folder(("Inbox",), "Inbox", FolderRole.INBOX), folder("INBOX", "Clients")]
    assert map_all(sources, [INBOX]) == {
        ("Inbox",): ("INBOX",),
        ("INBOX", "Clients"): ("INBOX", "Clients"),
    }


def test_the_persons_rule_wins() -> None:
    sources = [folder("Sent", role=SENT), folder("Sent", "Old")]
    rule = FolderRule(("Sent",), ("Ancien", "Envoyés"))
    assert map_all(sources, [folder("Sent", role=SENT)], (rule,)) == {
        ("Sent",): ("Ancien", "Envoyés"),
        ("Sent", "Old"): ("Ancien", "Envoyés", "Old"),
    }


def test_names_made_equal_by_mending_stay_two_folders() -> None:
    found = routes([folder("a.b"), folder("a-b"), folder("a.b", "c")], [INBOX], (), no_slash)
    assert {r.source.path: (r.destination, r.renamed) for r in found} == {
        ("a-b",): (("a-b",), False),
        ("a.b",): (("a-b (2)",), True),
        ("a.b", "c"): (("a-b (2)", "c"), False),
    }


@pytest.mark.parametrize(
    ("there", "archives"),
    [([], ("Archives",)), ([folder("Ablage", role=FolderRole.ARCHIVE)], ("Ablage",))],
)
def test_what_is_in_no_other_folder_goes_to_the_archive(
    there: list[Folder], archives: FolderPath
) -> None:
    rest = Folder(("[Gmail]", "Tous"), "x", FolderRole.ALL, holds=Holds.REST)
    (route,) = routes([rest], there, (), no_slash)
    assert (route.destination, route.role) == (archives, FolderRole.ARCHIVE)
    assert not route.renamed


@pytest.mark.parametrize("role", [FolderRole.ALL, FolderRole.FLAGGED, None])
def test_other_roles_keep_their_names(role: FolderRole | None) -> None:
    assert map_all([folder("X", role=role)], [folder("Y", role=role)]) == {("X",): ("X",)}


CONTACTS, EVENTS = ItemKind.CONTACTS, ItemKind.EVENTS


def of_kind(kind: ItemKind, *path: str, role: FolderRole | None = None) -> Folder:
    return Folder(path, "/".join(path), role, kind=kind)


def test_the_folder_of_contacts_leads_to_the_one_there_is_whatever_its_name() -> None:
    sources = [
        of_kind(CONTACTS, "Contacts", role=FolderRole.CONTACTS),
        of_kind(CONTACTS, "Contacts", "Clients"),
        of_kind(EVENTS, "Calendrier", role=FolderRole.CALENDAR),
    ]
    there = [
        INBOX,
        of_kind(CONTACTS, "Kontakte", role=FolderRole.CONTACTS),
        of_kind(EVENTS, "Kalender", role=FolderRole.CALENDAR),
    ]
    assert map_all(sources, there) == {
        ("Contacts",): ("Kontakte",),
        ("Contacts", "Clients"): ("Kontakte", "Clients"),
        ("Calendrier",): ("Kalender",),
    }


@pytest.mark.parametrize("name", ["Kalender", "kalender"])
def test_a_name_of_another_kind_gets_a_number_and_subfolders_follow(name: str) -> None:
    sources = [folder(name), folder(name, "2019"), of_kind(CONTACTS, "Liste")]
    there = [
        of_kind(EVENTS, "Kalender", role=FolderRole.CALENDAR),
        of_kind(EVENTS, f"{name} (2)"),
        folder("Liste"),
    ]
    found = routes(sources, there, (), no_slash)
    assert {r.source.path: (r.destination, r.renamed) for r in found} == {
        (name,): ((f"{name} (3)",), True),
        (name, "2019"): ((f"{name} (3)", "2019"), False),
        ("Liste",): (("Liste (2)",), True),
    }


def test_no_rule_leads_into_a_folder_of_another_kind() -> None:
    sources = [folder("Projets"), of_kind(EVENTS, "Agenda")]
    rule = FolderRule(("Agenda",), ("Projets",))
    assert set(map_all(sources, [INBOX], (rule,)).values()) == {("Projets",), ("Projets (2)",)}


def test_the_second_run_finds_the_folder_that_got_a_number() -> None:
    sources = [folder("Kalender")]
    calendar = of_kind(EVENTS, "Kalender")
    first = map_all(sources, [calendar])
    assert first == {("Kalender",): ("Kalender (2)",)}
    assert map_all(sources, [calendar, folder("Kalender (2)")]) == first
