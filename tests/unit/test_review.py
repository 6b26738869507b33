"""What is told before anything is copied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from omm_desktop import language
from omm_desktop.language import set_language
from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.items import Folder, FolderRole, Holds
from omm_desktop.model.plan import (
    LEFT_OUT_ROLES,
    DailyBytes,
    Labels,
    MigrationPlan,
    Options,
    Selection,
)
from omm_desktop.model.ports import Space
from omm_desktop.model.settings import SettingKind
from omm_desktop.wizard.present.review import Review, review
from omm_desktop.wizard.probe_result import ProbeResult

NNBSP = "\u202f"
OLD = Account(EndpointKind.IMAP, "a", Server("imap.exemple.fr", 993, Security.TLS))
NEW = Account(EndpointKind.IMAP, "b", Server("imap.exemple.com", 993, Security.TLS))
USUAL = Selection(left_out=LEFT_OUT_ROLES)
INBOX = Folder(("INBOX",), "INBOX", FolderRole.INBOX, 3, 900)
SENT = Folder(("Envoyés",), "Envoyés", FolderRole.SENT, 2, 800)


@pytest.fixture(autouse=True)
def _french() -> Iterator[None]:
    before = language.current()
    set_language("fr")
    yield
    set_language(before)


def told(
    *folders: Folder,
    there: ProbeResult | None = None,
    selection: Selection = USUAL,
    led_to: dict[str, str] | None = None,
) -> Review:
    plan = MigrationPlan(OLD, NEW, selection)
    there = there or ProbeResult((INBOX,))
    return review(plan, [ProbeResult(folders)], there, led_to=[led_to or {}])


def texts(shown: Review) -> list[str]:
    return [sentence.text for sentence in shown.sentences]


def test_names_that_stay_are_not_mentioned() -> None:
    shown = told(INBOX, SENT)
    assert (shown.names.summary, shown.names.lines, shown.limits) == ("", (), ())


def test_a_folder_of_the_same_role_is_joined() -> None:
    there = ProbeResult((INBOX, Folder(("Sent",), "Sent", FolderRole.SENT)))
    shown = told(INBOX, SENT, Folder(("Envoyés", "2019"), "Envoyés/2019"), there=there)
    assert shown.names.summary == "2 dossiers changent de nom."
    assert shown.names.lines == (
        "Envoyés → Sent, ce dossier y existe déjà",
        "Envoyés › 2019 → Sent › 2019, comme le dossier qui le contient",
    )


def test_folders_that_come_together_name_each_other() -> None:
    there = ProbeResult((INBOX, Folder(("Sent",), "Sent", FolderRole.SENT)))
    shown = told(SENT, Folder(("Gesendet",), "Gesendet", FolderRole.SENT), there=there)
    assert shown.names.summary == "2 dossiers sont réunis avec d’autres."
    assert shown.names.lines == (
        "Envoyés → Sent, réuni avec Gesendet",
        "Gesendet → Sent, réuni avec Envoyés",
    )


def test_a_name_that_the_new_mailbox_refuses() -> None:
    there = ProbeResult((INBOX,), acceptable=lambda path: tuple(p.replace("/", "-") for p in path))
    shown = told(INBOX, Folder(("A/B",), "A/B", None, 1, 1), there=there)
    assert shown.names.lines == ("A › B → A-B, son nom n’y est pas accepté",)


def test_names_that_differ_in_capitals_alone_are_told() -> None:
    capital, small = Folder(("Clients",), "C"), Folder(("clients",), "c")
    shown = told(INBOX, capital, small)
    assert shown.names.summary == "Des noms ne diffèrent que par les majuscules."
    assert shown.names.lines == (
        f"Clients, clients{NNBSP}: là où les majuscules ne comptent pas, ils n’en font qu’un,"
        " ou l’un reçoit un numéro",
    )
    beside = told(INBOX, small, there=ProbeResult((INBOX, capital)))
    assert len(beside.names.lines) == 1
    distinct = ProbeResult((INBOX, Folder(("Été",), "E"), Folder(("été",), "e")))
    assert told(INBOX, capital, small, there=distinct).names.lines == ()


def test_where_an_earlier_copy_led_counts_as_in_the_run() -> None:
    there = ProbeResult((INBOX, Folder(("Ventes",), "Ventes")))
    shown = told(INBOX, Folder(("Clients",), "C", None, 1, 1), there=there, led_to={"C": "Ventes"})
    assert shown.names.lines == ("Clients → Ventes, ce dossier y existe déjà",)


def test_what_stays_behind_is_named_with_its_number() -> None:
    trash = Folder(("Corbeille",), "Corbeille", FolderRole.TRASH, 210, 1)
    junk = Folder(("Spam",), "Spam", FolderRole.JUNK, None, 1)
    said = texts(told(INBOX, trash, junk))
    assert f"Non copiés{NNBSP}: Corbeille (210{NNBSP}messages), Indésirables." in said
    everything = told(INBOX, trash, junk, selection=Selection())
    assert not any("Non copiés" in text for text in texts(everything))


def test_long_lists_are_cut() -> None:
    folders = [Folder((f"Partagé {n}",), f"P{n}", None, personal=False) for n in range(7)]
    (said,) = [text for text in texts(told(INBOX, *folders)) if "Partagé" in text]
    assert said.endswith("Partagé 3 et 3 autres.")


def test_views_of_other_folders_are_told_and_not_counted() -> None:
    view = Folder(("Tous",), "Tous", FolderRole.ALL, 5000, 9, holds=Holds.VIEW)
    said = texts(told(INBOX, view))
    assert said[2].startswith(f"E-mails{NNBSP}: 3{NNBSP}messages")
    assert said[3].startswith(f"Non copiés deux fois{NNBSP}: Tous les messages (5{NNBSP}000")


def test_a_limit_is_told_where_something_could_be_above_it() -> None:
    there = ProbeResult((INBOX,), largest_item=850)
    assert told(INBOX, there=there).limits[0].startswith("La nouvelle boîte accepte des messages")
    assert told(SENT, there=there).limits == ()
    unknown = Folder(("INBOX",), "INBOX", FolderRole.INBOX, 3, None)
    empty = Folder(("Vide",), "Vide", None, 0, None)
    assert told(unknown, there=there).limits
    assert told(empty, there=there).limits == ()


def test_a_limit_known_of_the_provider_stands_in_for_what_the_server_does_not_tell() -> None:
    plan = replace(MigrationPlan(OLD, NEW, USUAL), largest_known=850)
    limits = review(plan, [ProbeResult((INBOX,))], ProbeResult((INBOX,))).limits
    assert limits[0].startswith(f"La nouvelle boîte accepte des messages jusqu’à 850{NNBSP}octets")
    assert limits[1:] == (
        f"Cette limite est celle connue du fournisseur{NNBSP}; le serveur n’en dit rien.",
    )
    told = ProbeResult((INBOX,), largest_item=1_000)
    assert review(plan, [ProbeResult((INBOX,))], told).limits == ()


def with_room(free: int) -> ProbeResult:
    return ProbeResult((INBOX,), Space(used_bytes=500, limit_bytes=500 + free))


def test_a_copy_that_just_fits_is_told_and_not_refused() -> None:
    """1,700 bytes to copy: three in a hundred more would be 1,751."""
    tight = told(INBOX, SENT, there=with_room(1_750))
    assert tight.space == f"Place tout juste suffisante{NNBSP}: 1,7{NNBSP}ko à copier, " + (
        f"1,8{NNBSP}ko libres à destination."
    )
    assert (tight.space_sure, tight.space_missing) == (False, 0)
    roomy = told(INBOX, SENT, there=with_room(1_751))
    assert (roomy.space_sure, roomy.space_missing) == (True, 0)
    lacking = told(INBOX, SENT, there=with_room(1_699))
    assert (lacking.space_sure, lacking.space_missing) == (True, 1)


def test_a_part_of_the_mail_is_not_called_tight() -> None:
    trial = MigrationPlan(OLD, NEW, USUAL, Options(at_most=2))
    shown = review(trial, [ProbeResult((INBOX, SENT))], with_room(1_750))
    assert shown.space.startswith("Place suffisante")


def test_labels_that_are_lost_are_told() -> None:
    lost = ProbeResult((INBOX,), keeps_keywords=False)
    assert "étiquettes" in told(INBOX, there=lost).limits[0]
    unknown = ProbeResult((INBOX,), keeps_keywords=None)
    assert told(INBOX, there=unknown).limits == ()


GMAIL = (
    Folder(("INBOX",), "INBOX", FolderRole.INBOX, 3000, holds=Holds.LABEL),
    Folder(("Clients",), "Clients", None, 9000, holds=Holds.LABEL),
    Folder(("[Gmail]", "Trash"), "t", FolderRole.TRASH, 50),
    Folder(("[Gmail]", "Starred"), "s", FolderRole.FLAGGED, 70, holds=Holds.VIEW),
    Folder(("[Gmail]", "All Mail"), "a", FolderRole.ALL, holds=Holds.REST, shows=10_000),
)


@pytest.mark.parametrize(
    ("selection", "labels", "told"),
    [
        (USUAL, Labels.ONCE, f"10{NNBSP}000{NNBSP}messages"),
        (Selection(), Labels.ONCE, f"10{NNBSP}050{NNBSP}messages"),
        (USUAL, Labels.EACH, f"environ 12{NNBSP}000{NNBSP}messages"),
        (Selection(include=("INBOX",)), Labels.ONCE, f"3{NNBSP}000{NNBSP}messages"),
        (
            Selection(include=("INBOX", "Clients")),
            Labels.ONCE,
            f"environ 10{NNBSP}000{NNBSP}messages",
        ),
        (Selection(include=("INBOX", "Clients")), Labels.EACH, f"12{NNBSP}000{NNBSP}messages"),
    ],
)
def test_the_review_counts_what_will_be_copied_of_labels(
    selection: Selection, labels: Labels, told: str
) -> None:
    plan = MigrationPlan(OLD, NEW, selection, Options(labels=labels))
    mail, of_labels = texts(review(plan, [ProbeResult(GMAIL)], None))[2:4]
    assert mail.startswith(f"E-mails{NNBSP}: {told}, ")
    assert "libellés" in of_labels


def test_a_daily_limit_is_told_in_days() -> None:
    slow = replace(MigrationPlan(OLD, NEW, USUAL), bytes_per_day=DailyBytes(source=100_000_000))
    assert f"environ 8{NNBSP}jours" in review(slow, [ProbeResult(GMAIL)], None).duration
    assert (
        "jours" not in review(MigrationPlan(OLD, NEW, USUAL), [ProbeResult(GMAIL)], None).duration
    )


def test_chats_stay_behind_and_are_named() -> None:
    chats = Folder(("[Gmail]", "Chats"), "c", None, 12, holds=Holds.CHATS)
    said = texts(told(INBOX, chats))
    assert said[2].startswith(
        f"E-mails{NNBSP}: 3{NNBSP}messages, 900{NNBSP}octets, 1{NNBSP}dossier"
    )
    assert any(text.startswith(f"Non copiés{NNBSP}: ") and "Chats" in text for text in said)


def test_what_becomes_of_rules_and_the_reply() -> None:
    asked = replace(USUAL, settings=frozenset(SettingKind))
    said = texts(told(INBOX, selection=asked))
    assert any("Celles qui transfèrent arrivent désactivées" in text for text in said)
    assert any("réponse d’absence, désactivée" in text for text in said)
    assert not any("désactivée" in text for text in texts(told(INBOX)))
