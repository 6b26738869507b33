"""Files in the wizard: what a draft with them plans, what comes back from a plan, what is said."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from omm_desktop.endpoints.files.recognise import FileKind
from omm_desktop.endpoints.files.survey import Survey
from omm_desktop.guide.exports import guides
from omm_desktop.language import LANGUAGES
from omm_desktop.model.account import Account, EndpointKind, Security, Server, on_disk
from omm_desktop.model.items import Folder, FolderRole, Holds, ItemKind
from omm_desktop.model.ports import Space
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.support.catalogue import catalogue
from omm_desktop.wizard.carrying import Obstacle, carriages
from omm_desktop.wizard.chosen_file import ChosenFile, chosen_file
from omm_desktop.wizard.draft import AccountCheck, Draft
from omm_desktop.wizard.present import file_kinds, files, review
from omm_desktop.wizard.probe_result import ProbeResult, together
from omm_desktop.wizard.restore import restore
from omm_desktop.wizard.rules import Fault, Field, Rule, destination_faults, source_faults

OLD = Account(
    EndpointKind.IMAP,
    "a@example.com",
    Server("imap.example.com", 993, Security.TLS),
    "a@example.com",
)
NEW = replace(
    OLD,
    kind=EndpointKind.EWS,
    login="b@example.org",
    address="b@example.org",
    server=Server("ex.example.org", 443, Security.TLS),
    url="https://ex.example.org/EWS/Exchange.asmx",
)
PASSWORD = Secret("secret")
INBOX = Folder(("INBOX",), "INBOX", FolderRole.INBOX, 10, 1000)
DAYS = Folder(("Days",), "d", FolderRole.CALENDAR, 3, 300, kind=ItemKind.EVENTS)
HERE = Path("/media/a").absolute()


def ics() -> ChosenFile:
    return ChosenFile(on_disk(EndpointKind.FILE, HERE / "days.ics"), None, ProbeResult((DAYS,)))


def whole_account() -> Draft:
    draft = Draft()
    for account, as_, found in (
        (draft.source, OLD, ProbeResult((INBOX,))),
        (draft.destination, NEW, ProbeResult((), kinds=frozenset(ItemKind))),
    ):
        account.prefill(as_, PASSWORD)
        account.check = AccountCheck(account.account(), PASSWORD, found)
    draft.files.append(ics())
    return draft


def test_a_mailbox_and_a_file_are_one_plan() -> None:
    plan = whole_account().plan()
    assert plan.source == OLD
    assert [file.path for file in plan.files] == [HERE / "days.ics"]
    assert plan.selection.kinds == {ItemKind.MAIL, ItemKind.EVENTS}
    assert plan.mailboxes == (OLD, NEW)


def test_files_take_the_place_of_the_mailbox() -> None:
    draft = whole_account()
    draft.from_files = True
    plan = draft.plan()
    assert (plan.source.path, plan.files) == (HERE / "days.ics", ())
    assert plan.selection.kinds == {ItemKind.EVENTS}
    assert draft.secrets == Secrets(Secret(""), PASSWORD)
    assert plan.mailboxes == (NEW,)


@pytest.mark.parametrize("from_files", [False, True])
def test_a_plan_with_files_comes_back_as_it_was(from_files: bool) -> None:
    draft = whole_account()
    draft.from_files = from_files
    plan, again = draft.plan(), Draft()
    restore(again, plan, draft.secrets)
    assert again.plan() == plan
    assert again.found is None


def test_a_copy_into_files_comes_back_as_it_was() -> None:
    draft = whole_account()
    draft.destination.kind, draft.destination.path = EndpointKind.FILES, HERE / "saved"
    plan, again = draft.plan(), Draft()
    restore(again, plan, draft.secrets)
    assert again.plan() == plan
    assert draft.secrets.destination == Secret("")


def test_what_nothing_holds_is_told_so() -> None:
    draft = whole_account()
    told = {one.content: one.obstacle for one in carriages(*draft.ends)}
    assert told[ItemKind.EVENTS] is None
    assert told[ItemKind.CONTACTS] is Obstacle.NONE_THERE


def test_folders_of_one_name_are_one_but_labels_stay_apart() -> None:
    label = replace(INBOX, holds=Holds.LABEL)
    found = together([ProbeResult((INBOX,)), ProbeResult((INBOX, label))])
    assert [(one.count, one.holds) for one in found.folders] == [
        (20, Holds.OWN),
        (10, Holds.LABEL),
    ]


def test_faults_of_files_and_folders(tmp_path: Path) -> None:
    draft = Draft(from_files=True)
    assert source_faults(draft) == [Fault(Field.FILES, Rule.FILES_MISSING)]
    file = chosen_file(tmp_path / "x.mbox")
    draft.files.append(file)
    assert source_faults(draft) == []
    file.problem = Problem(ProblemId.FILE_UNREADABLE, Place.SOURCE)
    assert source_faults(draft) == [Fault(Field.FILES, Rule.FILE_REFUSED)]
    draft.destination.kind = EndpointKind.FILES
    for path, rule in (
        (None, Rule.FOLDER_MISSING),
        (Path("saved"), Rule.FOLDER_INCOMPLETE),
        (file.account.place, Rule.SAME_FOLDER),
    ):
        draft.destination.path = path
        assert destination_faults(draft) == [Fault(Field.FOLDER, rule)]
    draft.destination.path = tmp_path / "saved"
    assert destination_faults(draft) == []


def test_a_glance_tells_kind_size_and_contents() -> None:
    outlook = Survey(FileKind.PST, 2_100_000_000, Counter({FileKind.PST: 1}))
    assert files.glance(outlook) == "Outlook file, 2.1 GB: messages, contacts, calendars, tasks"
    folder = Survey(FileKind.FOLDER, 9_000, Counter({FileKind.VCF: 2, FileKind.EML: 1}))
    assert files.glance(folder) == "Folder, 9 kB, 3 files: messages, contacts"
    packed = Survey(FileKind.ZIP, 9_000, Counter({FileKind.VCF: 1}), unpacked=2_100_000_000)
    assert files.glance(packed) == (
        "Zip archive, 9 kB, 2.1 GB more of this disk while it is read: contacts"
    )
    assert all(file_kinds.kind_name(kind) for kind in FileKind)


def test_a_disk_without_room_is_told_before_the_copy() -> None:
    draft = whole_account()
    draft.destination.kind, draft.destination.path = EndpointKind.FILES, HERE / "saved"
    room = ProbeResult((), Space(0, 900), frozenset(ItemKind))
    told = review.review(draft.plan(), draft.found_each, room)
    assert (told.space, told.space_missing) == ("This disk lacks 400 bytes of room.", 400)


def test_folders_of_one_name_in_two_files_come_together_by_the_names_of_the_files() -> None:
    draft = Draft(from_files=True)
    there = Folder(("Friends",), "f", None, 3, 300)
    for place in ("a", "b"):
        file = on_disk(EndpointKind.FILE, HERE / place / "Friends.mbox")
        draft.files.append(ChosenFile(file, None, ProbeResult((there,))))
    draft.destination.prefill(NEW, PASSWORD)
    told = review.review(draft.plan(), draft.found_each, ProbeResult((), kinds=frozenset(ItemKind)))
    one, other = "a/Friends.mbox › Friends", "b/Friends.mbox › Friends"
    assert told.names.lines == (
        f"{one} → Friends, together with {other}",
        f"{other} → Friends, together with {one}",
    )


def test_a_damaged_file_is_told_as_soon_as_it_is_counted() -> None:
    damaged = [Problem(ProblemId.FILE_DAMAGED, Place.SOURCE, where) for where in ("a", "b")]
    found = ProbeResult((replace(DAYS, remarks=tuple(damaged)), replace(DAYS, path=("More",))))
    (told,) = files.warnings(replace(ics(), found=found), catalogue())
    assert told == "!  Part of the file is damaged. Code 15-42"
    assert files.warnings(ics(), catalogue()) == []


def test_how_to_get_files_is_short_in_both_languages() -> None:
    every = (*guides().programs, *guides().readers)
    steps = [step for export in every for step in export.steps]
    assert len(steps) > 10
    for language in LANGUAGES:
        for step in steps:
            for sentence in step.text(language).split(". "):
                assert len(sentence.split()) <= 20, sentence
