"""Contacts and events through any sequence of copies, deaths, lost answers and edits.

Once copies have run to their end, no UID is there twice by our doing, each contact is there as
often as the more numerous side had it, and what is ours says what it says at the source.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from omm_desktop.model.items import ItemKind
from omm_desktop.model.plan import FolderRule
from omm_desktop.model.report import Report

from .memory import Box, Mail
from .world import World

CONTACTS, AGENDA, BESIDE = ("Contacts",), ("Agenda",), ("Agenda bis",)
KIND = {CONTACTS: ItemKind.CONTACTS, AGENDA: ItemKind.EVENTS, BESIDE: ItemKind.EVENTS}
"""Of the folders of the source; BESIDE leads into AGENDA as well."""

paths = st.sampled_from(tuple(KIND))
entries = st.builds(
    lambda name, says: Mail(b"%d" % name, b"says %d" % says), st.integers(0, 3), st.integers(0, 2)
)
Found = list[tuple[tuple[str, ...], Mail]]


class CopyingKinds(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        shared_memory = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(dir=shared_memory if shared_memory.is_dir() else None))
        self.records_lost = False
        self.edits = 0

    @initialize(
        writers=st.integers(1, 3),
        source=st.lists(st.tuples(paths, entries), max_size=12),
        foreign=st.lists(st.tuples(st.sampled_from((CONTACTS, AGENDA)), entries), max_size=4),
    )
    def furnish(self, writers: int, source: Found, foreign: Found) -> None:
        self.world = World(self.folder, writers)
        self.world.carry(*KIND.values())
        self.world.rules = (FolderRule(BESIDE, AGENDA),)
        for path, kind in KIND.items():
            self.world.source.boxes[path] = Box(kind=kind)
        for path in (CONTACTS, AGENDA):
            self.world.destination.boxes[path] = Box(kind=KIND[path])
        for path, one in source:
            self.world.source.put(path, one)
        for path, one in foreign:
            self.world.destination.put(path, one)
        self.foreign = {path: self.names(path) for path in (CONTACTS, AGENDA)}

    def names(self, path: tuple[str, ...]) -> Counter[bytes]:
        return Counter(one.headers for one in self.world.destination.boxes[path].mails.values())

    def copy(self, *, update: bool, dies_at: int | None = None) -> Report | None:
        self.world.update = update
        report, _ = self.world.run(dies_at)
        return report

    @rule(step=st.integers(1, 120), update=st.booleans())
    def copy_and_die(self, step: int, update: bool) -> None:
        self.copy(update=update, dies_at=step)

    @rule(
        batch=st.integers(0, 4),
        stored=st.integers(0, 4),
        late=st.sampled_from([0.0, 25.0]),
        step=st.none() | st.integers(20, 120),
    )
    def lose_an_answer(self, batch: int, stored: int, late: float, step: int | None) -> None:
        faults = self.world.destination.faults
        faults.lose_answer_at, faults.store_before_loss, faults.late_by = batch, stored, late
        self.copy(update=False, dies_at=step)
        faults.lose_answer_at = -1

    @rule(change=st.integers(0, 3), arrives=st.booleans(), step=st.none() | st.integers(20, 60))
    def lose_an_update(self, change: int, arrives: bool, step: int | None) -> None:
        faults = self.world.destination.faults
        faults.lose_update_at, faults.update_before_loss = change, arrives
        self.copy(update=True, dies_at=step)
        faults.lose_update_at = -1

    @rule(path=paths, which=st.integers(0, 11))
    def edit(self, path: tuple[str, ...], which: int) -> None:
        box = self.world.source.boxes[path]
        if box.mails:
            self.edits += 1
            box.edit(sorted(box.mails)[which % len(box.mails)], b"edit %d" % self.edits)

    @rule(path=paths, one=entries)
    def write(self, path: tuple[str, ...], one: Mail) -> None:
        self.world.source.put(path, one)

    @rule()
    def lose_the_records(self) -> None:
        for file in self.folder.glob("ledger.db*"):
            file.unlink()
            self.records_lost = True

    def teardown(self) -> None:
        try:
            if hasattr(self, "world"):
                self.finish()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def finish(self) -> None:
        before = {path: dict(box.mails) for path, box in self.world.source.boxes.items()}
        for _ in range(2):
            report = self.copy(update=True)
            self.world.let_all_arrive()
            assert report is not None
            assert report.failed == ()
        there = self.world.destination.all_mail()
        last = self.copy(update=True)
        assert last is not None
        assert (last.copied, last.totals.updated) == (0, 0)
        assert self.world.destination.all_mail() == there
        assert before == {path: box.mails for path, box in self.world.source.boxes.items()}
        self.check_events()
        self.check_contacts()

    def check_events(self) -> None:
        source = [
            event
            for path in (AGENDA, BESIDE)
            for event in self.world.source.boxes[path].mails.values()
        ]
        wanted = Counter({event.headers: 1 for event in source})
        assert self.names(AGENDA) == wanted | self.foreign[AGENDA]
        says = {event.headers: event.body for event in source}
        alone = {uid for uid, number in Counter(e.headers for e in source).items() if number == 1}
        ours = self.world.destination.boxes[AGENDA].marks.values()
        assert all(says[one.headers] == one.body for one in ours if one.headers in alone)

    def check_contacts(self) -> None:
        source = Counter(self.world.source.boxes[CONTACTS].mails.values())
        wanted = Counter(one.headers for one in source.elements()) | self.foreign[CONTACTS]
        ours = Counter(self.world.destination.boxes[CONTACTS].marks.values())
        if self.records_lost:
            # Of what was edited both versions are there: nobody knows any more that they are one.
            assert self.names(CONTACTS) >= wanted
        else:
            assert self.names(CONTACTS) == wanted
            assert ours <= source


TestCopyingKinds = CopyingKinds.TestCase
TestCopyingKinds.settings = settings(
    max_examples=60,
    stateful_step_count=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
