"""Contacts, events and tasks in the words of every page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from omm_desktop.endpoints.convert.loss import Loss
from omm_desktop.endpoints.ews.differences import Difference
from omm_desktop.endpoints.ews.groupware.drafts import told
from omm_desktop.model.account import Access, Account, EndpointKind, Security, Server
from omm_desktop.model.items import Folder, ItemKind, ItemLabel
from omm_desktop.model.plan import MigrationPlan, Options, Selection
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.progress import FolderProgress, FolderState, Mood, Phase, Snapshot
from omm_desktop.model.report import Grade, Note
from omm_desktop.model.settings import SettingKind
from omm_desktop.report.as_html import as_html
from omm_desktop.report.differences import read
from omm_desktop.report.explained import details
from omm_desktop.store.history import PastRun
from omm_desktop.support.catalogue import catalogue
from omm_desktop.wizard.carrying import Carriage, End, Obstacle, carriages
from omm_desktop.wizard.draft import AccountDraft
from omm_desktop.wizard.present import accounts, home, options, progress, result, review
from omm_desktop.wizard.probe_result import ProbeResult

from .reports import failed_item, folder, report

MAIL, CONTACTS, EVENTS, TASKS = ItemKind
EWS, IMAP, POP = EndpointKind.EWS, EndpointKind.IMAP, EndpointKind.POP3
OLD = Account(
    EWS, "moi@exemple.fr", Server("ex.exemple.fr", 443, Security.TLS), "moi@exemple.fr",
    "https://ex.exemple.fr/EWS/Exchange.asmx",
)  # fmt: skip
NEW = replace(OLD, login="moi@exemple.com", address="moi@exemple.com")
HELD = {MAIL: 1200, CONTACTS: 1, EVENTS: 2, TASKS: 0}
FOUND = ProbeResult(
    tuple(Folder((kind,), kind, None, number, 9, kind=kind) for kind, number in HELD.items()),
    kinds=frozenset(ItemKind),
)


def test_what_a_check_found() -> None:
    assert accounts.found(FOUND) == "4 folders, about 1,200 messages, 1 contact, 2 events"
    assert accounts.kinds_line(FOUND) == "this mailbox takes: e-mail, contacts, calendars, tasks"
    assert accounts.already_there(FOUND).startswith(
        "It already holds 1,200 messages, 1 contact, 2 events. "
    )
    assert accounts.already_there(ProbeResult(())) == ""


def test_what_is_said_of_exchange() -> None:
    draft = AccountDraft()
    draft.take(replace(OLD, mailbox="lui@exemple.fr", access=Access.DELEGATE))
    assert accounts.settings_line(draft, None) == "ex.exemple.fr, by Exchange – settings typed"
    assert accounts.remark(draft) == "This opens the mailbox of lui@exemple.fr."
    draft.host = "https://outlook.office365.com/ews/exchange.asmx"
    assert accounts.is_closed(draft)
    assert "Exchange Online" in accounts.remark(draft)
    draft.use_kind(IMAP)
    assert not accounts.is_closed(draft)


@pytest.mark.parametrize(
    ("obstacle", "source", "destination", "words"),
    [
        (Obstacle.OLD, IMAP, EWS, "not by IMAP"),
        (Obstacle.OLD, POP, EWS, "not by POP"),
        (Obstacle.NEW, EWS, IMAP, "the new mailbox takes none by IMAP"),
        (Obstacle.NEW, EWS, EWS, "the new mailbox takes none"),
        (Obstacle.NONE_THERE, EWS, EWS, "the old mailbox has none"),
        (Obstacle.EXCHANGE_ALONE, EWS, IMAP, "only from Exchange to Exchange"),
    ],
)
def test_each_reason_has_its_words(
    obstacle: Obstacle, source: EndpointKind, destination: EndpointKind, words: str
) -> None:
    assert options.reason(obstacle, (End(source), End(destination))) == words


def test_of_files_no_reason_speaks_of_a_mailbox_that_is_not_there() -> None:
    alone, beside = End(EndpointKind.FILE), End(EWS, beside=frozenset({EndpointKind.FILE}))
    told = [options.reason(Obstacle.NONE_THERE, (end, End(EWS))) for end in (alone, beside)]
    assert told == ["the files hold none", "neither the mailbox nor the files hold any"]


def test_folders_of_one_name_in_two_sources_are_told() -> None:
    assert options.shared_folders([FOUND, None]) == ""
    assert options.shared_folders([FOUND, FOUND]).startswith("A folder that several sources have")


def test_what_a_destination_does_not_take_is_named_with_its_number() -> None:
    problem = Problem(ProblemId.KIND_NOT_ACCEPTED, Place.DESTINATION, "", CONTACTS)
    notes = (Note("a.pst/People", problem, count=120), Note("", replace(problem, subject=TASKS)))
    told = replace(report(Grade.COMPLETE_WITH_NOTES), notes=notes)
    (group,) = result.result(told, catalogue()).notes
    assert group.lines == ("120 contacts – folder a.pst › People", "Tasks")
    page = as_html(told, catalogue().entry)
    assert "120 contacts" in page
    assert "Tasks" in page


@pytest.mark.parametrize(
    ("carriage", "line"),
    [
        (Carriage(MAIL, None, 1200), "E-mail (1,200 messages, 9 bytes)"),
        (Carriage(CONTACTS, None, 1), "Contacts (1)"),
        (Carriage(EVENTS, None, 2), "Calendars (2 events)"),
        (Carriage(TASKS, Obstacle.NONE_THERE, 0), "Tasks"),
        (Carriage(TASKS), "Tasks"),
        (Carriage(SettingKind.RULES), "Rules of the inbox"),
    ],
)
def test_a_line_for_each_of_the_contents(carriage: Carriage, line: str) -> None:
    assert options.kind_line(carriage, FOUND) == line


def test_the_review_names_each_kind_and_what_stays() -> None:
    plan = MigrationPlan(
        OLD,
        NEW,
        Selection(frozenset({MAIL, CONTACTS, EVENTS})),
        Options(at_most=20, update=True),
    )
    told = [sentence.text for sentence in review.review(plan, [FOUND], FOUND).sentences]
    assert told[2:] == [
        "E-mail: 1,200 messages, 9 bytes, 1 folder.",
        "Contacts: 1 contact, 1 folder.",
        "Calendars: 2 events, 1 folder.",
        "What was edited since an earlier copy is updated.",
        "A trial first: at most 20 items.",
    ]
    by_imap = replace(NEW, kind=IMAP, url="")
    told = [
        sentence.text
        for sentence in review.review(
            MigrationPlan(OLD, by_imap), [FOUND], replace(FOUND, kinds=frozenset({MAIL}))
        ).sentences
    ]
    assert told[-2:] == [
        "Left in the old mailbox: 1 contact, since the new mailbox takes none by IMAP.",
        "Left in the old mailbox: 2 events, since the new mailbox takes none by IMAP.",
    ]


def snapshot(*folders: FolderProgress, phase: Phase = Phase.COPYING) -> Snapshot:
    return Snapshot(
        phase, Mood.RUNNING, items_total=30, items_done=13, bytes_total=0, bytes_done=0, copied=13,
        present=0, failed=1, seconds=1.0, remaining=None, folders=folders,
    )  # fmt: skip


def under_way(kind: ItemKind, total: int, copied: int) -> FolderProgress:
    return FolderProgress(kind, kind, None, FolderState.COPYING, total, copied, 0, 0, kind=kind)


def test_progress_counts_each_kind() -> None:
    mixed = snapshot(under_way(MAIL, 28, 12), under_way(CONTACTS, 1, 1), under_way(EVENTS, 1, 0))
    told = progress.progress(mixed, catalogue())
    assert told.numbers == "12 of 28 messages · 1 of 1 contact · 0 of 1 event"
    assert told.failures == "1 item could not be copied. The report will name it."
    assert told.number_column == "Number"
    mail = progress.progress(snapshot(under_way(MAIL, 30, 13)), catalogue())
    assert mail.numbers == "13 of 30 messages"
    assert mail.number_column == "Messages"


def test_the_result_counts_each_kind_and_names_what_was_edited() -> None:
    told = report(Grade.COMPLETE, failed=())
    people = replace(folder("Contacts", 3, 1), kind=CONTACTS, edited=2, updated=1)
    edited = (failed_item("Ada", ProblemId.ITEM_EDITED),)
    words = result.result(
        replace(told, folders=(*told.folders, people), edited=edited), catalogue()
    )
    numbers = dict(words.numbers)
    assert numbers["Copied"] == "8,001 messages, 3 contacts"
    assert numbers["Already there"] == "293 messages, 1 contact"
    assert numbers["Not copied"] == "0"
    assert (numbers["Edited since"], numbers["Updated"]) == ("2 contacts", "1 contact")
    (group,) = words.edited
    assert "Ada" in group.lines[0]
    assert "Edited since" not in dict(result.result(told, catalogue()).numbers)


@pytest.mark.parametrize(
    ("kinds", "words", "button"),
    [
        (frozenset({MAIL}), "3 messages of 8.", "Copy the new messages"),
        (frozenset({MAIL, TASKS}), "3 items of 8.", "Copy what is new"),
    ],
)
def test_a_past_copy_says_what_it_copied(
    kinds: frozenset[ItemKind], words: str, button: str
) -> None:
    plan = MigrationPlan(OLD, NEW, Selection(kinds))
    stopped = PastRun(1, 1_773_321_600.0, None, None, plan, 3, 8)
    assert home.interrupted(stopped).endswith(words)
    assert home.again(stopped) == "Resume"
    assert home.again(replace(stopped, grade=Grade.COMPLETE)) == button


@pytest.mark.parametrize(
    ("source", "destination", "said"),
    [
        (EWS, IMAP, "Is the new mailbox on Exchange? Choose Exchange at step 2: all comes along."),
        (IMAP, EWS, "Is the old mailbox on Exchange? Choose Exchange at step 1: all comes along."),
        (EWS, EWS, ""),
        (EndpointKind.MBOX, EWS, ""),
        (IMAP, IMAP, ""),
    ],
)
def test_what_stays_behind_has_a_way_out(
    source: EndpointKind, destination: EndpointKind, said: str
) -> None:
    carried = carriages(End(source), End(destination))
    assert options.way_out(carried, source, destination) == said


def test_what_exchange_does_not_hold_is_told_with_its_reason() -> None:
    loss = Loss("EMAIL", "d@x.test", Difference.THREE_ADDRESSES)
    notes = (Note("Contacts", told(loss, Place.DESTINATION), ItemLabel("", "", "Zoé")),)
    shown = result.result(replace(report(Grade.COMPLETE_WITH_NOTES), notes=notes), catalogue())
    (group,) = shown.notes
    assert group.in_manual
    assert group.lines == ("Zoé – folder Contacts – E-mail address: d@x.test",)
    assert details(notes[0].problem).startswith(
        "E-mail address (EMAIL): d@x.test – Exchange has three e-mail"
    )


def test_a_long_value_does_not_cut_its_reason_off() -> None:
    loss = Loss("NOTE", "x" * 5_000, Difference.NO_FIELD)
    assert read(told(loss, Place.DESTINATION).detail)[1] is not None
