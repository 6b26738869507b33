"""Mail that the source shows in several folders: one copy of each, or one for each folder."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from omm_desktop.model.items import FolderPath, Holds
from omm_desktop.model.plan import Labels, Selection
from omm_desktop.model.problem import ProblemId
from omm_desktop.model.report import Grade, Report

from .memory import Box, Mail
from .world import World

INBOX = ("INBOX",)
CLIENTS = ("Clients",)
URGENT = ("Clients", "Urgent")
ZOO = ("Zoo",)
ALL = ("[Gmail]", "All Mail")
LABELS = (INBOX, CLIENTS, URGENT, ZOO)


def mail(number: int) -> Mail:
    return Mail(
        b"Message-ID: %d" % number,
        b"body %d" % number,
        datetime(2020, 1, 1, tzinfo=UTC),
        object_id=str(1000 + number),
    )


class Gmail(World):
    """A world whose source shows each mail in the folder of every label it carries."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        for path in LABELS:
            self.source.boxes[path] = Box(holds=Holds.LABEL)
        self.source.boxes[ALL] = Box(holds=Holds.REST)

    def receive(self, number: int, *labels: FolderPath) -> None:
        for path in (ALL, *labels):
            self.source.put(path, mail(number))

    def take_off(self, number: int, label: FolderPath) -> None:
        box = self.source.boxes[label]
        box.mails = {uid: one for uid, one in box.mails.items() if one != mail(number)}

    def copied(self) -> Report:
        report, _ = self.run()
        assert report is not None
        return report

    def there(self) -> dict[FolderPath, list[int]]:
        """Numbers of the mail in each folder of the destination that holds any."""
        self.let_all_arrive()
        return {
            path: sorted(int(one.headers.rpartition(b" ")[2]) for one in box.mails.values())
            for path, box in self.destination.boxes.items()
            if box.mails
        }


@pytest.fixture
def gmail(tmp_path: Path) -> Gmail:
    gmail = Gmail(tmp_path)
    gmail.receive(1, INBOX, CLIENTS, URGENT)
    gmail.receive(2, CLIENTS, URGENT, ZOO)
    gmail.receive(3, CLIENTS, ZOO)
    gmail.receive(4, ZOO)
    gmail.receive(5)
    return gmail


ONCE = {INBOX: [1], URGENT: [2], CLIENTS: [3], ZOO: [4], ("Archives",): [5]}


def test_each_mail_arrives_once_in_the_folder_of_highest_rank(gmail: Gmail) -> None:
    report = gmail.copied()
    assert gmail.there() == ONCE
    assert (report.grade, report.listed, report.copied) == (Grade.COMPLETE_WITH_NOTES, 5, 5)
    assert {one.source: (one.listed, one.not_selected) for one in report.folders} == {
        "INBOX": (1, 0),
        "Clients": (1, 2),
        "Clients/Urgent": (1, 1),
        "Zoo": (1, 2),
        "[Gmail]/All Mail": (1, 0),
    }
    assert {(note.folder, note.count) for note in report.notes} == {
        ("Clients", 2),
        ("Clients/Urgent", 1),
        ("Zoo", 2),
    }
    assert {note.problem.id for note in report.notes} == {ProblemId.COPIED_ONCE}


def test_a_copy_for_each_label_is_made_on_request(gmail: Gmail) -> None:
    gmail.labels = Labels.EACH
    report = gmail.copied()
    assert gmail.there() == {
        INBOX: [1],
        CLIENTS: [1, 2, 3],
        URGENT: [1, 2],
        ZOO: [2, 3, 4],
        ("Archives",): [5],
    }
    assert (report.grade, report.copied) == (Grade.COMPLETE, 10)


def test_a_second_copy_adds_nothing_whatever_label_came_or_went(gmail: Gmail) -> None:
    gmail.copied()
    gmail.take_off(1, INBOX)
    gmail.take_off(4, ZOO)
    gmail.source.put(INBOX, mail(3), mail(5))
    again = gmail.copied()
    assert again.copied == 0
    assert gmail.there() == ONCE


def test_what_a_label_lost_before_it_arrived_comes_by_another(gmail: Gmail) -> None:
    gmail.destination.faults.refuse = frozenset({mail(1).fingerprint})
    assert gmail.copied().not_copied == 1
    gmail.destination.faults.refuse = frozenset()
    gmail.take_off(1, INBOX)
    assert gmail.copied().copied == 1
    assert gmail.there()[URGENT] == [1, 2]


def test_a_label_that_goes_during_the_copy_loses_nothing(gmail: Gmail) -> None:
    gmail.source.before_fetch = lambda: gmail.take_off(1, INBOX)
    gmail.copied()
    gmail.copied()
    assert gmail.there()[URGENT] == [1, 2]


def test_one_for_each_label_can_be_had_after_one_of_each(gmail: Gmail) -> None:
    gmail.copied()
    gmail.labels = Labels.EACH
    assert gmail.copied().copied == 5
    assert gmail.there()[CLIENTS] == [1, 2, 3]


def test_what_lost_its_last_label_since_is_not_brought_to_the_archive(gmail: Gmail) -> None:
    gmail.labels = Labels.EACH
    gmail.copied()
    gmail.take_off(4, ZOO)
    assert gmail.copied().copied == 0


def test_a_label_that_was_not_chosen_takes_no_mail(gmail: Gmail) -> None:
    gmail.selection = Selection(include=("Clients", "Zoo"))
    gmail.copied()
    assert gmail.there() == {CLIENTS: [1, 2, 3], ZOO: [4]}


@pytest.mark.parametrize("stored", [0, 1])
@pytest.mark.parametrize("late", [0.0, 25.0])
def test_a_label_that_moves_over_a_lost_answer_doubles_nothing(
    gmail: Gmail, stored: int, late: float
) -> None:
    faults = gmail.destination.faults
    faults.lose_answer_at, faults.store_before_loss, faults.late_by = 0, stored, late
    gmail.die_when_an_answer_is_lost()
    sent_to = [path for path in LABELS if gmail.destination.boxes[path].next_uid > 1]
    for number in range(1, 5):
        for path in LABELS:
            gmail.take_off(number, path)
        gmail.source.put(ZOO if sent_to != [ZOO] else CLIENTS, mail(number))
    report = gmail.copied()
    assert report.not_copied == 0
    found = Counter(number for numbers in gmail.there().values() for number in numbers)
    assert found == Counter(dict.fromkeys(range(1, 6), 1))


def test_chats_are_left_out_and_told(gmail: Gmail) -> None:
    chats = ("[Gmail]", "Chats")
    gmail.source.boxes[chats] = Box(holds=Holds.CHATS)
    gmail.source.put(chats, mail(9))
    report = gmail.copied()
    assert gmail.there() == ONCE
    told = {note.folder for note in report.notes if note.problem.id is ProblemId.CHATS_LEFT_OUT}
    assert told == {"[Gmail]/Chats"}
