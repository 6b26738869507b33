"""The command line around a scripted copy: exit status, output, Ctrl+C, no traceback."""

from __future__ import annotations

import io
import json
import os
import pty
import select
import signal
import termios
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from omm_desktop import language
from omm_desktop.cli.main import is_command, main
from omm_desktop.cli.migrate import Console, Status
from omm_desktop.cli.parser import OF_ARGPARSE
from omm_desktop.cli.progress import Lines, status_line
from omm_desktop.language import set_language
from omm_desktop.model.items import ItemKind
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import CannotGoOn, OmmError, Place, Problem, ProblemId
from omm_desktop.model.progress import (
    Event,
    FolderEnded,
    FolderProgress,
    FoldersRenamed,
    FolderState,
    KindsLeftOut,
    Mood,
    MoodChanged,
    OwnerAsked,
    Phase,
    PhaseChanged,
    Reading,
    Snapshot,
)
from omm_desktop.model.report import Grade, Report
from omm_desktop.model.secret import Secrets

from .reports import report, with_contacts
from .test_plan_file import GOOD

PASSWORDS = '{"source": {"password": "hunter2"}, "destination": {"password": "hunter3"}}'
SLOW_DOWN = Problem(ProblemId.ASKED_TO_SLOW_DOWN, Place.DESTINATION)
ARCHIVES = FolderProgress("Archives", "Archives", None, FolderState.DONE, 10, 7, 2, 1)


class ScriptedCopy:
    """Plays events; when told to, waits for `stop` and then ends interrupted."""

    def __init__(
        self,
        events: tuple[Event, ...] = (),
        ends_with: Report | BaseException | None = None,
        until_stopped: bool = False,
        on_sampled: Callable[[], None] = lambda: None,
    ) -> None:
        self.number = 7
        self.events = events
        self.ends_with = ends_with or report(Grade.COMPLETE, failed=())
        self.until_stopped = until_stopped
        self.on_sampled = on_sampled
        self.stopped = threading.Event()

    def run(self, on_event: Callable[[Event], None]) -> Report:
        for event in self.events:
            on_event(event)
        if self.until_stopped:
            assert self.stopped.wait(30)
            return report(Grade.INTERRUPTED)
        if isinstance(self.ends_with, BaseException):
            raise self.ends_with
        return self.ends_with

    def snapshot(self) -> Snapshot:
        self.on_sampled()
        return Snapshot(
            phase=Phase.COPYING,
            mood=Mood.RUNNING,
            items_total=8300,
            items_done=3214,
            bytes_total=4_200_000_000,
            bytes_done=1_600_000_000,
            copied=3214,
            present=0,
            failed=0,
            seconds=100.0,
            remaining=3000.0,
            folders=(),
        )

    def stop(self) -> None:
        self.stopped.set()


class Bench:
    """The command line on streams in memory."""

    def __init__(self, folder: Path) -> None:
        self.plan = folder / "plan.toml"
        self.plan.write_text(GOOD, encoding="utf-8")
        self.stdin = PASSWORDS
        self.copy = ScriptedCopy()
        self.refusal: Exception | None = None
        self.opened: tuple[MigrationPlan, Secrets, Path | None] | None = None
        self.out = io.StringIO()
        self.err = io.StringIO()

    def open_migration(
        self, plan: MigrationPlan, secrets: Secrets, state: Path | None
    ) -> ScriptedCopy:
        self.opened = (plan, secrets, state)
        if self.refusal:
            raise self.refusal
        return self.copy

    def run(self, *more: str) -> int:
        console = Console(io.StringIO(self.stdin), self.out, self.err)
        return main(["migrate", str(self.plan), "--secrets-stdin", *more], self, console)

    @property
    def said(self) -> str:
        return self.out.getvalue() + self.err.getvalue()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture(autouse=True)
def _french(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = language.current()
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    yield
    set_language(before)


@pytest.mark.parametrize(
    ("grade", "status"),
    [
        (Grade.COMPLETE, 0),
        (Grade.COMPLETE_WITH_NOTES, 0),
        (Grade.INCOMPLETE, 1),
        (Grade.INTERRUPTED, 3),
        (Grade.NOT_STARTED, 4),
    ],
)
def test_the_exit_status_follows_the_grade(bench: Bench, grade: Grade, status: int) -> None:
    bench.copy.ends_with = report(grade)
    assert bench.run() == status


def test_the_plan_the_passwords_and_the_place_reach_the_engine(
    bench: Bench, tmp_path: Path
) -> None:
    assert bench.run("--state", str(tmp_path / "state")) == Status.COMPLETE
    assert bench.opened is not None
    plan, secrets, state = bench.opened
    assert plan.source.login == "moi@exemple.fr"
    assert secrets.source.reveal() == "hunter2"
    assert secrets.destination.reveal() == "hunter3"
    assert state == tmp_path / "state"
    assert "hunter" not in bench.said


def test_json_alone_goes_to_standard_output(bench: Bench) -> None:
    bench.copy = ScriptedCopy((PhaseChanged(Phase.COPYING), FolderEnded(ARCHIVES)), report())
    assert bench.run("--json") == Status.SOME_FAILED
    content = json.loads(bench.out.getvalue())
    assert content["grade"] == "incomplete"
    assert content["failed"][0]["code"] == "25-03"
    assert (
        "Archives – copiés\u202f: 7, déjà présents\u202f: 2, non copiés\u202f: 1"
        in bench.err.getvalue()
    )


def test_without_json_a_summary_in_words(bench: Bench) -> None:
    bench.copy.ends_with = report()
    bench.run()
    assert bench.out.getvalue().startswith("8\u202f294\u202fmessages sur 8\u202f295")
    assert "25-03 · Cet élément dépasse la taille acceptée." in bench.out.getvalue()
    assert "25-10 · Des marques" in bench.out.getvalue()


def test_folders_that_get_another_name_are_told(bench: Bench) -> None:
    bench.copy.events = (FoldersRenamed((("clients", "clients (2)"), ("a/b", "a-b"))),)
    bench.run()
    told = "2 dossiers changent de nom.\n    clients → clients (2)\n    a/b → a-b\n"
    assert told in bench.err.getvalue()


def test_a_wait_is_told_with_its_code(bench: Bench) -> None:
    waiting = MoodChanged(Mood.WAITING, SLOW_DOWN, 1_773_321_600.0)
    bench.copy.events = (waiting, MoodChanged(Mood.RUNNING))
    bench.run()
    assert "Le serveur demande d’aller moins vite. Code 27-01" in bench.err.getvalue()
    assert "La copie continuera à" in bench.err.getvalue()


@pytest.mark.parametrize(
    ("system", "told"),
    [("ja_JP.UTF-8", "Everything is copied."), ("de_AT.UTF-8", "Alles ist kopiert.")],
)
def test_english_where_the_system_says_no_language_of_ours(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, system: str, told: str
) -> None:
    monkeypatch.setenv("LANG", system)
    bench.run()
    assert told in bench.out.getvalue()


def test_a_bad_plan_is_named_and_nothing_is_opened(bench: Bench) -> None:
    bench.plan.write_text(GOOD.replace("port = 993", "port = 99999"), encoding="utf-8")
    assert bench.run("--json") == Status.USAGE
    assert "48-03" in bench.err.getvalue()
    assert "destination.port" in bench.err.getvalue()
    assert bench.out.getvalue() == ""
    assert bench.opened is None


def test_a_plan_of_mailboxes_asks_for_passwords(bench: Bench) -> None:
    console = Console(io.StringIO(PASSWORDS), bench.out, bench.err)
    assert main(["migrate", str(bench.plan)], bench, console) == Status.USAGE
    assert "--secrets-stdin" in bench.err.getvalue()
    assert bench.opened is None


def test_a_plan_of_files_asks_for_none(bench: Bench) -> None:
    bench.plan.write_text(
        '[source]\nkind = "file"\npath = "a.pst"\n[destination]\nkind = "files"\npath = "out"\n',
        encoding="utf-8",
    )
    console = Console(io.StringIO(""), bench.out, bench.err)
    assert main(["migrate", str(bench.plan)], bench, console) == Status.COMPLETE
    assert bench.opened is not None


def test_bad_passwords_are_a_usage_error(bench: Bench) -> None:
    bench.stdin = '{"source": "hunter2"}'
    assert bench.run() == Status.USAGE
    assert "hunter2" not in bench.said
    assert bench.opened is None


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["migrate"],
        ["migrate", "plan.toml", "--secrets-stdin", "--password", "hunter2"],
        ["migrate", "plan.toml", "--secrets-stdin", "--password=hunter2"],
        ["migrate", "plan.toml", "--secrets-stdin", "hunter2"],
        ["migrate", "plan.toml", "--secrets"],
    ],
)
def test_bad_usage_ends_with_2_and_repeats_no_value(bench: Bench, arguments: list[str]) -> None:
    console = Console(io.StringIO(PASSWORDS), bench.out, bench.err)
    assert main(arguments, bench, console) == Status.USAGE
    assert "omm-desktop" in bench.err.getvalue()
    assert "hunter2" not in bench.said
    assert bench.opened is None


def test_no_password_is_taken_from_the_environment(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OMM_PASSWORD", "OMM_SOURCE_PASSWORD", "OMM_SECRETS"):
        monkeypatch.setenv(name, PASSWORDS)
    bench.stdin = ""
    assert bench.run() == Status.USAGE


def test_what_prevents_the_start_is_told(bench: Bench) -> None:
    bench.refusal = CannotGoOn(Problem(ProblemId.RECORDS_IN_USE, Place.COMPUTER))
    assert bench.run("--json") == Status.NOT_STARTED
    assert "45-02" in bench.err.getvalue()
    told = json.loads(bench.out.getvalue())
    assert (told["grade"], told["stopped_by"]["code"]) == ("not-started", "45-02")
    assert told["source"] == "moi@exemple.fr"


def test_what_stopped_the_copy_is_told(bench: Bench) -> None:
    stopped_by = Problem(ProblemId.SIGN_IN_REFUSED, Place.SOURCE, subject="imap.exemple.fr")
    bench.copy.ends_with = report(Grade.NOT_STARTED, stopped_by=stopped_by)
    assert bench.run("--json") == Status.NOT_STARTED
    assert "Code 11-01 · Le serveur refuse" in bench.err.getvalue()
    assert "imap.exemple.fr" in bench.err.getvalue()
    assert json.loads(bench.out.getvalue())["stopped_by"]["code"] == "11-01"


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (ZeroDivisionError("hunter2"), "51-01", Status.RESUMABLE),
        (OmmError(SLOW_DOWN), "27-01", Status.RESUMABLE),
    ],
)
def test_an_error_in_the_copy_is_a_code_and_never_a_traceback(
    bench: Bench, error: Exception, code: str, status: Status
) -> None:
    bench.copy.ends_with = error
    assert bench.run("--json") == status
    assert bench.err.getvalue().count(code) == 1
    told = json.loads(bench.out.getvalue())
    assert (told["grade"], told["run"]) == ("interrupted", 7)
    assert told["stopped_by"]["code"] == code
    assert "Traceback" not in bench.said
    assert "hunter2" not in bench.said


def test_a_bug_before_the_copy_is_a_code_too(bench: Bench) -> None:
    bench.refusal = ZeroDivisionError("hunter2")
    assert bench.run("--json") == Status.NOT_STARTED
    assert "51-01" in bench.err.getvalue()
    assert json.loads(bench.out.getvalue())["stopped_by"]["code"] == "51-01"
    assert "Traceback" not in bench.said


def test_ctrl_c_stops_and_leaves_it_resumable(bench: Bench) -> None:
    before = signal.getsignal(signal.SIGINT)
    bench.copy = ScriptedCopy(
        until_stopped=True, on_sampled=lambda: os.kill(os.getpid(), signal.SIGINT)
    )
    bench.copy.on_sampled = once(bench.copy.on_sampled)
    assert bench.run("--json") == Status.RESUMABLE
    assert json.loads(bench.out.getvalue())["grade"] == "interrupted"
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_does_not_wait(bench: Bench) -> None:
    bench.copy = ScriptedCopy(
        until_stopped=True, on_sampled=lambda: os.kill(os.getpid(), signal.SIGINT)
    )
    stop = bench.copy.stop
    bench.copy.stop = lambda: None  # type: ignore[method-assign]
    assert bench.run("--json") == Status.RESUMABLE
    assert json.loads(bench.out.getvalue())["grade"] == "interrupted"
    stop()


def test_when_the_person_is_needed_the_copy_stops(bench: Bench) -> None:
    full = Problem(ProblemId.MAILBOX_FULL, Place.DESTINATION)
    bench.copy = ScriptedCopy((OwnerAsked(full),), until_stopped=True)
    assert bench.run("--json") == Status.RESUMABLE
    assert json.loads(bench.out.getvalue())["stopped_by"]["code"] == "26-01"
    assert "La nouvelle boîte est pleine." in bench.err.getvalue()


def test_on_a_terminal_there_is_a_bar(bench: Bench) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 160))
    terminal = os.fdopen(theirs, "w", encoding="utf-8")
    bench.copy = ScriptedCopy(until_stopped=True)
    bench.copy.on_sampled = bench.copy.stop
    console = Console(io.StringIO(PASSWORDS), bench.out, terminal)
    assert main(["migrate", str(bench.plan), "--secrets-stdin"], bench, console) == 3
    terminal.flush()
    shown = b""
    while select.select([ours], [], [], 0)[0]:
        shown += os.read(ours, 65536)
    terminal.close()
    os.close(ours)
    text = shown.decode()
    assert "Copie 38\u202f% · 3\u202f214 sur 8\u202f300\u202fmessages · 1,6\u202fGo sur 4,2" in text
    assert "Il reste environ 50\u202fminutes" in text
    assert "|" in text


def test_other_kinds_are_called_by_their_name(bench: Bench) -> None:
    contacts = FolderProgress(
        "Contacts", "Kontakte", "contacts", FolderState.DONE, 12, 9, 3, 0, 0, ItemKind.CONTACTS
    )
    refused = Problem(ProblemId.KIND_NOT_ACCEPTED, Place.DESTINATION, "", "tasks")
    told = KindsLeftOut(((ItemKind.TASKS, refused),))
    bench.copy = ScriptedCopy((told, FolderEnded(contacts)), with_contacts())
    assert bench.run() == Status.COMPLETE
    errors = bench.err.getvalue()
    refusal = "Ce genre de contenu n’est pas accepté. Code 28-03"
    assert f"Tâches · {refusal}" in errors
    numbers = "copiés\u202f: 9, déjà présents\u202f: 3, non copiés\u202f: 0"
    assert f"Contacts · Contacts → Kontakte – {numbers}" in errors
    summary = bench.out.getvalue().splitlines()
    mail = "copiés\u202f: 8\u202f000, déjà présents\u202f: 293, non copiés\u202f: 0"
    assert f"    E-mails · {mail}" in summary
    edited = "déjà présents\u202f: 3 (mis à jour\u202f: 0, modifiés depuis\u202f: 1)"
    told = f"copiés\u202f: 9, {edited}, non copiés\u202f: 0"
    assert f"    Contacts · {told}" in summary


def test_lines_tell_a_long_reading_at_once_and_anything_from_time_to_time() -> None:
    moments, told = [0.0], io.StringIO()
    lines = Lines(told, str, lambda: moments[-1])
    copying = ScriptedCopy().snapshot()
    reading = Reading("large.mbox", 500_000_000, 2_000_000_000)
    counting = replace(copying, phase=Phase.COUNTING, reading=reading)
    for moment, snapshot in ((0.2, counting), (0.4, counting), (5, copying), (12, copying)):
        moments.append(moment)
        lines.show(snapshot)
    assert told.getvalue().splitlines() == [
        "Counting · large.mbox: 500 MB of 2 GB read",
        status_line(copying),
    ]


def test_a_copy_under_way_counts_messages_only_where_there_is_nothing_else() -> None:
    plain = ScriptedCopy().snapshot()
    assert "3,214 of 8,300 messages" in status_line(plain)
    task = FolderProgress("T", "T", None, FolderState.DONE, 1, 1, 0, 0, 0, ItemKind.TASKS)
    mixed = replace(plain, folders=(ARCHIVES, task))
    assert "3,214 of 8,300 items" in status_line(mixed)
    assert status_line(replace(mixed, phase=Phase.COUNTING)).endswith("8,300 items")


@pytest.mark.parametrize("gone", ["out", "err"])
def test_a_reader_who_leaves_changes_nothing(bench: Bench, gone: str) -> None:
    bench.copy = ScriptedCopy(
        (PhaseChanged(Phase.COPYING), FolderEnded(ARCHIVES)), report(Grade.INCOMPLETE)
    )
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w", encoding="utf-8") as stream:
        setattr(bench, gone, stream)
        assert bench.run("--json") == Status.SOME_FAILED


def test_which_arguments_are_for_the_command_line() -> None:
    assert is_command(["migrate", "plan.toml"])
    assert is_command(["--help"])
    assert not is_command([])
    assert not is_command(["--masked"])


def once(act: Callable[[], None]) -> Callable[[], None]:
    done: list[bool] = []

    def maybe() -> None:
        if not done:
            done.append(True)
            act()

    return maybe


@pytest.mark.parametrize("command", ["", "migrate", "diagnose", "settings", "undo", "code"])
@pytest.mark.parametrize("system", ["fr_FR.UTF-8", "de_DE.UTF-8"])
def test_help_is_in_one_language(
    command: str,
    system: str,
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LANG", system)
    assert main([*filter(None, [command]), "--help"], bench) == Status.COMPLETE
    told = capsys.readouterr().out
    english = [text for text in (*OF_ARGPARSE, "program's version") if text in told]
    assert english in ([], ["options"])  # which is French as well


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["undo"], "diese Argumente fehlen: N"),
        (["undo", "x"], "N: falscher Wert (int): 'x'"),
        (["undo", "1", "--state"], "--state: ein Wert wird erwartet"),
        (["code", "1", "--language", "tlh"], "passt nicht; möglich: 'fr', 'en'"),
        (["undo", "1", "--secrets-stdin=x"], "es wird kein Wert erwartet: 'x'"),
    ],
)
def test_bad_usage_is_told_in_that_language(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    console = Console(io.StringIO(), bench.out, bench.err)
    assert main(arguments, bench, console) == Status.USAGE
    assert told in bench.err.getvalue()
    assert bench.err.getvalue().startswith("Aufruf: omm-desktop ")
